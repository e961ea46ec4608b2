"""Django's own databases, but for this: they say when a transaction is about to end.

Django tells of a commit only once it is over. ``committing`` comes before it.
"""
