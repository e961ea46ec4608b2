"""Keep what the desk made of a wire story's words, apart from the wire's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from wiredesk.logbook.actions.write import write
from wiredesk.stories.actions.gather_edits import wire_words
from wiredesk.stories.desk_words import is_changed
from wiredesk.stories.models import LocalEdit

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AbstractBaseUser

    from wiredesk.stories.desk_words import DeskWords
    from wiredesk.stories.models import Story
    from wiredesk.wire.models import Message


@transaction.atomic
def keep_edit(
    *,
    story: Story,
    base: Message,
    words: DeskWords,
    by: AbstractBaseUser | None,
    at: datetime | None = None,
) -> LocalEdit | None:
    """Keep ``words``, which the desk made over ``base``'s, as the edit in force.

    Gives ``None`` where the desk changed nothing and no edit was in force before. The
    caller brings the words to the story's row, or settles it.
    """
    in_force = LocalEdit.objects.in_force().filter(story=story)
    if not is_changed(wire_words(base), words) and not in_force.exists():
        return None
    edit = LocalEdit.objects.create(
        story=story,
        base=base,
        words=words.as_json(),
        by_id=by.pk if by is not None else None,
        at=at or timezone.now(),
    )
    write(
        verb="words-edited",
        thing=f"story:{story.pk}",
        detail={"edit": edit.pk, "message": base.pk},
        person=by,
        at=edit.at,
    )
    return edit
