"""The form in which an editor opens a story."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import CharField, TextField
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm

from wiredesk.stories.actions.bring_up_to_date import own_message, words_base
from wiredesk.stories.actions.gather_edits import wire_words
from wiredesk.stories.actions.merge_update import words_with_edit
from wiredesk.stories.actions.resolve_conflict import check_lines
from wiredesk.stories.actions.write_words import words_of
from wiredesk.stories.desk.columns import FINGERPRINT, choices_in
from wiredesk.stories.desk_words import DeskWords, combine, merged, of_columns
from wiredesk.stories.editing import merge_saved_body
from wiredesk.stories.merge.three_way import NotChosenError
from wiredesk.stories.models import Story

if TYPE_CHECKING:
    from wagtail.blocks import StreamValue

    from wiredesk.stories.merge.three_way import Merged
    from wiredesk.wire.models import Message

_WORDS = ("headline", "subheadline", "dateline", "summary", "body", "language")


class StoryForm(WagtailAdminModelForm):
    """A story's words. What nobody touched comes out of it byte for byte.

    The form remembers the message over whose words it was opened. Where the wire has
    sent newer ones when it is saved, both are merged; where they can't be, ``conflict``
    is set and the form is invalid until its choices are made.
    """

    words_base = forms.IntegerField(required=False, widget=forms.HiddenInput)

    # Set by the view: what is typed is kept as it is, over its own base.
    keeps_base = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Taken now: validation writes the posted body onto the instance.
        self._body_as_opened = self.instance.body
        self._own_base = words_base(self.instance)
        self.fields["words_base"].initial = self._own_base
        self.conflict: Merged | None = None
        self.merged_with: Message | None = None

    def clean_body(self) -> StreamValue:
        """Give the posted body with all untouched bytes restored."""
        after: StreamValue = self.cleaned_data["body"]
        before = self._body_as_opened
        base = self._overtaken_base()
        if base is not None:
            before = _body_over(self.instance, base, before)
            _name_locked_blocks(before, after)
        return merge_saved_body(before=before, after=after)

    def clean(self) -> dict[str, Any]:
        """Give back every line as it was where only its blanks and line ends differ.

        Browsers send other line ends than they were given, and Django cuts the ends.
        """
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in cleaned.keys() & self.initial.keys():
            if isinstance(self._column(name), (CharField, TextField)):
                before = self.initial[name] or ""
                if _as_sent(cleaned[name]) == _as_sent(before):
                    cleaned[name] = before
        base, story = self._overtaken_base(), self.instance
        if base is not None and self.keeps_base:
            # Only for the version that is saved now: no version writes it to the row.
            story.wire_message = base
        elif base is not None and not self.errors:
            self._merge(base, cleaned)
        return cleaned

    def _overtaken_base(self) -> Message | None:
        """Give the message the form was opened over, if it isn't the row's any more."""
        field = self.fields["words_base"]
        raw = field.widget.value_from_datadict(
            self.data, self.files, self.add_prefix("words_base")
        )
        try:
            base_id = field.clean(raw)
        except ValidationError:
            base_id = None
        base_id = base_id or self._own_base
        story = self.instance
        if not story.source or not story.pk or base_id == story.wire_message_id:
            return None
        return own_message(story, base_id)

    def _merge(self, base: Message, cleaned: dict[str, Any]) -> None:
        story, target = self.instance, self.instance.wire_message
        if target is None or any(name not in cleaned for name in _WORDS):
            return
        body = Story._meta.get_field("body").stream_block
        ours = of_columns(
            {
                **{name: cleaned[name] or "" for name in _WORDS},
                "body": body.get_prep_value(cleaned["body"]),
                "bylines": story.bylines,
            }
        )
        words = self._merged_words(wire_words(base), wire_words(target), ours)
        if words is None:
            return
        self.merged_with = target
        columns = words.as_columns(f"{target.source}\n{target.guid}")
        columns["body"] = body.to_python(columns["body"])
        story.bylines = columns.pop("bylines")
        cleaned.update(columns)

    def _merged_words(
        self, base: DeskWords, wire: DeskWords, ours: DeskWords
    ) -> DeskWords | None:
        found = merged(base, wire, ours)
        answers = self.data.get(FINGERPRINT) == found.fingerprint
        choices = choices_in(found, self.data) if answers else {}
        try:
            words = combine(base, wire, ours, choices)
            check_lines(words)
        except NotChosenError:
            self.conflict = found
            text = _("The agency changed words that you changed, too: choose first.")
            self.add_error(None, ValidationError(text, code="conflict"))
        except ValidationError as error:
            self.conflict = found
            self.add_error(None, error)
        else:
            return words
        return None

    def _column(self, name: str) -> Any:
        columns = {column.name: column for column in self._meta.model._meta.fields}
        return columns.get(name)


def _body_over(story: Story, base: Message, now: StreamValue) -> StreamValue:
    """Give the blocks that a form opened over ``base`` had, as far as they are known.

    Those the row had with the desk's edit, then the wire's, then those of today.
    """
    block = Story._meta.get_field("body").stream_block
    edit = story.local_edits.in_force().select_related("base__feed").first()
    raw: dict[str, Any] = {}
    for blocks in (
        words_with_edit(base, edit).columns["body"],
        words_of(base)["body"],
        block.get_prep_value(now),
    ):
        for one in blocks:
            raw.setdefault(str(one["id"]), one)
    opened: StreamValue = block.to_python(list(raw.values()))
    return opened


def _name_locked_blocks(before: StreamValue, after: StreamValue) -> None:
    """Give locked blocks that came back the ids by which their bytes are known."""
    known = {
        _as_sent(child.value): child.id
        for child in before
        if child.block_type == "locked"
    }
    ids = {str(child.id) for child in before}
    for child in after:
        if child.block_type == "locked" and str(child.id) not in ids:
            child.id = known.get(_as_sent(child.value), child.id)


def _as_sent(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()
