"""``wiredesk replay``: proof that every story follows from what came in."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from wiredesk.config.boot import set_up_replay
from wiredesk.config.cli.printing import print_json, print_line
from wiredesk.config.replay.databases import place_of

if TYPE_CHECKING:
    from wiredesk.config.replay.run import Replayed


@click.command()
@click.option(
    "--into",
    help="An empty database, kept afterwards: an SQLite file or folder, or an address. "
    "Without it one is made and removed again.",
)
@click.option(
    "--without-pages", is_flag=True, help="Compare no pages: several times as fast."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def replay(
    ctx: click.Context, into: str | None, without_pages: bool, as_json: bool
) -> None:
    """Make every story anew in an empty database; exit status 1 if one differs.

    From the originals of all deliveries, the policy frozen on each message and what the
    desk ordered and wrote. The site may run: it is only read. What a contract had
    erased is named.
    """
    with _place(into) as place:
        set_up_replay(place)
        from wiredesk.config.replay.run import ReplayError
        from wiredesk.config.replay.run import replay as run

        try:
            done = run(
                lambda text: click.echo(text, err=True), with_pages=not without_pages
            )
        except (ReplayError, OSError) as error:
            raise click.ClickException(str(error)) from error
    if as_json:
        print_json(_told(done))
    else:
        _say(done)
    ctx.exit(0 if done.findings.is_same else 1)


@contextmanager
def _place(into: str | None) -> Iterator[str]:
    if into is not None:
        yield place_of(into)
        return
    with tempfile.TemporaryDirectory(prefix="wiredesk-replay-") as folder:
        yield place_of(folder)


def _told(done: Replayed) -> dict[str, object]:
    found = done.findings
    return {
        "same": found.is_same,
        "messages": done.messages,
        "orders": done.orders,
        "stories": done.stories,
        "pages": done.pages,
        "waiting": done.waiting,
        "set_aside": done.set_aside,
        "differing": found.differing,
        "differences": [difference.as_json() for difference in found.differences],
        "erased": found.erased_by_contract.count,
        "erased_by_contract": list(found.erased_by_contract.named),
        "missing": found.missing_originals.count,
        "missing_originals": found.missing_originals.named,
        "seconds": round(done.seconds, 3),
    }


def _say(done: Replayed) -> None:
    found = done.findings
    for difference in found.differences:
        print_line(difference.in_words())
    if found.differing > len(found.differences):
        print_line(f"and {found.differing - len(found.differences):,} more")
    for name, why in found.missing_originals.named.items():
        print_line(f"{name}: missing. {why}")
    for name, why in found.erased_by_contract.named.items():
        print_line(f"{name}: {why}")
    rows = (
        ("messages", f"{done.messages:,} taken again in {done.seconds:.1f} s"),
        ("orders", f"{done.orders:,} given again"),
        ("stories", f"{done.stories:,} compared"),
        ("pages", f"{done.pages:,} compared"),
        ("waiting", f"{done.waiting:,} deliveries are not taken yet"),
        ("set aside", f"{done.set_aside:,} deliveries"),
        ("erased", f"{found.erased_by_contract.count:,} deliveries, by contract"),
        ("missing", f"{found.missing_originals.count:,} originals"),
        ("differences", f"{found.differing:,}"),
    )
    for name, value in rows:
        print_line(f"{name:<13}{value}")
    print_line("It is the same." if found.is_same else "It is NOT the same.")
