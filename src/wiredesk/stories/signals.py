"""What stories announce.

``stories_changed`` and ``stories_committed`` carry ``story_ids: list[int]``. The first is
sent inside the transaction that changes the stories, to what must change with them or
not at all: a receiver that raises undoes the change. The second is sent once that
transaction is durable, to everything else.

The others are about pages and no story's words; they are sent inside the transaction as
well, and a receiver that must wait until it is durable says so with ``on_commit``:

- ``lists_changed``: editors changed what stands on a front or a section. ``site_id: int``,
  ``page_ids: list[int]`` (pages of the tree) and ``paths: list[str]`` on that site.
- ``frame_changed``: what stands around every page changed: a section, a standing page,
  the station, a topic, an author, a site. ``site_ids: list[int]``, empty for all sites.
- ``pictures_changed``: pictures went or came back. ``picture_ids: list[int]``, and
  ``announced: list[int]``, the stories that were announced with them.
- ``bar_changed``: the breaking-news bar of ``site_id: int`` was written or ended.
- ``addresses_erased``: stories' addresses lost their words. ``story_ids: list[int]``.

``words_erased`` carries nothing and is sent outside of any transaction: words that a
contract demanded to be erased are out of the tables, and must not be left beside them.
"""

from __future__ import annotations

from django.dispatch import Signal

stories_changed = Signal()
stories_committed = Signal()
lists_changed = Signal()
frame_changed = Signal()
bar_changed = Signal()
pictures_changed = Signal()
addresses_erased = Signal()
words_erased = Signal()
