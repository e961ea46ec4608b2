"""Which pages readers ask for first when a story changes: its own, fronts, section tops."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from wagtail.models import Site

from wiredesk.delivery.surroundings import Surroundings
from wiredesk.lib.prepared import PreparedObjects, PreparedQuery
from wiredesk.stories.models import Story

# Of more at once nobody waits for a certain one, and the wire's writing comes first.
MOST_STORIES = 10

_sites = PreparedObjects(lambda sites: Site.objects.filter(pk__in=sites).order_by("pk"))
_paths = PreparedQuery(
    lambda stories: (
        Story.objects.filter(pk__in=stories, path__isnull=False)
        .order_by("pk")
        .values_list("pk", "path")
    )
)


def first_asked(
    story_ids: Sequence[int], around: Mapping[int, Surroundings]
) -> list[str]:
    """Give these pages as host and path, the stories' own first; none for many stories.

    Two queries.
    """
    if len(story_ids) > MOST_STORIES:
        return []
    places = {story: around[story].places for story in story_ids if story in around}
    sites = {site for each in places.values() for site, _ in each}
    hosts = {site.pk: host_of(site) for site in _sites(sites)}
    pages = dict.fromkeys(_own(places, hosts))
    for each in places.values():
        for site, section in each:
            tops = ("/", f"/{section}/") if section else ("/",)
            pages |= dict.fromkeys(hosts[site] + path for path in tops)
    return list(pages)


def fronts(site_id: int, paths: Sequence[str]) -> list[str]:
    """Give pages of one site as host and path. One query."""
    return [host_of(site) + path for site in _sites([site_id]) for path in paths]


def host_of(site: Site) -> str:
    """Give the host by which readers ask, with its port where that isn't the usual one."""
    return str(site.root_url).partition("://")[2]


def _own(
    places: Mapping[int, Sequence[tuple[int, str]]], hosts: Mapping[int, str]
) -> Iterator[str]:
    for story, path in _paths(places):
        for site, _ in places[story]:
            yield hosts[site] + path
