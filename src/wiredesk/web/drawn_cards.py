"""Cards drawn once: the HTML of one is kept by all that is printed in it.

A list has dozens of them, of which one is new. Nothing has to end what is kept here: of
another headline, picture or place the card is another one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils import timezone, translation

from wiredesk.lib.truth import answering, true_until
from wiredesk.web.pictures import Shown

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.safestring import SafeString

    from wiredesk.web.cards import Card
    from wiredesk.web.frame import Frame

TEMPLATE = "web/parts/card.html"
_MOST = 3_000  # of about 2 KB
_kept: dict[tuple[Any, ...], tuple[SafeString, datetime | None]] = {}


def draw_card(card: Card, frame: Frame, wanted: dict[str, Any]) -> SafeString:
    """Give a card's HTML; ``wanted`` is what ``card.html`` asks for beside the card."""
    key = _key(card, frame, wanted)
    known = _kept.get(key) if key else None
    if known is None:
        with answering() as truth:
            html = render_to_string(TEMPLATE, {**wanted, "card": card, "frame": frame})
        known = html, truth.until
        if key:
            if len(_kept) >= _MOST:
                _kept.clear()
            _kept[key] = known
    true_until(known[1])
    return known[0]


def _key(card: Card, frame: Frame, wanted: dict[str, Any]) -> tuple[Any, ...]:
    """Give all that the HTML follows from; nothing where it can't be said."""
    shown, picture = card.picture, tuple[Any, ...]()
    if isinstance(shown, Shown):
        # Not the picture itself: it is equal to one with another file.
        size = shown.picture.width, shown.picture.height
        picture = (shown.picture.pk, *size, shown.alt, shown.desk)
    elif shown is not None:
        return ()  # the style guide's
    # A story of another year says its year.
    now = timezone.localtime()
    return (
        *(card.href, card.headline, card.summary, card.published_at, card.language),
        *(card.agency, card.section, card.label, card.direction, picture),
        *(translation.get_language(), frame.language, now.tzinfo, now.year),
        *wanted.items(),
    )
