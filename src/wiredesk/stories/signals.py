"""What stories announce. Both signals carry ``story_ids: list[int]``.

``stories_changed`` is sent inside the transaction that changes the stories, to what must
change with them or not at all: a receiver that raises undoes the change.
``stories_committed`` is sent once that transaction is durable, to everything else.
"""

from __future__ import annotations

from django.dispatch import Signal

stories_changed = Signal()
stories_committed = Signal()
