"""``wiredesk check``: whether this machine can run the site as it is set up."""

from __future__ import annotations

import click

from wiredesk.config.boot import set_up


@click.command()
@click.pass_context
def check(ctx: click.Context) -> None:
    """Check settings, database and data folder; exit status 1 if one isn't right."""
    set_up()
    from django.core.checks import run_checks
    from django.core.checks.messages import WARNING

    from wiredesk.config.health import standing_checks

    messages = [
        message
        for message in run_checks(include_deployment_checks=True, databases=["default"])
        if message.level >= WARNING and not message.is_silenced()
    ]
    for message in messages:
        click.echo(
            f"{message.id}: {message.msg} {message.hint or ''}".strip(), err=True
        )
    parts = {"settings": not messages, **standing_checks()}
    for name, right in parts.items():
        click.echo(f"{name:<12}{'right' if right else 'NOT RIGHT'}")
    ctx.exit(0 if all(parts.values()) else 1)
