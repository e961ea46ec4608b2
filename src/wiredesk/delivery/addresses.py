"""Absolute addresses, and the names by which feeds know a story for ever."""

from __future__ import annotations

from datetime import UTC

from wagtail.models import Site

from wiredesk.stories.models import Correction, Story


def absolute(site: Site, path: str) -> str:
    """Give the address of a path on a site."""
    return f"{site.root_url}{path}"


def story_address(story: Story, site: Site) -> str:
    """Give the story's own address on the site."""
    return absolute(site, story.path or "/")


def canonical_address(story: Story, site: Site) -> str:
    """Give the address search engines shall keep: ours, or the source's by contract."""
    if story.canonical == "source" and story.source_address:
        return story.source_address
    return story_address(story, site)


def story_tag(story: Story, site: Site) -> str:
    """Give the story's name in feeds (RFC 4151): it outlives every change of address."""
    moment = story.published_at or story.created_at
    day = moment.astimezone(UTC).date().isoformat()
    return f"tag:{site.hostname},{day}:story/{story.pk}"


def correction_tag(note: Correction, site: Site) -> str:
    """Give a correction's name in feeds; see ``story_tag``."""
    day = note.at.astimezone(UTC).date().isoformat()
    return f"tag:{site.hostname},{day}:correction/{note.pk}"
