"""A line of text as the words a reader sees, in any script.

Two words are the same where a reader would not see a difference: curly or straight
quotes, a long or a short dash, a space that doesn't break, a letter in one or two code
points.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from unicodedata import normalize

# Written without spaces between words: each sign (with its marks) is compared alone.
_NO_SPACES = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u0f00-\u0fff"  # Tibetan
    "\u1000-\u109f"  # Burmese
    "\u1780-\u17ff"  # Khmer
    "\u3005-\u3007\u3031-\u3035\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # Japanese
    "\u3100-\u312f\u31a0-\u31bf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # Chinese
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
# Soft hyphens, zero-width spaces and marks of direction. The joiners (U+200C, U+200D)
# are letters' business in Persian and Hindi, and stay.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
_SAME = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u2039\u203a`\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        "\u2026": "...",
    }
)

Bag = frozenset[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Word:
    """A word, a sign or a mark of punctuation, with the blanks after it."""

    text: str
    key: str

    @property
    def is_punctuation(self) -> bool:
        """Whether it is a mark between words, not a word, a number or a symbol."""
        return unicodedata.category(self.key[0]).startswith("P")


def words(line: str) -> list[Word]:
    """Give the words of a line; their texts, joined, are the line without its margins.

    Marks that nobody sees are left out.
    """
    line = normalize("NFC", _INVISIBLE.sub("", line)).strip()
    return [
        Word(found.group(), _same(found.group(1)))
        for found in _pattern().finditer(line)
    ]


def bag_of(found: Iterable[Word]) -> Bag:
    """Give the words whatever their order, each with the number of its occurrence.

    Punctuation is left out. As a set, because two sets are compared fast.
    """
    seen: Counter[str] = Counter()
    bag: set[tuple[str, int]] = set()
    for word in found:
        if not word.is_punctuation:
            bag.add((word.key, seen[word.key]))
            seen[word.key] += 1
    return frozenset(bag)


def _same(word: str) -> str:
    key = word.translate(_SAME)
    return {"--": "-", "---": "-", "''": '"'}.get(key, key)


@cache
def _pattern() -> re.Pattern[str]:
    mark = f"[{_marks()}\u200c\u200d]"
    letter = rf"(?:(?![{_NO_SPACES}])[^\W]{mark}*)"
    return re.compile(
        # A number with its points and commas, a word with its apostrophes.
        rf"({letter}(?:{letter}|(?<=\d)[.,:/](?=\d)|['\u2019\u02bc](?=[^\W\d_]))*"
        rf"|[{_NO_SPACES}]{mark}*"
        r"|-{2,3}|\.\.\.|''|``"
        # Flags are pairs; an emoji has shades and is joined to others.
        r"|[\U0001f1e6-\U0001f1ff]{2}"
        rf"|\S(?:[\U0001f3fb-\U0001f3ff]|\u200d\S|{mark})*)"
        r"\s*"
    )


@cache
def _marks() -> str:
    r"""Give the signs that sit on a letter, as a regular expression's ranges.

    ``\w`` has none of them, and would cut a Hindi word at each vowel.
    """
    ranges: list[str] = []
    start = last = -2
    for code in range(0x300, min(0x1F000, sys.maxunicode)):
        if unicodedata.category(chr(code))[0] != "M":
            continue
        if code != last + 1:
            ranges += [_range(start, last)] if start > 0 else []
            start = code
        last = code
    return "".join([*ranges, _range(start, last)])


def _range(start: int, last: int) -> str:
    return f"{chr(start)}-{chr(last)}"
