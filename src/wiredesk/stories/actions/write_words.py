"""Bring a wire message's words onto a story's row."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from wiredesk.lib.slugs import slug_of
from wiredesk.stories.body import blocks_from_html
from wiredesk.stories.models import Story
from wiredesk.stories.words_read import of_columns, of_row, reads_alike
from wiredesk.wire.actions.ensure_builtin_feed import SLUG as BUILTIN
from wiredesk.wire.items import Kind
from wiredesk.wire.models import Message

# Columns that the words of a message fill; an upsert writes these and no others.
WORD_COLUMNS = (
    "headline",
    "subheadline",
    "dateline",
    "body",
    "summary",
    "bylines",
    "language",
    "urgency",
    "source_name",
    "source_address",
    "credit",
    "copyright_notice",
    "usage_terms",
    "canonical",
    "noindex",
    "feed_mode",
    "wire_message",
    "edited_at",
    "latest_revision",
    "live_revision",
    "has_unpublished_changes",
)
_SUMMARY = 300  # characters
_HEADLINE = 90  # characters, of copy that came without one
_OUR_PAGE = "self"
_STORY = str(Kind.STORY)
_PREPARED = "_prepared_words"
_ADDRESS = re.compile(r"://|\bwww\.|@")


def prepare_words(messages: Iterable[Message]) -> None:
    """Work out the words of new messages before anybody waits for the database."""
    for message in messages:
        if message.kind == _STORY:
            message.__dict__[_PREPARED] = _columns(message)


def words_of(message: Message) -> dict[str, Any]:
    """Give the columns that ``message`` fills, within their lengths.

    Rights and lines the item doesn't state are the feed's, as its policy was frozen.
    """
    # Taken out: whoever gets them may change them.
    prepared: dict[str, Any] | None = message.__dict__.pop(_PREPARED, None)
    return _columns(message) if prepared is None else prepared


def _columns(message: Message) -> dict[str, Any]:
    item, policy = message.item, message.policy
    text = item.get("body_text") or ""
    # A slugline is the newsroom's own word, never a headline.
    headline = item.get("headline") or opening(text, _HEADLINE) or message.guid
    return {
        "headline": headline[:400],
        "subheadline": (item.get("subheadline") or "")[:600],
        "dateline": (item.get("dateline") or "")[:200],
        "body": blocks_from_html(item.get("body_html") or "", _name(message)),
        "summary": opening(text, _SUMMARY),
        "bylines": list(item.get("bylines") or ()),
        "language": (item.get("language") or "en")[:35],
        "urgency": item.get("urgency"),
        "source_name": name_of_source(message)[:200],
        "source_address": _address(item)[:1000],
        "credit": (item.get("credit") or policy.get("credit") or "")[:300],
        "copyright_notice": item.get("copyright_notice")
        or policy.get("copyright_notice")
        or "",
        "usage_terms": item.get("usage_terms") or "",
        "canonical": policy.get("canonical") or _OUR_PAGE,
        "noindex": bool(policy.get("noindex")),
        "feed_mode": policy.get("feed_mode") or "full",
    }


def tombstone_words(message: Message) -> dict[str, Any]:
    """Give the columns of a story that was killed before it came: a name, no words."""
    words = words_of(message)
    return {**words, "body": [], "summary": "", "subheadline": "", "bylines": []}


def bring(
    story: Story,
    words: dict[str, Any],
    message: Message,
    edited_at: datetime | None = None,
) -> bool:
    """Set ``words`` on ``story``; tells whether a reader would see other words.

    ``edited_at`` is when the desk made the changes that are in ``words``, if any.
    """
    is_new = story._state.adding
    changed = is_new or not reads_alike(of_row(story), of_columns(words))
    for column, value in words.items():
        setattr(story, column, value)
    story.wire_message_id = message.pk
    story.edited_at = edited_at
    if not story.has_unpublished_changes:
        # An old revision must not be what the editor's form opens on.
        story.latest_revision_id = None
        story.live_revision_id = None
    return changed


def set_address(story: Story, zone: ZoneInfo) -> None:
    """Give the address of first publication: the station's date, the headline, the id.

    Called again while nobody has seen the story; afterwards it is frozen.
    """
    story.slug = slug_of(story.headline, fallback="story")
    at: datetime | None = story.published_at
    if at is None:
        story.path = None
        return
    try:
        day = at.astimezone(zone)
    except OverflowError:
        day = at  # an embargo at the end of time
    story.path = f"/{day:%Y/%m/%d}/{story.slug}-{story.pk}/"


def name_of_source(message: Message) -> str:
    """Give the agency's name as readers know it; empty where nobody says one.

    The feed's name is the newsroom's choice; copy of another source that came with the
    feed, and copy taken by hand, has only what it says of itself.
    """
    feed = message.feed
    if message.source == BUILTIN:
        return _says_of_itself(message.item)
    if message.source == feed.source:
        return message.policy.get("name") or feed.name
    return message.item.get("source") or message.source


def _says_of_itself(item: dict[str, Any]) -> str:
    said = (item.get(name) for name in ("credit", "source", "copyright_holder"))
    return next((name for name in said if name and not _ADDRESS.search(name)), "")


def _name(message: Message) -> str:
    return f"{message.source}\n{message.guid}"


def opening(text: str, most: int) -> str:
    """Give the first paragraph, cut at a word where it is longer than ``most``."""
    first = text.partition("\n\n")[0].strip()
    if len(first) <= most:
        return first
    return first[:most].rpartition(" ")[0].rstrip(" ,;:\u2013\u2014-") + "…"


def _address(item: dict[str, Any]) -> str:
    """Give the item's page at its source, where a link says so."""
    for link in item.get("links") or ():
        rel, address = link.get("rel") or "", link.get("guid") or ""
        if rel in ("canonical", "alternate", "via") and address.startswith(
            ("https://", "http://")
        ):
            return str(address)
    return ""
