"""``wiredesk wire read``: pure reading, so neither Django nor a database is loaded."""

from __future__ import annotations

import click

from wiredesk.config.cli.files import RefusedError, complain, content, files_in
from wiredesk.config.cli.printing import print_json
from wiredesk.wire.formats.detect import read as read_items
from wiredesk.wire.items import UnreadableError


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.pass_context
def read(ctx: click.Context, paths: tuple[str, ...]) -> None:
    """Show what wire files say: one JSON object an item.

    A folder means the files in and below it. A file that can't be read gives one line
    on stderr and exit status 1; the others are still read.
    """
    failed = False
    for path in files_in(paths):
        try:
            items = read_items(content(path))
        except (UnreadableError, RefusedError) as error:
            complain(path, str(error))
            failed = True
            continue
        for item in items:
            print_json({"path": path, **item.as_json()})
    ctx.exit(1 if failed else 0)
