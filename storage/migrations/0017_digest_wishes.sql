-- A digest may tell of claims in some languages or with some tags only, begin with words of an editor, and have its
-- sections in another order.
ALTER TABLE subscriptions ADD COLUMN languages TEXT NOT NULL DEFAULT '[]';
ALTER TABLE subscriptions ADD COLUMN topics TEXT NOT NULL DEFAULT '[]';
ALTER TABLE subscriptions ADD COLUMN intro TEXT CHECK (intro <> '');
ALTER TABLE subscriptions ADD COLUMN arranged TEXT NOT NULL DEFAULT '[]';
UPDATE digests SET content = json_set(content, '$.only', json('{"languages":[],"topics":[]}'), '$.intro', NULL);
UPDATE outbox SET payload = json_set(payload, '$.content.only', json('{"languages":[],"topics":[]}'),
  '$.content.intro', NULL)
WHERE kind = 'digest_previewed' AND state IN ('queued', 'sending');
-- Channels are named by people as @name.
ALTER TABLE chats ADD COLUMN username TEXT CHECK (username <> '');
