-- Where a message was shown is asked of its row of the outbox: for the link to a post, and for an edit of it.
CREATE INDEX sent_messages_by_outbox ON sent_messages (outbox_id);
-- Who was asked in which chat for the first words of a digest: their next text there is the answer.
CREATE TABLE intros_asked (
  person_id INTEGER PRIMARY KEY REFERENCES people (id),
  subscription_id INTEGER NOT NULL REFERENCES subscriptions (id),
  chat_id INTEGER NOT NULL,
  thread_id INTEGER,
  message_id INTEGER NOT NULL,
  since TEXT NOT NULL
) STRICT;
