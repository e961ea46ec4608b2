from __future__ import annotations

from wiredesk.delivery.models.body_picture import BodyPicture
from wiredesk.delivery.models.last_change import LastChange
from wiredesk.delivery.models.proof import Proof
from wiredesk.delivery.models.purge import Purge
from wiredesk.delivery.models.search_entry import SearchEntry
from wiredesk.delivery.models.withdrawal import Withdrawal

__all__ = [
    "BodyPicture",
    "LastChange",
    "Proof",
    "Purge",
    "SearchEntry",
    "Withdrawal",
]
