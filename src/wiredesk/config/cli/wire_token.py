"""``wiredesk wire token``: let a sender push to a feed."""

from __future__ import annotations

import click

from wiredesk.config.boot import set_up_with_database
from wiredesk.config.cli.feeds import feed_named


@click.command()
@click.argument("feed")
def token(feed: str) -> None:
    """Make a new bearer token for pushing to FEED, print it once; the old one ends."""
    set_up_with_database()
    from wiredesk.wire.actions.issue_token import issue_token

    click.echo(issue_token(feed=feed_named(feed)))
