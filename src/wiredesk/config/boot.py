"""Sets Django up for a command or a process of the server."""

from __future__ import annotations

import os

from wiredesk.config.env import REPLAY_INTO


def set_up() -> None:
    """Load the settings and every part. Costs about a second, so call it late."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wiredesk.config.settings.site")
    import django

    django.setup()


def set_up_with_database() -> None:
    """Load everything, and make the data folder and its database where there is none."""
    set_up()
    import click

    from wiredesk.config.server.prepare import prepare_data

    prepare_data(lambda text: click.echo(text, err=True))


def set_up_replay(into: str) -> None:
    """Load everything with the database at ``into`` as the usual one.

    The site's is beside it, only to be read. Once in a process, and before anything else.
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = "wiredesk.config.settings.replay"
    os.environ[REPLAY_INTO] = into
    set_up()
