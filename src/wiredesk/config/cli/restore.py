"""``wiredesk restore``: a backup put back, and nothing shown that was killed since."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from wiredesk.config.boot import set_up, set_up_with_database
from wiredesk.config.cli.feeds import feed_named
from wiredesk.config.cli.printing import print_json, print_line

if TYPE_CHECKING:
    from wiredesk.config.backup.restore import Restored

_FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)


@click.command()
@click.argument("folder", type=_FOLDER)
@click.option(
    "--journal", type=_FOLDER, help="Where the journal lies, if not where it is set."
)
@click.option(
    "--without-journal", is_flag=True, help="Begin with every wire story held."
)
@click.option("--replace", is_flag=True, help="Even where there is something already.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def restore(
    folder: Path,
    journal: Path | None,
    without_journal: bool,
    replace: bool,
    as_json: bool,
) -> None:
    """Put the backup in FOLDER back while the site is stopped; prove it first.

    FOLDER is one backup, or holds several: then the newest. Kills, withholds and orders
    that the journal has since the backup are applied before the site can start; without
    such a journal every wire story is held, and the desk is told why.
    """
    if journal is not None and without_journal:
        raise click.UsageError("Say --journal or --without-journal, not both.")
    set_up()
    from wiredesk.config.backup.errors import BackupError
    from wiredesk.config.backup.restore import restore as put_back
    from wiredesk.config.server.supervisor import CannotStartError

    try:
        restored = put_back(
            folder,
            lambda text: click.echo(text, err=True),
            journal_folder=journal,
            without_journal=without_journal,
            replace=replace,
        )
    except (BackupError, CannotStartError, OSError) as error:
        raise click.ClickException(str(error)) from error
    told = _told(restored)
    if as_json:
        print_json(told)
        return
    for name, value in told.items():
        words = "; ".join(value) if isinstance(value, list) else value
        print_line(f"{name:<15}{words if words not in (None, '') else '-'}")


def _told(restored: Restored) -> dict[str, object]:
    return {
        "backup": str(restored.folder),
        "taken_at": restored.manifest.taken_at,
        "files": restored.manifest.files,
        "journal_lines": restored.applied.lines,
        "applied": restored.applied.changed,
        "not_applied": restored.applied.left_count,
        "why": restored.applied.left,
        "journal_until": restored.journal_until,
        "held": restored.held,
        "dark_because": restored.dark_because,
        "set_aside": str(restored.kept_old or ""),
    }


@click.command()
@click.argument("feed")
@click.option("--by", "name", required=True, help="The account that answers for it.")
def lift(feed: str, name: str) -> None:
    """Publish FEED's stories that only a restore without a journal holds.

    Each is an order of the account named, in the logbook. Do it once you know what the
    agency killed since the backup.
    """
    set_up_with_database()
    from django.contrib.auth import get_user_model
    from django.core.exceptions import PermissionDenied

    from wiredesk.config.backup.restore import DARK_KEY
    from wiredesk.logbook.actions.clear_alarm import clear_alarm
    from wiredesk.stories.actions.hold_unproved import held_unproved, lift_hold

    person = get_user_model()._default_manager.filter(username=name).first()
    if person is None:
        raise click.ClickException(f"There is no account {name}.")
    found, lifted = feed_named(feed), 0
    after, more = 0, True
    try:
        while more:
            count, after, more = lift_hold(feed=found, by=person, after=after)
            lifted += count
    except PermissionDenied as error:
        raise click.ClickException(f"{name} may not publish stories.") from error
    if not held_unproved().exists():
        clear_alarm(key=DARK_KEY, person=person)
    print_line(f"lifted {lifted}, still held {held_unproved().count()}")
