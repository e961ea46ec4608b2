"""Say that stories changed, or the pages that they stand on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from wagtail.models import Page, Site

from wiredesk.lib.prepared import PreparedQuery
from wiredesk.stories.models import Pin, Story
from wiredesk.stories.signals import (
    bar_changed,
    frame_changed,
    lists_changed,
    stories_changed,
    stories_committed,
)

_pins = PreparedQuery(
    lambda stories: (
        Pin.objects.filter(story_id__in=stories).order_by().values_list("page_id")
    )
)


def announce(story_ids: list[int]) -> None:
    """Tell what must change with the stories now, and the rest once it is durable.

    Call inside the transaction that changes them.
    """
    stories_changed.send(sender=Story, story_ids=story_ids)
    # A pinned story shows where it has no place of its own, too.
    if pages := {page for (page,) in _pins(story_ids)}:
        announce_lists(pages)
    transaction.on_commit(
        lambda: stories_committed.send(sender=Story, story_ids=story_ids)
    )


@transaction.atomic
def announce_lists(page_ids: Iterable[int]) -> None:
    """Tell that editors changed what stands on these fronts and sections.

    Call inside the transaction that changes it. A page outside every site shows nowhere.
    """
    sites = list(Site.objects.select_related("root_page").order_by("pk"))
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for number, path, url_path in Page.objects.filter(pk__in=page_ids).values_list(
        "pk", "path", "url_path"
    ):
        for site in sites:
            if path.startswith(site.root_page.path):
                below = url_path[len(site.root_page.url_path) :]
                found[site.pk][number] = f"/{below}"
    for site_id, paths in found.items():
        lists_changed.send(
            sender=Page,
            site_id=site_id,
            page_ids=list(paths),
            paths=list(paths.values()),
        )


@transaction.atomic
def announce_frame(site_ids: Iterable[int] = ()) -> None:
    """Tell that what stands around the pages of these sites changed; of all by default."""
    frame_changed.send(sender=Site, site_ids=list(site_ids))


@transaction.atomic
def announce_bar(site_id: int) -> None:
    """Tell that a site's breaking-news bar was written or ended."""
    bar_changed.send(sender=Site, site_id=site_id)
