"""What an editor's form does to a story's body: nothing, where nobody typed.

The rich-text editor writes HTML of its own making even where nobody touched a letter
(``strong`` becomes ``b``, each paragraph gets a key). So a saved body is laid beside
the one the form was opened on: an element that equals the *editor's rendering* of an
old element is that old element, byte for byte. Locked blocks are restored by their id.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.rich_text import RichText

from wiredesk.stories.elements import top_level_elements

if TYPE_CHECKING:
    from collections.abc import Callable

    from wagtail.blocks import StreamValue

BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')
# The server's rendering of nothing, and the browser's.
EMPTY = re.compile(r"(?:<p></p>)*")


def keep_untouched_bytes(
    *, before: str, after: str, as_edited: Callable[[str], str]
) -> str:
    """Give ``after`` with every element nobody touched as its bytes in ``before``.

    ``as_edited`` gives what the editor makes of HTML that is opened and saved at once.
    """
    opened, closed = _without_keys(as_edited(before)), _without_keys(after)
    if opened == closed or (EMPTY.fullmatch(opened) and EMPTY.fullmatch(closed)):
        return before
    old = top_level_elements(before)
    rendered = [_without_keys(as_edited(element)) for element in old]
    new = [_without_keys(element) for element in top_level_elements(after)]
    kept: list[str] = []
    matcher = SequenceMatcher(None, rendered, new, autojunk=False)
    for verb, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        kept += old[old_from:old_to] if verb == "equal" else new[new_from:new_to]
        if verb == "delete":
            # What the editor rendered as nothing could not be seen, so not deleted.
            kept += [
                old[place]
                for place in range(old_from, old_to)
                if not rendered[place].strip()
            ]
    return "".join(kept)


def merge_saved_body(*, before: StreamValue, after: StreamValue) -> StreamValue:
    """Give the body as the editor meant it: ``after``, untouched bytes from ``before``.

    Raises ``ValidationError`` for a locked block that was not there before: its HTML
    would reach readers without the wire's cleaning.
    """
    known = {str(child.id): child for child in before}
    for child in after:
        old = known.get(str(child.id))
        if old is not None and old.block_type != child.block_type:
            old = None
        if child.block_type == "locked":
            if old is None:
                raise ValidationError(
                    _("A block kept as it came can't be added or copied here.")
                )
            child.value = old.value
        elif child.block_type == "text":
            source = child.value.source
            child.value = RichText(
                keep_untouched_bytes(
                    before=old.value.source,
                    after=source,
                    as_edited=_round_trip(child.block),
                )
                if old is not None
                else _without_keys(source)
            )
    return after


def _round_trip(block: Any) -> Callable[[str], str]:
    converter = block.field.widget.converter

    def through_the_editor(html: str) -> str:
        opened = converter.from_database_format(block.value_for_form(RichText(html)))
        return str(converter.to_database_format(opened))

    return through_the_editor


def _without_keys(html: str) -> str:
    return BLOCK_KEY.sub("", html)
