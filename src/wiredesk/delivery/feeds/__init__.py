"""RSS 2.0, Atom and JSON Feed for a site, its sections, topics and authors.

Answers for feeds giving of each story what its contract allows, and only while public.
"""
