"""Feeds named on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from wiredesk.wire.models import Feed


def feed_named(slug: str) -> Feed:
    """Give the feed of that slug, or end with what feeds there are."""
    from wiredesk.wire.models import Feed

    feed = Feed.objects.filter(slug=slug).first()
    if feed is None:
        known = ", ".join(Feed.objects.values_list("slug", flat=True)) or "none yet"
        raise click.ClickException(f"There is no feed {slug}; there are: {known}.")
    return feed
