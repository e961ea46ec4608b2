"""What a reader typed, understood: words, "phrases", -exclusions. Never an error."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from wiredesk.lib.text import printable

LONGEST = 200  # characters of a query that are looked at
MOST_TERMS = 12

# What a search engine takes for a letter or digit; the underscore is none.
_WORD = re.compile(r"[^\W_]+")
# Quotation marks of several languages, as phones and editors type them.
_QUOTES = str.maketrans(
    dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02", '"')
)
_TERM = re.compile(
    # a minus only where a term begins: e-mail is one word, not "e" without "mail"
    r"(?P<minus>(?:(?<=\s)|^)[-\u2212\u2013])?"
    r'(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))'
)
_PRIVATE = re.compile("[\ue000-\uf8ff]")


@dataclass(frozen=True, slots=True)
class Term:
    """One word, or several that must stand in a row.

    ``text`` is as typed, for an engine that splits and folds text as it did when it
    read the story; ``words`` are split and folded by us.
    """

    text: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """Terms that must and must not occur."""

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.wanted or self.unwanted)


def parse(text: str) -> Query:
    """Give what the reader's text asks for; any text is a query, if an empty one.

    Words must all occur; a word with something between (``don't``, ``e-mail``) is a
    phrase; a minus sign before a term excludes it; a quote left open ends with the text.
    Only the first ``LONGEST`` characters and ``MOST_TERMS`` terms count.
    """
    text = without_marks(text[:LONGEST]).translate(_QUOTES)
    wanted: dict[tuple[str, ...], Term] = {}
    unwanted: dict[tuple[str, ...], Term] = {}
    for match in _TERM.finditer(text):
        term = match["phrase"] or match["word"] or ""
        words = tuple(words_of(term))
        if words:
            into = unwanted if match["minus"] else wanted
            into[words] = Term(term, words)
        if len(wanted) + len(unwanted) == MOST_TERMS:
            break
    return Query(tuple(wanted.values()), tuple(unwanted.values()))


def without_marks(text: str) -> str:
    """Give the text without what is kept for the filters' own marks."""
    text = printable(text)
    return text if text.isascii() else _PRIVATE.sub("", text)


def words_of(text: str) -> list[str]:
    """Give the words of the text, small letters, without accents."""
    return _WORD.findall(fold(text))


def fold(text: str) -> str:
    """Give the text in small letters and without accents: Ärger is found by arger."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text)
    return "".join(c for c in parts if not unicodedata.combining(c)).lower()
