"""Agencies' copy, from the bytes that arrive up to a message we understand.

Answers for feeds, deliveries and messages; must not know what a story, a page or a
reader is.
"""
