"""The ``wiredesk`` command. Its contract stands in ``docs/reference/cli.md``.

Each command lives in a module of its own that is imported when it is called:
``wire read`` must start at once and never load Django.
"""

from __future__ import annotations

from wiredesk.config.cli.lazy import LazyGroup

main = LazyGroup(
    name="wiredesk",
    help="Run a newsroom that carries wire copy.",
    commands_in={
        "demo": ("site:demo", "Run the site with sample copy."),
        "up": ("site:up", "Run the site."),
        "wire": ("wire:wire", "Read and take wire copy; ask what became of it."),
        "topics": ("topics:topics", "Load the topics stories are about."),
        "user": ("user:user", "Make accounts for the newsroom's staff."),
        "backup": ("backup:backup", "Copy the newsroom while the site runs."),
        "restore": ("restore:restore", "Put a backup back, with the kills since."),
        "replay": ("replay:replay", "Make every story anew and compare."),
        "check": ("check:check", "Check settings, database and data folder."),
        "kill": ("kill:kill", "Prove that what was withdrawn is gone; practise it."),
        "logbook": ("logbook:logbook", "Prove that the logbook is whole."),
    },
)
