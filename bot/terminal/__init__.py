"""What the `factdesk` command does and prints. Words for a terminal are English; those for chats live in bot/views."""
