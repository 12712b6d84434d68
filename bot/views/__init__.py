"""Pure: facts and a language in, text and buttons out."""
