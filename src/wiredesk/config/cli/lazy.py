"""A group of commands whose modules are imported only when one is called."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click
from django.core.exceptions import ImproperlyConfigured

from wiredesk import __version__


class LazyGroup(click.Group):
    """A click group that knows its commands by name, place and one line of help.

    ``commands_in`` maps a command's name to its place (``module:attribute`` below
    ``wiredesk.config.cli``) and to what the list of commands says of it.
    """

    def __init__(
        self, *, commands_in: Mapping[str, tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(**more)
        self.commands_in = commands_in
        click.version_option(__version__, prog_name="wiredesk")(self)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands_in)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.commands_in:
            return None
        module, _, attribute = self.commands_in[cmd_name][0].partition(":")
        found = getattr(import_module(f"wiredesk.config.cli.{module}"), attribute)
        assert isinstance(found, click.Command)  # noqa: S101  (our own table)
        return found

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ImproperlyConfigured as error:
            # A setting that can't be used is the engineer's to mend, not ours.
            raise click.ClickException(str(error)) from error

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, help_) for name, (_place, help_) in self.commands_in.items()]
            )
