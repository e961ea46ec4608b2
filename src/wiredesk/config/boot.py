"""Sets Django up for a command or a process of the server."""

from __future__ import annotations

import os


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
