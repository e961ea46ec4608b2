"""One folder that brings a newsroom back: its database, its originals, its pictures.

Answers for taking it while the site runs, proving it, and putting it back with what the
journal knows since; must not know what a story is beyond the actions that it calls.
"""
