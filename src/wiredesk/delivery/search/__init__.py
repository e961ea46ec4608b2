"""Public search: words, phrases, exclusions and filters over what is public now.

Answers for finding; what may be shown is the gate's word, asked with every search.
"""

from __future__ import annotations

from wiredesk.delivery.search.find import MOST, Order, SearchHit, SearchPage, search

__all__ = ["MOST", "Order", "SearchHit", "SearchPage", "search"]
