"""The page store: public answers kept whole, and dropped the moment they stop being true.

It knows addresses, surrogate keys and bytes. It must not know what a page says or who
asks: whatever it isn't sure of goes on to Django.
"""
