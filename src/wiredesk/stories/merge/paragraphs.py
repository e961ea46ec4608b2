"""A body as its paragraphs, and what makes two of them the same.

A paragraph is any outermost element: a heading, a list, a table or a picture too. The
desk's editor and two versions of one agency write the same paragraph in different
bytes, so they are compared by what they say and how it is set, never by their bytes.
"""

from __future__ import annotations

import html as html_entities
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from unicodedata import normalize

from wiredesk.stories.elements import TAG, VOID, top_level_elements
from wiredesk.stories.merge.rows import rows_of
from wiredesk.stories.merge.words import Bag, bag_of, words

_EMPHASIS = {"b": "strong", "strong": "strong", "i": "em", "em": "em"}
_INLINE = frozenset(
    {"a", "abbr", "cite", "code", "q", "sub", "sup", "span", "u", "s", "wbr"}
    | set(_EMPHASIS)
)
# The editor gives each paragraph a key of its own at every saving.
_NOBODY_TYPED = frozenset({"data-block-key"})
_ATTRIBUTE = re.compile(
    r"""([^\s=/"'<>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""",
)
# A line or an embedded picture between paragraphs stands for itself.
_STANDS_ALONE = re.compile(
    r"""\s*<(?:hr|img|embed)\b(?:"[^"]*"|'[^']*'|[^'">])*>""", re.IGNORECASE
)
_BLANK_SIGNS = " \t\r\n\f"
_BLANKS = re.compile(f"[{_BLANK_SIGNS}]+")
_PREFORMATTED = "pre"

Key = tuple[str, ...]


@dataclass(frozen=True)
class Paragraph:
    """One outermost element of a body, its bytes kept."""

    html: str

    @cached_property
    def key(self) -> Key:
        """What is compared: the text and its markup, without what nobody typed."""
        return _KeyReader(self.html).key()

    @cached_property
    def bag(self) -> Bag:
        """The words, whatever their order and markup."""
        return bag_of(word for row in rows_of(self.html) for word in words(row.text))


def paragraphs_of(html: str) -> list[Paragraph]:
    """Give the paragraphs of well-formed HTML; joined, they are ``html``.

    Blanks go with the paragraph after them, or with the last. HTML of nothing but
    blanks has no paragraph.
    """
    pieces: list[str] = []
    for element in top_level_elements(html):
        place = 0
        while alone := _STANDS_ALONE.match(element, place):
            pieces.append(alone.group())
            place = alone.end()
        if place < len(element):
            pieces.append(element[place:])
    if pieces and not pieces[-1].strip():
        blanks = pieces.pop()
        pieces[-1:] = [piece + blanks for piece in pieces[-1:]]
    return [Paragraph(piece) for piece in pieces]


def key_of_line(text: str) -> Key:
    """Give what is compared of a line of plain text, e.g. a headline."""
    return (_BLANKS.sub(" ", normalize("NFC", text)).strip(" "),)


class _KeyReader:
    """Writes an element as a list of runs of text, each with its style, and of tags.

    Bold and italics are a run's style, because their order, their halves and their
    names (``b``, ``strong``) are the editor's whim, and so are the blanks at their edge.
    """

    def __init__(self, html: str) -> None:
        self.html = html
        self.tokens: list[str] = []
        # The runs since the last tag, each with its style.
        self.runs: list[tuple[str, str]] = []
        self.after_break = True
        self.emphasis: list[str] = []
        self.preformatted = 0

    def key(self) -> Key:
        place = 0
        for tag in TAG.finditer(self.html):
            self._text(self.html[place : tag.start()])
            self._tag(tag)
            place = tag.end()
        self._text(self.html[place:])
        self._end_runs(at_break=True)
        return tuple(self.tokens)

    def _text(self, source: str) -> None:
        if not source:
            return
        text = html_entities.unescape(source)
        if self.preformatted:
            self.runs.append((_PREFORMATTED, text))
        else:
            self.runs.append(("+".join(sorted(set(self.emphasis))), text))

    def _end_runs(self, *, at_break: bool) -> None:
        runs = _merged(_without_emphatic_blanks(_merged(self.runs)))
        self.runs = []
        for number, (style, text) in enumerate(runs, start=1):
            run = normalize("NFC", text)
            if style != _PREFORMATTED:
                run = _BLANKS.sub(" ", run)
                run = run.lstrip(" ") if self.after_break else run
                run = run.rstrip(" ") if at_break and number == len(runs) else run
            if run:
                self.tokens.append(f"{style}:{run}")
                self.after_break = False

    def _tag(self, tag: re.Match[str]) -> None:
        name = tag.group(2).lower()
        attributes = _attributes(tag)
        if name in _EMPHASIS and self._is_style(name, tag.group(1), attributes):
            return
        at_break = name not in _INLINE
        self._end_runs(at_break=at_break)
        closing = "/" if tag.group(1) and name not in VOID else ""
        self.tokens.append(f"<{closing}{_EMPHASIS.get(name, name)}{attributes}>")
        self.after_break = self.after_break or at_break
        if name == "pre":
            self.preformatted = max(0, self.preformatted + (-1 if closing else 1))

    def _is_style(self, name: str, closing: str, attributes: str) -> bool:
        if attributes:
            self.emphasis.append("")
            return False
        if not closing:
            self.emphasis.append(_EMPHASIS[name])
            return True
        return bool(self.emphasis and self.emphasis.pop())


def _merged(runs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [
        (style, "".join([text for _, text in same]))
        for style, same in groupby(runs, key=itemgetter(0))
    ]


def _without_emphatic_blanks(
    runs: Iterable[tuple[str, str]],
) -> Iterator[tuple[str, str]]:
    for style, text in runs:
        core = text.strip(_BLANK_SIGNS)
        if not style or style == _PREFORMATTED:
            yield style, text
        elif not core:
            yield "", text
        else:
            first = text.index(core)
            yield "", text[:first]
            yield style, core
            yield "", text[first + len(core) :]


def _attributes(tag: re.Match[str]) -> str:
    source = tag.group()[len(tag.group(1)) + len(tag.group(2)) + 1 : -1]
    found = {
        name.lower(): html_entities.unescape(value.strip("\"'"))
        for name, value in _ATTRIBUTE.findall(source)
        if name.lower() not in _NOBODY_TYPED
    }
    return "".join(f" {name}={value!r}" for name, value in sorted(found.items()))
