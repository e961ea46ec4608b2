"""``wiredesk topics``: what stories are about."""

from __future__ import annotations

from pathlib import Path

import click

from wiredesk.config.boot import set_up_with_database


@click.group()
def topics() -> None:
    """Load the topics stories are about."""


@topics.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--language", default="en-GB", help="Of the topics' names.")
def load(file: Path, language: str) -> None:
    """Bring in IPTC's Media Topics from FILE, as IPTC hands them out in JSON."""
    set_up_with_database()
    from wiredesk.stories.actions.announce import announce_frame
    from wiredesk.topics.actions.load_vocabulary import load_vocabulary
    from wiredesk.topics.vocabulary import VocabularyError

    try:
        loaded = load_vocabulary(file, language)
        announce_frame()
    except VocabularyError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"read {loaded.read}, added {loaded.added}, changed {loaded.changed}, "
        f"retired {loaded.retired}"
    )
