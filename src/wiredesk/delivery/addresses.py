"""Absolute addresses, and the names by which feeds know a story for ever."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC

from django.db.models import Exists, OuterRef, Q, QuerySet
from wagtail.models import Site

from wiredesk.stories.models import Correction, Placement, Story


def absolute(site: Site, path: str) -> str:
    """Give the address of a path on a site."""
    return f"{site.root_url}{path}"


def story_address(story: Story, site: Site) -> str:
    """Give the story's own address on the site."""
    return absolute(site, story.path or "/")


def canonical_address(story: Story, site: Site) -> str:
    """Give the address search engines shall keep: ours, or the source's by contract.

    Ours is one, on the story's home, however many stations it stands on; ``site`` is the
    one that says so.
    """
    if story.canonical == "source" and story.source_address:
        return story.source_address
    home = home_of(story) or site.pk
    if home != site.pk:
        site = Site.objects.get(pk=home)
    return story_address(story, site)


def home_of(story: Story) -> int | None:
    """Give the number of the site of the story's first placement, the canonical one.

    Without a query for what came with ``home`` or with its placements.
    """
    if "home" in vars(story):
        known: int | None = vars(story)["home"]
        return known
    placements = list(story.placements.all())
    first = min(
        placements, key=lambda each: (not each.canonical, each.pk or 0), default=None
    )
    return first.site_id if first else None


def homes() -> QuerySet[Placement, int]:
    """Give each story's home, for a subquery by ``story``."""
    here = Placement.objects.filter(story=OuterRef("pk"))
    return here.order_by("-canonical", "pk").values_list("site", flat=True)[:1]


def at_home(sites: Iterable[int]) -> QuerySet[Placement]:
    """Give placements of a story whose home is one of the sites, by number; for a subquery.

    Nothing is sorted.
    """
    is_before = Q(canonical__gt=OuterRef("canonical")) | Q(
        canonical=OuterRef("canonical"), pk__lt=OuterRef("pk")
    )
    elsewhere = Placement.objects.filter(is_before, story=OuterRef("story"))
    here = Placement.objects.filter(story=OuterRef("pk"), site__in=sites)
    return here.exclude(Exists(elsewhere.exclude(site__in=sites)))


def story_tag(story: Story, site: Site) -> str:
    """Give the story's name in feeds (RFC 4151): it outlives every change of address."""
    moment = story.published_at or story.created_at
    day = moment.astimezone(UTC).date().isoformat()
    return f"tag:{site.hostname},{day}:story/{story.pk}"


def correction_tag(note: Correction, site: Site) -> str:
    """Give a correction's name in feeds; see ``story_tag``."""
    day = note.at.astimezone(UTC).date().isoformat()
    return f"tag:{site.hostname},{day}:correction/{note.pk}"
