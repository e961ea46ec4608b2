"""``wiredesk wire take``: deliver files by hand, to the end, also while the site runs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wiredesk.config.boot import set_up_with_database
from wiredesk.config.cli.feeds import feed_named
from wiredesk.config.cli.files import complain, files_in
from wiredesk.config.cli.printing import print_json, print_line

if TYPE_CHECKING:
    from wiredesk.wire.actions.receive import Payload, TooLarge
    from wiredesk.wire.models import Feed, LedgerLine

TRANSPORT = "command"
GROUP = 40  # files delivered together
GROUP_BYTES = 16 * 1024 * 1024
CHUNK = 1024 * 1024


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option("--feed", "slug", default="", help="Whose copy it is (a feed's slug).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object an item.")
@click.pass_context
def take(ctx: click.Context, paths: tuple[str, ...], slug: str, as_json: bool) -> None:
    """Take wire files as a delivery, to the end; prints what became of each item.

    A folder means the files in and below it. Without --feed they come by a built-in
    feed that publishes at once. A file that can't be opened gives one line on stderr
    and exit status 1; the others are still taken.
    """
    set_up_with_database()
    feed = _feed(slug)
    opened = _Opened()
    for group in _groups(opened.files(files_in(paths))):
        for path, line in _take(feed, group):
            _show(path, line, as_json=as_json)
    ctx.exit(1 if opened.failed else 0)


class _Opened:
    """Reads files one by one, noting whether one couldn't be."""

    def __init__(self) -> None:
        self.failed = False

    def files(self, paths: Iterable[str]) -> Iterator[tuple[str, Payload | TooLarge]]:
        from django.conf import settings

        for path in paths:
            try:
                yield path, _payload(path, settings.WIREDESK_DELIVERY_CAP)
            except OSError as error:
                complain(path, error.strerror or str(error))
                self.failed = True


def _payload(path: str, cap: int) -> Payload | TooLarge:
    """Give a file's bytes; of one over the cap its digest alone."""
    from wiredesk.wire.actions.receive import Payload, TooLarge

    file = Path(path)
    # Pictures named by a relative path lie beside the file.
    named = {"name": file.name, "origin": str(file.absolute().parent)}
    with file.open("rb") as stream:
        raw = stream.read(cap + 1)
        if len(raw) <= cap:
            return Payload(raw, **named)
        digest, size = hashlib.sha256(raw), len(raw)
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return TooLarge(digest.hexdigest(), size, **named)


def _groups(
    files: Iterable[tuple[str, Payload | TooLarge]],
) -> Iterator[list[tuple[str, Payload | TooLarge]]]:
    """Give files in groups small enough that lines are printed as they come."""
    group: list[tuple[str, Payload | TooLarge]] = []
    size = 0
    for path, payload in files:
        group.append((path, payload))
        size += len(getattr(payload, "raw", b""))
        if len(group) >= GROUP or size >= GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _take(
    feed: Feed, group: list[tuple[str, Payload | TooLarge]]
) -> Iterator[tuple[str, LedgerLine]]:
    from wiredesk.wire.actions.receive import receive
    from wiredesk.wire.actions.take import NotTakenError
    from wiredesk.wire.actions.take import take as take_receipts
    from wiredesk.wire.originals import OriginalError

    payloads = [payload for _path, payload in group]
    try:
        receipts = receive(feed=feed, payloads=payloads, transport=TRANSPORT)
    except OriginalError as error:
        raise click.ClickException(str(error)) from error
    paths = {
        receipt.pk: path
        for receipt, (path, _payload) in zip(receipts, group, strict=True)
    }
    try:
        lines = take_receipts(receipts=receipts)
    except NotTakenError as error:
        raise click.ClickException(str(error)) from error
    for line in lines:
        yield paths[line.receipt_id], line


def _show(path: str, line: LedgerLine, *, as_json: bool) -> None:
    told = told_of(path, line)
    if as_json:
        print_json(told)
        return
    words = [told["outcome"], told["guid"] or "-"]
    words += [told["url"]] if told["url"] else []
    words += [f"({told['reason']})"] if told["reason"] else []
    print_line(f"{path}: {' '.join(words)}")


def told_of(path: str, line: LedgerLine) -> dict[str, Any]:
    """Give what is told of one delivered item: the contract's six keys."""
    from wiredesk.config.cli.addresses import address_of

    message = line.message
    return {
        "path": path,
        "guid": message.guid if message else None,
        "version": message.item.get("version") if message else None,
        "outcome": line.outcome,
        "reason": " ".join(line.reason.split()),
        "url": address_of(line.story_path),
    }


def _feed(slug: str) -> Feed:
    from wiredesk.wire.actions.ensure_builtin_feed import ensure_builtin_feed

    return feed_named(slug) if slug else ensure_builtin_feed()
