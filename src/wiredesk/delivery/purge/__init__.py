"""Outside caches: the keys under which answers are kept there, and who is told to drop.

Answers for no purge being lost; must not decide what is gone, only hear of it.
"""
