"""The breaking-news bar as a fragment: the same bytes on every page of its site.

A page that is kept can have another bar put between the markers, without being drawn
again. So the bar depends on its site and the clock, and on nothing of the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from wiredesk.delivery.purge.keys import BAR, FRAME, story_key
from wiredesk.delivery.sites import station_of
from wiredesk.delivery.store.asked import begun
from wiredesk.delivery.store.known import Known
from wiredesk.stories.curated import bar_hangs_on, bar_true_until, running_bar

if TYPE_CHECKING:
    from datetime import datetime

    from wagtail.models import Site

# What stands between them is the bar; without a bar, nothing does.
BEGINS = "<!--breaking-bar-->"
ENDS = "<!--/breaking-bar-->"
TEMPLATE = "web/parts/breaking_bar.html"

_known: Known[int, SafeString] = Known(most=100)

__all__ = [
    "BEGINS",
    "ENDS",
    "bar_keys",
    "bar_true_until",
    "breaking_bar_html",
    "known_bar",
]


def breaking_bar_html(site: Site, now: datetime) -> str:
    """Give the bar of ``site`` as it stands at ``now``, markers included.

    It stays true until ``bar_true_until(site, now)``, or until ``bar_changed`` of the
    site or ``stories_changed`` of the story it links is sent.
    """
    language = station_of(site).language or settings.LANGUAGE_CODE
    with translation.override(language):
        return draw_bar(site, now)


def draw_bar(site: Site, now: datetime) -> SafeString:
    """Give the bar where the station's language is spoken already; one query."""
    bar = running_bar(site, now)
    return render_to_string(TEMPLATE, {"bar": bar})


def bar_keys(site: Site, now: datetime) -> tuple[list[str], datetime | None]:
    """Give the surrogate keys that the bar hangs on, and until when it stands; one query.

    Its story's, also while that is dark: the bar comes back with it.
    """
    stories, until = bar_hangs_on(site, now)
    return [BAR, *map(story_key, stories)], until


def known_bar(site: Site, now: datetime) -> SafeString:
    """Give the bar, drawn once as long as it stays what it is, where that is noticed."""
    if begun() is None:
        return draw_bar(site, now)  # without asking what it hangs on

    def draw() -> tuple[SafeString, list[str], datetime | None]:
        keys, until = bar_keys(site, now)
        return draw_bar(site, now), [FRAME, *keys], until

    return _known.find_or_keep(site.pk, draw)
