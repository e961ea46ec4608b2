"""The kill drill: a made-up story is published and killed, and every surface watched.

Answers for using the same ways as real copy; must not leave anything for readers.
"""
