"""SQLite as Django has it, saying when a transaction is about to end."""
