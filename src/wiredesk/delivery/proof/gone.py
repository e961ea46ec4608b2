"""Whether an answer still shows a story: pure reading of what came back."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from wiredesk.delivery.surfaces import Expects

_TAG = re.compile(r"<[^<>]*>")
_SPACE = re.compile(r"\s+")
# Written in no other way, but for capitals and references by number.
_PLAIN_WORD = re.compile(r"[A-Za-z0-9]{4,}")
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
    words: Sequence[bytes] = ()  # of the headline, in small letters
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
        words=[word.lower().encode() for word in _PLAIN_WORD.findall(headline)],
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
    text = _text_of(body)
    if any(passage in text for passage in traces.passages):
        return "It shows words of the text."
    return ""


def _shows_headline(traces: Traces, body: bytes) -> bool:
    if not traces.headline:
        return False
    # A long feed's text is dear to read; most have not even all of the words.
    lowered = body.lower()
    if b"&#" not in lowered and any(word not in lowered for word in traces.words):
        return False
    text = _text_of(body)
    if traces.headline not in text:
        return False
    # "Storm hits coast" isn't shown by "Storm hits coast, ferries stay in port".
    for other in traces.others():
        text = text.replace(other, " ")
    return traces.headline in text


def forget_texts() -> None:
    """Forget what was read of answers, once all that they might prove was judged."""
    _text_of.cache_clear()


@lru_cache(maxsize=32)
def _text_of(body: bytes) -> str:
    """Give an answer's bare words; the same answers are read for all that was killed."""
    return _flat(body.decode("utf-8", "replace"))


def _flat(text: str) -> str:
    """Give the bare words: no markup, entities read, one blank between words.

    Feeds carry HTML as text, so it is read twice.
    """
    for _turn in range(2):
        text = html.unescape(_TAG.sub(" ", text))
    return _SPACE.sub(" ", _TAG.sub(" ", text)).strip().casefold()
