"""``wiredesk backup``: one folder that brings the newsroom back."""

from __future__ import annotations

from pathlib import Path

import click

from wiredesk.config.boot import set_up_with_database
from wiredesk.config.cli.printing import print_json, print_line


@click.command()
@click.option(
    "--to",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where backups lie; a folder on another disk is best.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def backup(to: Path | None, as_json: bool) -> None:
    """Copy database, originals and pictures, consistently, while the site runs.

    Without --to into WIREDESK_HOME/backups. The copy is proved before it gets its name.
    The secret key and the settings are not in it.
    """
    set_up_with_database()
    from django.conf import settings

    from wiredesk.config.backup.errors import BackupError
    from wiredesk.config.backup.take import take_backup

    def say(text: str) -> None:
        click.echo(text, err=True)

    try:
        taken = take_backup(to or settings.WIREDESK_HOME / "backups", say)
    except (BackupError, OSError) as error:
        raise click.ClickException(str(error)) from error
    stated = taken.manifest
    if taken.journal_failure:
        say(f"{taken.journal_failure} A restore of this backup will begin in the dark.")
    if as_json:
        print_json(
            {
                "folder": str(taken.folder),
                "taken_at": stated.taken_at,
                "engine": stated.engine,
                "database_bytes": stated.database_size,
                "files": stated.files,
                "files_bytes": stated.files_size,
                "new_files": taken.new_files,
                "new_bytes": taken.new_bytes,
                "gone": taken.gone,
                "journal_sequence": stated.journal_sequence,
                "seconds": round(taken.seconds, 3),
            }
        )
        return
    rows = (
        ("backup", str(taken.folder)),
        ("database", f"{stated.database_size:,} bytes ({stated.engine})"),
        ("files", f"{stated.files:,}, {stated.files_size:,} bytes"),
        ("new", f"{taken.new_files:,}, {taken.new_bytes:,} bytes"),
        ("proved", f"yes, after {taken.seconds:.1f} s"),
        ("not in it", "the secret key and the settings: keep those apart"),
    )
    for name, value in rows:
        print_line(f"{name:<10}{value}")
