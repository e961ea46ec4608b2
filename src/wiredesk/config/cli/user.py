"""``wiredesk user``: accounts for the newsroom's staff."""

from __future__ import annotations

import click

from wiredesk.accounts.roles import SLUGS
from wiredesk.config.boot import set_up_with_database


@click.group()
def user() -> None:
    """Make accounts for the newsroom's staff."""


@user.command()
@click.argument("name")
@click.option("--role", type=click.Choice(SLUGS), required=True, help="What they do.")
@click.option("--email", default="", help="Where mail for them goes.")
def create(name: str, role: str, email: str) -> None:
    """Make an account NAME and print its random password, this once."""
    set_up_with_database()
    from django.core.exceptions import ValidationError

    from wiredesk.accounts.actions.create_staff import NameTakenError, create_staff

    try:
        _user, password = create_staff(username=name, role=role, email=email)
    except NameTakenError as error:
        raise click.ClickException(str(error)) from error
    except ValidationError as error:
        raise click.ClickException(" ".join(error.messages)) from error
    click.echo(f"name      {name}\nrole      {role}\npassword  {password}")
