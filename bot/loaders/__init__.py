"""One loader per kind of message: it reads the facts, and returns what makes the message of them."""
