"""Proof that what went dark is gone: every address asked until it is.

Answers for nothing being called gone that an answer didn't show; must not take down.
"""
