"""``wiredesk wire``: wire copy on the command line. Scripts rely on what it prints."""

from __future__ import annotations

from wiredesk.config.cli.lazy import LazyGroup

wire = LazyGroup(
    name="wire",
    help="Read and take wire copy; ask what became of it.",
    commands_in={
        "read": ("wire_read:read", "Show what files say; touches no database."),
        "take": ("wire_take:take", "Take files as a delivery, to the end."),
        "status": ("wire_ask:status", "Say where the story of a guid stands."),
        "ledger": ("wire_ask:ledger", "Add up everything delivered."),
        "end": ("wire_end:end", "End a feed's contract: all of it goes dark."),
        "lift": ("restore:lift", "Lift a restore's hold from a feed's stories."),
        "token": ("wire_token:token", "Make a new token for pushing to a feed."),
    },
)
