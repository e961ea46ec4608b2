"""What people read: stories, where they stand, and what the desk does with them.

Answers for stories, standing, placements, authors, sections and pictures; must not know
who a reader is, nor on which surface a story shows.
"""
