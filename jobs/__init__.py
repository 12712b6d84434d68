"""What the desk does: plain functions of (ledger, …, now). Knows no Telegram and no SQL."""
