-- Where a message was shown is asked of its row of the outbox: for the link to a post, and for an edit of it.
CREATE INDEX sent_messages_by_outbox ON sent_messages (outbox_id);
