"""Small tools without a domain word: html cleaning, safe outbound http, clock, text.

Must not know what a story, a feed or a reader is.
"""
