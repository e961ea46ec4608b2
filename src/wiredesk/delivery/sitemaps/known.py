"""Stories' lines in sitemaps: written once, and used until the story is another one.

A file has a thousand of them, and one that goes has all of them asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from django.db.models import Max
from wagtail.models import Site

from wiredesk.delivery.addresses import absolute
from wiredesk.delivery.purge.keys import FRAME, story_key
from wiredesk.delivery.sitemaps import writers
from wiredesk.delivery.sitemaps.contents import NEWS_HOURS, Place
from wiredesk.delivery.sites import station_of
from wiredesk.delivery.store.known import Known
from wiredesk.lib.batches import in_batches
from wiredesk.lib.text import one_line
from wiredesk.lib.truth import true_until
from wiredesk.stories.models import Correction, Story

_Key = tuple[int, int]  # site and story
_Value = TypeVar("_Value")
# Some 200 and 600 bytes each.
_lines: Known[_Key, bytes] = Known(most=10_000)
_news_lines: Known[_Key, tuple[datetime, bytes]] = Known(most=5_000)


def lines_of(numbers: Iterable[int], site: Site) -> list[bytes]:
    """Give these stories' lines in a sitemap, in order; they must be named there."""

    def make(missing: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        for number, place in _places(missing):
            yield number, writers.line(site.root_url, place)

    return _all_of(_lines, numbers, site, make)


def news_lines_of(numbers: Iterable[int], site: Site) -> list[bytes]:
    """Give the same in a news sitemap; the answer ends when the oldest is no news."""
    station = station_of(site)
    # Two or three letters, as ISO 639 has them: search engines take no region here.
    language = station.language.partition("-")[0]
    publication = writers.publication(station.name, language)

    def make(missing: Sequence[int]) -> Iterator[tuple[int, tuple[datetime, bytes]]]:
        columns = ("pk", "path", "headline", "published_at")
        rows = Story.objects.filter(pk__in=missing).order_by().values_list(*columns)
        for number, path, headline, published in rows:
            if published is not None:
                address, title = absolute(site, path or ""), one_line(headline) or ""
                line = writers.news_line(address, title, published, publication)
                yield number, (published, line)

    found = _all_of(_news_lines, numbers, site, make)
    if found:
        true_until(min(published for published, _ in found) + NEWS_HOURS)
    return [line for _, line in found]


def _all_of(
    known: Known[_Key, _Value],
    numbers: Iterable[int],
    site: Site,
    make: Callable[[Sequence[int]], Iterable[tuple[int, _Value]]],
) -> list[_Value]:
    wanted = [(site.pk, number) for number in numbers]

    def make_and_keep(missing: list[_Key]) -> dict[_Key, _Value]:
        made = dict[_Key, _Value]()
        for batch in in_batches([number for _, number in missing]):
            for number, line in make(batch):
                key, keys = (site.pk, number), (FRAME, story_key(number))
                made[key] = line
                known.keep(key, line, of=keys, until=None)
        return made

    found = known.find_or_make(wanted, make_and_keep)
    return [found[key] for key in wanted if key in found]


def _places(numbers: Sequence[int]) -> Iterator[tuple[int, Place]]:
    corrected = dict(
        Correction.objects.shown()
        .filter(story__in=numbers)
        .order_by()
        .values_list("story_id")
        .annotate(Max("at"))
    )
    columns = ("pk", "path", "published_at", "updated_at")
    rows = Story.objects.filter(pk__in=numbers).order_by().values_list(*columns)
    for number, path, published, updated in rows:
        times = filter(None, (published, updated, corrected.get(number)))
        yield number, Place(path or "", max(times, default=None))
