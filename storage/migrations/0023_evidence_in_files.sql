-- New evidence may be a photo or document; the file stays with Telegram.
ALTER TABLE objections ADD COLUMN file_kind TEXT CHECK (file_kind IN ('photo', 'document'));
ALTER TABLE objections ADD COLUMN file_id TEXT CHECK ((file_id IS NULL) = (file_kind IS NULL));
