"""The kill certificate: what happened to a story that went dark, with the evidence.

Answers for saying what is proved and what isn't; must not prove anything itself.
"""
