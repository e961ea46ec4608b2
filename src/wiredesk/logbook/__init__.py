"""Append-only and hash-chained: who did what to which thing, when; and what is wrong.

Answers for entries, their seals and the desk's alarms; must not know what a thing is.
"""
