"""A story's words as a reader meets them, and whether two sets of them read alike.

What decides when a story says that it was updated, and what its history shows. Markup,
a link's address, the shape of quotation marks and everything beside the text are not
words.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from wiredesk.stories.elements import TAG
from wiredesk.stories.merge.word_diff import is_words_changed
from wiredesk.stories.merge.words import words

if TYPE_CHECKING:
    from wiredesk.stories.models import Story

# An apostrophe that counts as a letter is the same as one that doesn't.
_NO_LETTERS = re.compile("[\\W_\u02bc]+")
_LINES = ("headline", "subheadline", "dateline")


@dataclass(frozen=True, slots=True)
class WordsRead:
    """What a reader reads of a story; ``body`` is well-formed HTML."""

    headline: str = ""
    subheadline: str = ""
    dateline: str = ""
    bylines: tuple[str, ...] = ()
    body: str = ""

    def as_json(self) -> dict[str, Any]:
        """Give plain JSON, which ``from_json`` reads."""
        return asdict(self)


def from_json(plain: Mapping[str, Any]) -> WordsRead:
    """Give what ``as_json`` wrote."""
    return WordsRead(**{**plain, "bylines": tuple(plain["bylines"])})


def of_row(story: Story) -> WordsRead:
    """Give the words on a story's row."""
    return _words(
        {name: getattr(story, name) for name in (*_LINES, "bylines")},
        story.body.raw_data,
    )


def of_columns(columns: Mapping[str, Any]) -> WordsRead:
    """Give the words that these columns would bring to a row; the body as raw blocks."""
    return _words(columns, columns["body"])


def reads_alike(one: WordsRead, other: WordsRead) -> bool:
    """Tell whether a reader would see the same words in both."""
    return (
        one.bylines == other.bylines
        and all(
            _is_same_line(getattr(one, name), getattr(other, name)) for name in _LINES
        )
        and _is_same_text(one.body, other.body)
    )


def _words(
    columns: Mapping[str, Any], blocks: Iterable[Mapping[str, Any] | None]
) -> WordsRead:
    return WordsRead(
        **{name: columns[name] for name in _LINES},
        bylines=tuple(str(name) for name in columns["bylines"] or ()),
        body="".join([_html(block["value"]) for block in blocks if block is not None]),
    )


def _html(value: object) -> str:
    """Give a block's words: of a picture between paragraphs its caption."""
    if isinstance(value, Mapping):
        caption = html.escape(str(value.get("caption") or ""))
        return f"<figcaption>{caption}</figcaption>" if caption else ""
    return str(value or "")


def _is_same_text(one: str, other: str) -> bool:
    # Reading HTML as a reader does is dear, and nearly every update has other letters.
    return one == other or (
        _letters(one) == _letters(other) and not is_words_changed(one, other)
    )


def _letters(body: str) -> str:
    """Give letters and digits alone: where these differ, words do."""
    return _NO_LETTERS.sub("", normalize("NFC", html.unescape(TAG.sub("", body))))


def _is_same_line(one: str, other: str) -> bool:
    return one == other or [word.key for word in words(one)] == [
        word.key for word in words(other)
    ]
