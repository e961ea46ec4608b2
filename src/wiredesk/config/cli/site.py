"""``wiredesk up`` and ``wiredesk demo``: the whole site, until Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from wiredesk.config.boot import set_up

if TYPE_CHECKING:
    from wiredesk.config.server.children import Child

Rows = Sequence[tuple[str, str]]


@click.command()
def up() -> None:
    """Run the site: web processes and worker, until Ctrl-C."""
    set_up()
    from django.conf import settings

    base = settings.WIREDESK_BASE_URL

    def furnish() -> Rows:
        return [
            ("Site", f"{base}/"),
            ("Desk", f"{settings.WIREDESK_DESK_URL}/desk/"),
            ("Inbox", f"{settings.WIREDESK_INBOX}/FEED/"),
        ]

    _run(furnish)


@click.command()
def demo() -> None:
    """Run the site with sample copy from invented agencies and places."""
    from wiredesk.demo.feeds import STATION_TIME_ZONE

    # The desk tells times as the station's clocks do.
    set_up(WIREDESK_TIME_ZONE=STATION_TIME_ZONE)
    from wiredesk.config import demo as newsroom

    _run(lambda: newsroom.furnish(say), [newsroom.live_copy()])


def say(text: str) -> None:
    """Print one line of what is going on."""
    click.echo(f"  {text}")


def show(rows: Rows) -> None:
    """Print what somebody needs to use the site, names in one column."""
    width = max(len(name) for name, _value in rows)
    lines = [f"  {name:<{width}}  {value}" for name, value in rows]
    click.echo("\n".join(["", *lines, "", "  Stop with Ctrl-C.", ""]))


def _run(furnish: Callable[[], Rows], others: Sequence[Child] = ()) -> None:
    from wiredesk.config.server import supervisor

    try:
        supervisor.run(say, furnish=furnish, greet=show, others=others)
    except supervisor.CannotStartError as error:
        raise click.ClickException(str(error)) from error
    say("Stopped.")
