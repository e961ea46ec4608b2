"""``wiredesk wire end``: the contract of a feed ends; report, dry run, and undoing it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import click

from wiredesk.config.boot import set_up_with_database
from wiredesk.config.cli.feeds import feed_named
from wiredesk.config.cli.printing import print_json, print_line

if TYPE_CHECKING:
    from wiredesk.wire.models import ContractEnd, Feed


@click.command()
@click.argument("feed")
@click.option(
    "--at",
    "when",
    default="",
    metavar="TIME",
    help="2027-01-01T06:00 or 06:00 (the next one), in WIREDESK_TIME_ZONE unless it "
    "names a zone; or now.",
)
@click.option("--erase", is_flag=True, help="Also erase it, as the feed's days say.")
@click.option("--undo", is_flag=True, help="A new contract: let its copy show again.")
@click.option("--by", "name", default="", help="The account that answers for it.")
@click.option("--dry-run", is_flag=True, help="Only say what would go and what stays.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def end(
    feed: str,
    when: str,
    erase: bool,
    undo: bool,
    name: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """End the contract of FEED: all of it is dark from that second on.

    By the clock, also what comes later, on every surface. Prints what goes and what
    stays since another feed brought it, too. Without --at: where the end stands, or
    adds --erase to it.
    """
    if undo and (when or erase):
        raise click.UsageError("--undo goes alone: order the new end after it.")
    set_up_with_database()
    from django.core.exceptions import ValidationError

    from wiredesk.stories.actions.end_contract import end_contract, undo_end
    from wiredesk.stories.contracts import report

    found = feed_named(feed)
    at = _moment(when) if when else None
    by = _person(name)
    taken = report(found)
    known = _in_force(found)
    try:
        if dry_run:
            ordered = known
        elif undo:
            undo_end(feed=found, by=by)
            ordered = None
        elif at is not None or erase:
            ordered = end_contract(feed=found, at=at, erase=erase, by=by)
        else:
            ordered = known
    except ValidationError as error:
        raise click.ClickException(" ".join(error.messages)) from error
    told = {
        "feed": found.slug,
        **_told(found, ordered, at if dry_run else None, erase),
        "dry_run": dry_run,
        **taken.as_json(),
    }
    if as_json:
        print_json(told)
    else:
        _show(told)


def _told(
    feed: Feed, end: ContractEnd | None, planned: datetime | None, erase: bool
) -> dict[str, Any]:
    at = planned or (end.at if end else None)
    erase_at = end.erase_at if end and not planned else None
    if planned and erase:
        erase_at = planned + timedelta(days=feed.erase_days or 0)
    erased_at = end.erased_at if end else None
    return {
        "ends_at": at and _local(at),
        "erase_at": erase_at and _local(erase_at),
        "erased_at": erased_at and _local(erased_at),
    }


def _show(told: dict[str, Any]) -> None:
    staying = told.pop("staying")
    for key, value in told.items():
        shown = {None: "-", True: "yes", False: "no"}.get(value, value)
        print_line(f"{key.replace('_', ' '):<16}{shown}")
    for each in staying:
        print_line(f"stays           {each}")


def _moment(text: str) -> datetime:
    """Give the second that ``text`` names; the next one of that hour where it has no day."""
    from django.utils import timezone

    now = timezone.localtime()
    if text == "now":
        return now
    try:
        hour = time.fromisoformat(text)
    except ValueError:
        pass
    else:
        today = now.replace(
            hour=hour.hour, minute=hour.minute, second=hour.second, microsecond=0
        )
        return today if today > now else today + timedelta(days=1)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f"“{text}” is no time: write 2027-01-01T06:00, 06:00 or now.",
            param_hint="--at",
        ) from None
    return timezone.make_aware(moment) if moment.tzinfo is None else moment


def _local(moment: datetime) -> str:
    from django.utils import timezone

    return timezone.localtime(moment).isoformat(timespec="seconds")


def _in_force(feed: Feed) -> ContractEnd | None:
    from wiredesk.wire.models import ContractEnd

    return ContractEnd.objects.in_force().filter(feed=feed).first()


def _person(name: str) -> Any:
    from django.contrib.auth import get_user_model

    if not name:
        return None
    person = get_user_model()._default_manager.filter(username=name).first()
    if person is None:
        raise click.ClickException(f"There is no account {name}.")
    return person
