"""Puts the parts together on a page: templates, look, words, public addresses.

Owns how it looks and reads; must not decide what may be shown, nor write anything.
"""
