"""Bring an editor's version to the wire's newest words before it is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail.models import Revision

from wiredesk.stories.actions.gather_cases import gather_for_stories
from wiredesk.stories.actions.gather_edits import wire_words
from wiredesk.stories.desk_words import combine, merged, of_story
from wiredesk.stories.models import Story
from wiredesk.stories.newer import is_newer
from wiredesk.wire.models import Message

if TYPE_CHECKING:
    from wiredesk.stories.desk_words import DeskWords


def words_base(version: Story) -> int | None:
    """Give the message over whose words ``version``, a story or a draft, was written."""
    base_id: int | None = version.words_base_id or version.wire_message_id
    return base_id


def own_message(story: Story, message_id: int | None) -> Message | None:
    """Give the message where it is one of the story's, else ``None``."""
    if message_id is None:
        return None
    message = Message.objects.select_related("feed").filter(pk=message_id).first()
    if message is None:
        return None
    named = story.identities.filter(source=message.source, guid=message.guid)
    return message if named.exists() else None


def is_base_killed(story: Story, revision: Revision) -> bool:
    """Tell whether a kill, released or not, ended the words the version stands on."""
    return is_killed(story, words_base(revision.as_object()))


def is_killed(story: Story, message_id: int | None) -> bool:
    """Tell whether a kill of ``story`` isn't provably older than that message."""
    (case,) = gather_for_stories([story.pk])
    kills = [fact for fact in case.facts if fact.status == "canceled"]
    base = next((fact for fact in case.facts if fact.id == message_id), None)
    return any(base is None or not is_newer(base, kill) for kill in kills)


def merge_with_wire(
    story: Story, base_id: int | None, ours: DeskWords
) -> DeskWords | None:
    """Give ``ours``, written over ``base_id``'s words, with what the wire changed since.

    ``None`` where somebody must choose. Where the base is not known to be one of the
    story's messages, ``ours`` counts as written over the words that are there now.
    """
    target = story.wire_message
    base = own_message(story, base_id) if base_id != story.wire_message_id else None
    if target is None or base is None:
        return ours
    texts = wire_words(base), wire_words(target), ours
    return combine(*texts) if merged(*texts).is_clean else None


def bring_up_to_date(*, story: Story, revision: Revision) -> bool:
    """Merge into ``revision`` what the wire changed since it was written.

    Tells whether it could be done unasked. Call under the lock of the story's row.
    """
    version: Story = revision.as_object()
    if words_base(version) == story.wire_message_id:
        return True
    ours = of_story(version)
    words = merge_with_wire(story, words_base(version), ours)
    if words is None:
        return False
    if words != ours:
        set_words(version, words)
    revision.content = version.serializable_data()
    Revision.objects.filter(pk=revision.pk).update(content=revision.content)
    # The version as it was read is kept on the row's object.
    revision.refresh_from_db()
    return True


def set_words(version: Story, words: DeskWords) -> None:
    """Set ``words`` on a version of a story; nothing is saved."""
    message = version.wire_message
    name = f"{message.source}\n{message.guid}" if message else ""
    columns = words.as_columns(name)
    block = Story._meta.get_field("body").stream_block
    columns["body"] = block.to_python(columns["body"])
    for column, value in columns.items():
        setattr(version, column, value)
