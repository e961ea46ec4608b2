"""Sets Django up for a command or a process of the server."""

from __future__ import annotations

import gc
import os

from wiredesk.config.env import REPLAY_INTO


def set_up(**unless_told: str) -> None:
    """Load the settings and every part. Costs about a second, so call it late.

    ``unless_told`` are values of the environment for where it says nothing.
    """
    unless_told["DJANGO_SETTINGS_MODULE"] = "wiredesk.config.settings.site"
    for name, value in unless_told.items():
        os.environ.setdefault(name, value)
    import django

    # The collector would look again and again through all that is loaded, which stays:
    # a sixth of the time, and memory that the processes of a site could share.
    gc.disable()
    try:
        django.setup()
    finally:
        gc.freeze()
        gc.enable()


def collect_seldom() -> None:
    """Look for garbage seldom, for a process that serves or takes copy as long as it lives.

    Kept pages and taken copy make many objects and hardly any garbage: looking as often as
    Python does by itself costs a tenth of the time that answers and messages have. Looking
    a fifth as often as this, each look took 38 ms, in which nobody is answered.
    """
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


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
