"""Speaks Telegram, HTTP and the command line; wires everything together."""
