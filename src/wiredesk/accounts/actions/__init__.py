"""Verbs on accounts: the only code that writes them."""
