"""The marks by which a search is narrowed: to a site, a section, a topic.

A mark is one word of the index that begins with a private character, which is taken out
of every text and query: no headline can pretend to be one. It ends in a digit, so that
no stemmer shortens it.
"""

from __future__ import annotations

import zlib

MARK = "\ue000"
ALL = f"{MARK}all0"


def site_mark(number: int) -> str:
    """Give the mark of stories placed on a site."""
    return f"{MARK}site{number}"


def section_mark(number: int) -> str:
    """Give the mark of stories placed in a section."""
    return f"{MARK}section{number}"


def topic_mark(number: int) -> str:
    """Give the mark of stories about a topic."""
    return f"{MARK}topic{number}"


def author_mark(number: int) -> str:
    """Give the mark of an author's stories."""
    return f"{MARK}author{number}"


def source_mark(source: str) -> str:
    """Give the mark of stories from a wire source."""
    return f"{MARK}source{zlib.crc32(source.encode()):010d}"
