"""Everything that goes out: surfaces, feeds, public search, page store, purge.

Answers for every surface agreeing with a story's standing; must not write a story.
"""
