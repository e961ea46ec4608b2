"""Opening a story and saving it unchanged changes no byte of what is published."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError

from wiredesk.stories.editing import merge_saved_body
from wiredesk.stories.elements import top_level_elements
from wiredesk.stories.models import Story

if TYPE_CHECKING:
    from wagtail.blocks import StreamValue

STREAM = Story._meta.get_field("body").stream_block
WRITTEN = STREAM.child_blocks["text"]

PLAIN = (
    "<p>The <strong>Orrin bridge</strong> closes at <em>noon</em> &amp; reopens "
    'at five, <a href="https://example.org/a?b=1&amp;c=2">the county said</a>.</p>'
    "<h2>What stays open</h2><ul><li>The ferry</li><li>The towpath</li></ul>"
    "<p>Line one<br>line two</p><p>Prices: 4 € to 6 €.</p>"
)
TABLE = (
    '<table><caption>Ward results</caption><tr><th scope="col">Ward</th></tr>'
    "<tr><td>Eastmoor</td></tr></table>"
)


def body(*blocks: tuple[str, str, str]) -> StreamValue:
    raw = [{"type": kind, "value": value, "id": name} for kind, value, name in blocks]
    value: StreamValue = STREAM.to_python(raw)
    return value


def as_posted(html: str) -> str:
    """Give what the rich-text editor posts for HTML it has opened and not changed."""
    widget = WRITTEN.field.widget
    state = widget.format_value(WRITTEN.value_for_form(WRITTEN.to_python(html)))
    posted: str = widget.value_from_datadict({"x": state}, {}, "x")
    return posted


def written(value: StreamValue) -> list[Any]:
    return [
        child["value"] for child in STREAM.get_prep_value(value) if child is not None
    ]


@pytest.mark.parametrize(
    "html",
    [
        PLAIN,
        "<p>One.</p><p></p><p>Two.</p>",
        "<blockquote><p>Said</p><p>twice.</p></blockquote><p>End.</p>",
        "<ol><li>a<ul><li>b</li></ul></li></ol>",
        "<p>two  spaces and a\nbroken line</p>",
        "",
    ],
)
def test_untouched_text_keeps_every_byte(html: str) -> None:
    after = merge_saved_body(
        before=body(("text", html, "a")), after=body(("text", as_posted(html), "a"))
    )
    assert written(after) == [html]


def test_the_editor_alone_would_have_changed_those_bytes() -> None:
    assert as_posted(PLAIN) != PLAIN


def test_a_touched_paragraph_leaves_its_neighbours_alone() -> None:
    posted = as_posted(PLAIN).replace("Line one", "Line 1")
    after = merge_saved_body(
        before=body(("text", PLAIN, "a")), after=body(("text", posted, "a"))
    )
    (html,) = written(after)
    assert html.startswith("<p>The <strong>Orrin bridge</strong> closes")
    assert "Line 1<br/>line two" in html
    assert "data-block-key" not in html


def test_a_deleted_paragraph_is_gone_and_the_rest_keeps_its_bytes() -> None:
    first, *rest = top_level_elements(PLAIN)
    posted = as_posted("".join(rest))
    after = merge_saved_body(
        before=body(("text", PLAIN, "a")), after=body(("text", posted, "a"))
    )
    assert written(after) == ["".join(rest)]
    assert first not in written(after)[0]


def test_a_locked_table_survives_whatever_the_form_sends() -> None:
    before = body(("text", "<p>a</p>", "a"), ("locked", TABLE, "b"))
    after = merge_saved_body(
        before=before,
        after=body(
            ("text", as_posted("<p>a</p>"), "a"),
            ("locked", "<script>alert(1)</script>", "b"),
        ),
    )
    assert written(after) == ["<p>a</p>", TABLE]


def test_a_locked_block_that_was_not_there_is_refused() -> None:
    with pytest.raises(ValidationError):
        merge_saved_body(
            before=body(("text", "<p>a</p>", "a")),
            after=body(("locked", TABLE, "new")),
        )


def test_a_text_block_cannot_take_a_locked_blocks_place() -> None:
    after = merge_saved_body(
        before=body(("locked", TABLE, "b")),
        after=body(("text", '<p data-block-key="k">new</p>', "b")),
    )
    assert written(after) == ["<p>new</p>"]


def test_elements_joined_are_the_html_they_came_from() -> None:
    html = 'tail <p title="a > b">x<br>y</p> mid <div><div>z</div></div><hr>end'
    assert "".join(top_level_elements(html)) == html


def test_the_posted_state_is_what_the_browser_would_send() -> None:
    widget = WRITTEN.field.widget
    state = json.loads(widget.format_value("<p>a</p>"))
    assert state["blocks"][0]["text"] == "a"
