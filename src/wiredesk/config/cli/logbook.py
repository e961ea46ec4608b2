"""``wiredesk logbook``: proof that nobody rewrote what was done."""

from __future__ import annotations

from pathlib import Path

import click

from wiredesk.config.boot import set_up_with_database


@click.group()
def logbook() -> None:
    """Prove that the logbook is whole."""


@logbook.command()
@click.pass_context
def verify(ctx: click.Context) -> None:
    """Read the whole logbook; exit status 1 if an entry was altered or is missing."""
    set_up_with_database()
    from wiredesk.logbook.queries import verify as verify_logbook

    verdict = verify_logbook()
    for fault in verdict.faults:
        click.echo(fault, err=True)
    click.echo(
        f"entries {verdict.entries}, seals {verdict.seals}, "
        f"not yet sealed {verdict.unsealed}, faults {len(verdict.faults)}"
    )
    ctx.exit(0 if verdict.holds else 1)


@logbook.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Where the journal lies, if not where it is set.",
)
@click.pass_context
def journal(ctx: click.Context, folder: Path | None) -> None:
    """Read the whole journal; exit status 1 if a line was altered or is missing.

    Its own folder must also hold the line that this database last knew: that finds
    lines cut off at the end.
    """
    set_up_with_database()
    from wiredesk.logbook import journal as files
    from wiredesk.logbook.actions.apply_journal import last_read

    verdict = files.verify(folder)
    if verdict.holds and folder is None and not files.holds(last_read()):
        verdict.faults.append("The line that this database last knew is missing.")
    for fault in verdict.faults:
        click.echo(fault, err=True)
    last = verdict.last_at.isoformat() if verdict.last_at else "-"
    click.echo(
        f"lines {verdict.lines}, files {verdict.files}, last {last}, "
        f"unfinished bytes {verdict.torn}, faults {len(verdict.faults)}"
    )
    ctx.exit(0 if verdict.holds else 1)
