"""Wire files named on the command line: found, read whole, refused in one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from wiredesk.config.env import delivery_cap


class RefusedError(Exception):
    """A file that can't be read from the disk; the text is the reason."""


def files_in(paths: Iterable[str]) -> Iterator[str]:
    """Give each file named, and each file below a folder named, in order of name.

    A path comes out as it was given, with what lies below a folder added to it.
    Hidden files in folders are left out.
    """
    for path in paths:
        if not Path(path).is_dir():
            yield path
            continue
        for file in sorted(Path(path).rglob("*")):
            below = file.relative_to(path).parts
            if file.is_file() and not any(part.startswith(".") for part in below):
                yield str(file)


def content(path: str) -> bytes:
    """Give a file's bytes. Raises ``RefusedError`` for one that can't or mustn't."""
    cap = delivery_cap()
    try:
        with Path(path).open("rb") as stream:
            raw = stream.read(cap + 1)
    except OSError as error:
        raise RefusedError(error.strerror or str(error)) from error
    if len(raw) > cap:
        raise RefusedError(
            f"larger than {cap} bytes, the largest delivery taken; "
            "WIREDESK_DELIVERY_CAP sets another"
        )
    return raw


def complain(path: str, reason: str) -> None:
    """Print one line on stderr, whatever the reason's own lines."""
    click.echo(f"{path}: {' '.join(reason.split())}", err=True)
