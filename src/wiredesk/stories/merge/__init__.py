"""Two texts of one story laid side by side: what each changed, and what to ask.

Answers for merging an editor's changes with the wire's next version, and for the
differences a reader is shown; must not know a database, a form or a page.
"""
