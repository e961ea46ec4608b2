"""What the wire announces, and what it is told in return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.dispatch import Signal

if TYPE_CHECKING:
    from wiredesk.wire.models import Outcome

# Sent once messages are durable and settled. Carries ``message_ids: list[int]``.
messages_taken = Signal()


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one message: the ledger's line for it.

    ``story_path`` is the page's path at that moment, empty where there is none.
    """

    outcome: Outcome
    reason: str = ""
    story_path: str = ""
