"""A story's words as they are merged: taken from a row or a message, and put back.

A picture that an editor put between paragraphs takes part in the merge as an element
of its own; the wire's cleaned HTML can hold none like it.
"""

from __future__ import annotations

import html as html_entities
import json
import re
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from wiredesk.stories.body import Block, blocks_from_html
from wiredesk.stories.merge.three_way import (
    Choice,
    Merged,
    Outcome,
    Words,
    merge,
    resolve,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wiredesk.stories.models import Story

PICTURE = re.compile(r'<embed data-block="([^"]*)">')


@dataclass(frozen=True, slots=True)
class DeskWords:
    """All words of a story that an editor can change.

    ``bylines`` and ``language`` have no paragraphs to compare: the desk's stand where
    it changed them, else the wire's.
    """

    words: Words
    bylines: tuple[str, ...] = ()
    language: str = "en"

    def as_json(self) -> dict[str, Any]:
        """Give plain JSON, which ``from_json`` reads."""
        return {
            **asdict(self.words),
            "bylines": list(self.bylines),
            "language": self.language,
        }

    def as_columns(self, name: str) -> dict[str, Any]:
        """Give the columns of a story's row; ``name`` as for ``blocks_from_html``."""
        return {
            "headline": self.words.headline,
            "subheadline": self.words.subheadline,
            "dateline": self.words.dateline,
            "summary": self.words.summary,
            "body": blocks_of(self.words.body_html, name),
            "bylines": list(self.bylines),
            "language": self.language,
        }


def from_json(plain: Mapping[str, Any]) -> DeskWords:
    """Give what ``as_json`` wrote."""
    rest = {"bylines", "language"}
    words = {key: value for key, value in plain.items() if key not in rest}
    return DeskWords(Words(**words), tuple(plain["bylines"]), plain["language"])


def of_columns(columns: Mapping[str, Any]) -> DeskWords:
    """Give the words of a row's columns; the body as raw blocks."""
    return DeskWords(
        Words(
            headline=columns["headline"],
            subheadline=columns["subheadline"],
            dateline=columns["dateline"],
            body_html=html_of(columns["body"]),
            summary=columns["summary"],
        ),
        tuple(columns["bylines"]),
        columns["language"],
    )


def of_story(story: Story) -> DeskWords:
    """Give the words of a story's row, or of a version of it."""
    block = story._meta.get_field("body").stream_block
    columns = {
        name: getattr(story, name)
        for name in (
            "headline",
            "subheadline",
            "dateline",
            "summary",
            "bylines",
            "language",
        )
    }
    return of_columns({**columns, "body": block.get_prep_value(story.body)})


@lru_cache(maxsize=128)
def merged(base: DeskWords, wire: DeskWords, ours: DeskWords) -> Merged:
    """Merge what can be merged by paragraph; the same question is asked again and again."""
    return merge(base=base.words, wire=wire.words, ours=ours.words)


def combine(
    base: DeskWords,
    wire: DeskWords,
    ours: DeskWords,
    choices: Mapping[int, Choice] | None = None,
) -> DeskWords:
    """Give the merged words; raises ``NotChosenError`` where a choice is missing."""
    return DeskWords(
        resolve(merged(base, wire, ours), choices),
        ours.bylines if ours.bylines != base.bylines else wire.bylines,
        ours.language if ours.language != base.language else wire.language,
    )


def is_changed(base: DeskWords, ours: DeskWords) -> bool:
    """Tell whether ``ours`` says anything else than ``base``, or says it otherwise."""
    if (base.bylines, base.language) != (ours.bylines, ours.language):
        return True
    return base.words != ours.words and any(
        segment.outcome is not Outcome.UNCHANGED
        for segment in merged(base, base, ours).segments
    )


def html_of(blocks: Iterable[Mapping[str, Any] | None]) -> str:
    """Give a body's raw blocks as one HTML, from which ``blocks_of`` makes them again."""
    return "".join([_html_of_block(block) for block in blocks if block is not None])


def blocks_of(html: str, name: str) -> list[dict[str, Any]]:
    """Give HTML as raw blocks, pictures as blocks of their own."""
    if "<embed" not in html:
        return list[dict[str, Any]](blocks_from_html(html, name))
    blocks: list[dict[str, Any]] = []
    # Text and pictures take turns: text, picture, text.
    for place, piece in enumerate(PICTURE.split(html)):
        if place % 2:
            blocks.append(json.loads(html_entities.unescape(piece)))
        else:
            part = f"{name}\n{place}" if place else name
            found: list[Block] = blocks_from_html(piece, part)
            blocks.extend(found)
    return blocks


def _html_of_block(block: Mapping[str, Any]) -> str:
    if block["type"] in ("text", "locked"):
        return str(block["value"])
    plain = json.dumps(dict(block), sort_keys=True)
    return f'<embed data-block="{html_entities.escape(plain)}">'
