"""Names, words and defaults that changed with the Postfix version."""
