"""``wiredesk wire status`` and ``ledger``: what became of what was delivered."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from wiredesk.config.boot import set_up_with_database
from wiredesk.config.cli.files import complain
from wiredesk.config.cli.printing import print_json, print_line

if TYPE_CHECKING:
    from wiredesk.stories.queries import Status


@click.command()
@click.argument("guid")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def status(ctx: click.Context, guid: str, as_json: bool) -> None:
    """Say where the story of GUID stands, why, and the messages it follows from.

    Where several sources use the same guid, each of their stories is told of. Exit
    status 1 for a guid never heard of.
    """
    set_up_with_database()
    from wiredesk.stories.queries import status as status_of

    found = status_of(guid)
    if not found:
        complain(guid, "never heard of")
        ctx.exit(1)
    for each in found:
        if as_json:
            print_json(_told_of(each))
        else:
            _show(_told_of(each))


def _told_of(found: Status) -> dict[str, Any]:
    from wiredesk.config.cli.addresses import address_of

    return {
        "guid": found.guid,
        "source": found.source,
        "standing": str(found.standing.state),
        "reason": found.standing.reason,
        "url": address_of(found.url),
        "messages": [
            {name: _plain(value) for name, value in message.items()}
            for message in found.messages
        ],
    }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _show(told: dict[str, Any]) -> None:
    for name in ("guid", "source", "standing", "reason", "url"):
        print_line(f"{name:<10}{told[name] or '-'}")
    for message in told["messages"]:
        mark = "*" if message["decides"] else " "
        words = (
            f"version {message['version'] or '-'}, {message['status']}, "
            f"received {message['received_at']}, sha256 {message['sha256'][:12]}"
        )
        print_line(f"{mark} message {message['id']}: {words}")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def ledger(ctx: click.Context, as_json: bool) -> None:
    """Add up everything delivered: items, and how many had each outcome when taken.

    Exit status 1 if the two don't agree.
    """
    set_up_with_database()
    from wiredesk.wire.queries import ledger as add_up

    sums = add_up()
    if as_json:
        print_json(sums.as_json())
    else:
        counts = {"delivered": sums.delivered, **sums.outcomes}
        for name, count in counts.items():
            print_line(f"{name:<12}{count:>9}")
        if sums.waiting:
            print_line(f"{'waiting':<12}{sums.waiting:>9}  deliveries not taken yet")
        print_line("It adds up." if sums.adds_up else "It does NOT add up.")
    ctx.exit(0 if sums.adds_up else 1)
