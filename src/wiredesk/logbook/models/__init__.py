from __future__ import annotations

from wiredesk.logbook.models.alarm import Alarm
from wiredesk.logbook.models.entry import Entry, Person, Seal

__all__ = ["Alarm", "Entry", "Person", "Seal"]
