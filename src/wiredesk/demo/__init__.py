"""The demo newsroom: an invented station, its three agencies, their copy and pictures.

Answers for content alone, as plain data and the bytes agencies would send; must not
know how a delivery is taken, how a story is published, or what a page looks like.
"""
