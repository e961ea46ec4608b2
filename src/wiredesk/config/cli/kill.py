"""``wiredesk kill``: the certificate of a story that went dark, and the drill."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wiredesk.config.boot import set_up_with_database
from wiredesk.config.cli.files import complain
from wiredesk.config.cli.printing import print_json, print_line

if TYPE_CHECKING:
    from wiredesk.delivery.drill.run import Drill


@click.group()
def kill() -> None:
    """Prove that what was withdrawn is gone, and practise it."""


@kill.command()
@click.argument("guid")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a page.")
@click.option(
    "--to",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to FILE instead of stdout.",
    metavar="FILE",
)
@click.pass_context
def certificate(
    ctx: click.Context, guid: str, as_json: bool, target: Path | None
) -> None:
    """Certify what became of the story or picture of GUID since it was withdrawn.

    A page of HTML that prints, or JSON. What isn't proved yet is said. Exit status 1
    for a guid never heard of, or that wasn't withdrawn.
    """
    set_up_with_database()
    from wiredesk.delivery.certificate.draw import page
    from wiredesk.delivery.certificate.gather import certificates_of
    from wiredesk.delivery.certificate.picture import picture_certificates_of

    found = certificates_of(guid)
    pictures = [] if found else picture_certificates_of(guid) or []
    if not found and not pictures:
        complain(guid, "never heard of" if found is None else "not withdrawn")
        ctx.exit(1)
    told = [each.as_json() for each in [*(found or ()), *pictures]]
    # One object where there is one story, which is so unless sources share a guid.
    plain = told[0] if len(told) == 1 else told
    text = (
        json.dumps(plain, indent=2, ensure_ascii=False)
        if as_json
        else page(found or [], pictures)
    )
    if target is None:
        print_line(text)
    else:
        try:
            target.write_text(f"{text}\n", encoding="utf-8")
        except OSError as error:
            raise click.ClickException(f"{target}: {error.strerror}") from error


@kill.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--no-feeds",
    is_flag=True,
    help="Leave the drill out of RSS, Atom and JSON Feed, where readers' programs may "
    "keep it.",
)
@click.pass_context
def drill(ctx: click.Context, as_json: bool, no_feeds: bool) -> None:
    """Publish a made-up story on the running site, kill it, and time every surface.

    Readers can see it for some seconds; its headline says that it is a drill. Exit
    status 1 if a surface wasn't gone and proved in time.
    """
    set_up_with_database()
    from wiredesk.delivery.drill.run import DrillFailedError, run_drill

    try:
        held = run_drill(
            in_feeds=not no_feeds, say=lambda text: click.echo(text, err=True)
        )
    except DrillFailedError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        print_json(held.as_json())
    else:
        _show(held)
    ctx.exit(0 if held.passed else 1)


def _show(held: Drill) -> None:
    print_line(f"{'surface':<22}{'via':<8}{'gone':>9}{'bound':>9}{'proved':>9}")
    for line in held.lines:
        gone = "never" if line.seconds is None else f"{line.seconds:.3f} s"
        proved = "never" if line.proved is None else f"{line.proved:.3f} s"
        mark = "" if line.is_within else "  TOO LATE"
        print_line(
            f"{line.surface:<22}{line.via:<8}{gone:>9}{line.bound:>7g} s"
            f"{proved:>9}{mark}"
        )
    if held.idle:
        print_line(f"Without the story from the first: {', '.join(held.idle)}.")
    print_line("Every surface in time." if held.passed else "NOT in time.")
