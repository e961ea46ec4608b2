"""Whether an answer still shows a story: pure reading of what came back."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from wiredesk.delivery.surfaces import Expects

_TAG = re.compile(r"<[^<>]*>")
_SPACE = re.compile(r"\s+")
# A shorter headline ("Weather") may stand in a menu and proves nothing.
SHORTEST_HEADLINE = 15
PASSAGE = 60  # characters of a paragraph's beginning that are looked for
_SHORTEST_PASSAGE = 30
_MOST_PASSAGES = 50
GONE = (404, 410)


@dataclass(frozen=True, slots=True)
class Traces:
    """What of a story must not be found: its path, its headline, its text's beginnings.

    ``others`` gives the headlines of public stories that hold this one's, as bare words.
    It is asked where the headline was found.
    """

    path: str
    headline: str
    passages: Sequence[str] = ()
    what: str = "story"
    others: Callable[[], Sequence[str]] = tuple


def traces_of(
    path: str | None,
    headline: str,
    body: Sequence[str],
    others: Callable[[], Iterable[str]] = tuple,
) -> Traces:
    """Give the traces of a story; ``body`` are its paragraphs as plain text.

    ``others`` gives headlines of public stories among which are all that hold this one's.
    """
    title = _flat(headline)
    passages = [
        flat[:PASSAGE]
        for flat in map(_flat, body[:_MOST_PASSAGES])
        if len(flat) >= _SHORTEST_PASSAGE
    ]
    return Traces(
        path or "",
        title if len(title) >= SHORTEST_HEADLINE else "",
        passages,
        # The longest first: a shorter one may be part of it.
        others=cache(lambda: sorted(map(_flat, others()), key=len, reverse=True)),
    )


def lack(expects: Expects, traces: Traces, status: int, body: bytes) -> str:
    """Give why the answer doesn't prove that the story is gone; empty where it does."""
    if expects is Expects.GONE:
        if status not in GONE:
            return f"It answered {status}."
        return _words_left(traces, body)
    if status not in (200, *GONE):
        return f"It answered {status}."
    if traces.path and traces.path.encode() in body:
        return f"It links to the {traces.what}."
    # Not the text: the agency may have sent its words again in another story.
    if expects is Expects.UNLISTED and _shows_headline(traces, body):
        return "It shows the headline."
    return ""


def _words_left(traces: Traces, body: bytes) -> str:
    if _shows_headline(traces, body):
        return "It shows the headline."
    text = _flat(body.decode("utf-8", "replace"))
    if any(passage in text for passage in traces.passages):
        return "It shows words of the text."
    return ""


def _shows_headline(traces: Traces, body: bytes) -> bool:
    if not traces.headline:
        return False
    text = _flat(body.decode("utf-8", "replace"))
    if traces.headline not in text:
        return False
    # "Storm hits coast" isn't shown by "Storm hits coast, ferries stay in port".
    for other in traces.others():
        text = text.replace(other, " ")
    return traces.headline in text


def _flat(text: str) -> str:
    """Give the bare words: no markup, entities read, one blank between words.

    Feeds carry HTML as text, so it is read twice.
    """
    for _turn in range(2):
        text = html.unescape(_TAG.sub(" ", text))
    return _SPACE.sub(" ", _TAG.sub(" ", text)).strip().casefold()
