from __future__ import annotations

from wiredesk.wire.models.contract_end import ContractEnd
from wiredesk.wire.models.delivery import Delivery, Receipt
from wiredesk.wire.models.feed import Feed, FeedRule
from wiredesk.wire.models.ledger import LedgerLine, Outcome
from wiredesk.wire.models.message import Message
from wiredesk.wire.models.poll import Poll

__all__ = [
    "ContractEnd",
    "Delivery",
    "Feed",
    "FeedRule",
    "LedgerLine",
    "Message",
    "Outcome",
    "Poll",
    "Receipt",
]
