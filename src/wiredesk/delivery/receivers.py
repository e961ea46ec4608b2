"""What delivery hears from stories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone

from wiredesk.delivery.actions.ask_purge import Asked, ask_purge
from wiredesk.delivery.actions.follow_pictures import follow_pictures
from wiredesk.delivery.actions.follow_standing import follow_standing
from wiredesk.delivery.actions.forget_addresses import (
    forget_addresses,
    forget_addresses_beside_pictures,
)
from wiredesk.delivery.actions.index_stories import index_stories
from wiredesk.delivery.actions.note_change import note_change
from wiredesk.delivery.first_asked import first_asked, fronts
from wiredesk.delivery.proof import prove
from wiredesk.delivery.purge import drain
from wiredesk.delivery.purge.keys import (
    BAR,
    FRAME,
    list_key,
    picture_key,
    story_key,
)
from wiredesk.delivery.store.changes import are_drawn_ahead, note_changes
from wiredesk.delivery.store.open import forget_pages
from wiredesk.delivery.surroundings import lists_of, surroundings_of
from wiredesk.stories.models import Picture
from wiredesk.stories.signals import (
    addresses_erased,
    bar_changed,
    frame_changed,
    lists_changed,
    pictures_changed,
    stories_changed,
    stories_committed,
    words_erased,
)
from wiredesk.wire.forget import forget_deleted


@receiver(stories_changed, dispatch_uid="delivery")
def change_surfaces(sender: Any, *, story_ids: Sequence[int], **_kwargs: Any) -> None:
    """Search and the word to caches change with the story or not at all.

    Hence inside the transaction, and the page store is told last: what goes dark mustn't
    be answered from it for longer than the commit takes.
    """
    now = timezone.now()
    around = surroundings_of(story_ids)
    index_stories(story_ids=story_ids, around=around)
    note_change(at=now, story_ids=story_ids)
    dark = follow_standing(story_ids=story_ids, around=around, at=now)
    changed = dict.fromkeys(map(story_key, story_ids))
    for story in story_ids:
        changed |= dict.fromkeys(lists_of(story, around))
    pages = first_asked(story_ids, around) if are_drawn_ahead() else ()
    note_changes(keys=[*changed, *dark], pages=pages)


@receiver(stories_committed, dispatch_uid="delivery.nudge")
def hurry(sender: Any, **_kwargs: Any) -> None:
    """Where the worker itself settled a kill, it needn't wait for the next look."""
    drain.nudge()
    prove.nudge()


@receiver(pictures_changed, dispatch_uid="delivery.pictures")
def follow_changed_pictures(
    sender: Any, *, picture_ids: Sequence[int], announced: Sequence[int], **_kwargs: Any
) -> None:
    """Note which pictures went, and the word to caches; durable with the change."""
    follow_pictures(picture_ids=picture_ids, announced=announced, at=timezone.now())


@receiver(words_erased, dispatch_uid="delivery.search-index")
def forget_words(sender: Any, **_kwargs: Any) -> None:
    """Take words out of index, proofs and kept pages that no story has any longer."""
    forget_addresses_beside_pictures()
    forget_deleted("delivery_searchindex")
    forget_pages()


@receiver(addresses_erased, dispatch_uid="delivery.addresses")
def forget_slugs(sender: Any, *, story_ids: Sequence[int], **_kwargs: Any) -> None:
    """Take the words out of the addresses that were asked and told."""
    forget_addresses(story_ids=story_ids)


@receiver(lists_changed, dispatch_uid="delivery.lists")
def follow_lists(
    sender: Any, *, site_id: int, paths: Sequence[str], **_kwargs: Any
) -> None:
    """Have what editors arranged anew asked for anew."""
    pages = fronts(site_id, paths) if are_drawn_ahead() else ()
    _refresh([list_key(path) for path in paths], pages=pages)


@receiver(frame_changed, dispatch_uid="delivery.frame")
def follow_frame(sender: Any, **_kwargs: Any) -> None:
    """Drop every page: each was kept with what stands around it."""
    _refresh([FRAME])


@receiver(bar_changed, dispatch_uid="delivery.bar")
def follow_bar(sender: Any, **_kwargs: Any) -> None:
    """Outside every page was kept with the bar; here it is kept apart."""
    _refresh([FRAME], here=[BAR])


@receiver([post_save, post_delete], sender=Picture, dispatch_uid="delivery.picture")
def follow_picture(sender: Any, *, instance: Picture, **_kwargs: Any) -> None:
    """Have pages with the picture drawn anew: its caption or credit may be another."""
    _refresh([picture_key(instance.pk)])


def _refresh(
    keys: list[str], *, here: list[str] | None = None, pages: Sequence[str] = ()
) -> None:
    now = timezone.now()
    note_change(at=now)
    ask_purge(purges=[Asked(keys)], at=now)
    note_changes(keys=here or keys, pages=pages)
    transaction.on_commit(drain.nudge)
