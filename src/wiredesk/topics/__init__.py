"""What stories are about: the vocabulary, and the rules that tie copy to it.

Answers for topics and their codes; must not know what a message or a story is.
"""
