"""A wire body becomes blocks of the editor and loses no byte of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.lib.html import clean
from wiredesk.lib.slugs import free_slug, slug_of
from wiredesk.stories.body import blocks_from_html, html_of_blocks
from wiredesk.wire.formats.detect import read
from wiredesk.wire.items import UnreadableError

PLAIN = (
    '<p>One <strong>bold</strong> <a href="https://a.example/?x=1&amp;y">l</a></p>\n'
)
TABLE = "<table><tbody><tr><td>1</td></tr></tbody></table>\n"


def sorts(html: str) -> list[str]:
    blocks = blocks_from_html(html)
    assert html_of_blocks(blocks) == html
    assert len({block["id"] for block in blocks}) == len(blocks)
    return [block["type"] for block in blocks]


def test_plain_paragraphs_are_one_block_to_type_in() -> None:
    assert sorts(PLAIN * 9 + "<h2>More</h2>\n<ul><li>a</li></ul>\n") == ["text"]
    assert sorts("") == []


@pytest.mark.parametrize(
    "html",
    [
        TABLE,
        "<figure><figcaption>A pier</figcaption></figure>",
        "<pre>1  2</pre>",
        "<p>H<sub>2</sub>O</p>",
        '<p dir="rtl">x</p>',
        '<p><a href="https://a.example" title="t">x</a></p>',
        "<blockquote><p>said</p><p>twice</p></blockquote>",
        "<dl><dt>a</dt><dd>b</dd></dl>",
        "<ul><li><p>a</p><p>b</p></li></ul>",
        "<hr>",
    ],
)
def test_what_the_editor_would_flatten_is_locked(html: str) -> None:
    assert sorts(PLAIN + html + PLAIN) == ["text", "locked", "text"]


def test_blocks_keep_their_ids_from_version_to_version() -> None:
    ids = [
        [block["id"] for block in blocks_from_html(html, "meridian\n1")]
        for html in (PLAIN + TABLE, PLAIN * 2 + TABLE)
    ]
    assert ids[0] == ids[1]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                PLAIN,
                TABLE,
                "text ",
                "<p>a<br>b",
                "<ul><li>a",
                "</p>",
                "<b>",
                "&amp;",
                "<",
            ]
        )
    )
)
def test_no_byte_of_a_cleaned_body_is_lost(pieces: list[str]) -> None:
    sorts(clean("".join(pieces)))


def test_no_byte_of_a_real_body_is_lost(wire_samples: Path) -> None:
    bodies = 0
    for path in sorted(wire_samples.rglob("*")):
        if not path.is_file() or path.name == "INDEX.tsv":
            continue
        try:
            items = read(path.read_bytes())
        except UnreadableError:
            continue
        for item in items:
            sorts(item.body_html)
            bodies += bool(item.body_html)
    assert bodies


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("Orrin bridge doesn\u2019t close", "orrin-bridge-doesnt-close"),
        ("Zürich: Köche über Öl", "zurich-koche-uber-ol"),
        ("Выборы в Москве", "vybory-v-moskve"),
        ("… — !", "story"),
        ("", "story"),
        ("a" * 99, "a" * 60),
        ("one " * 40, "-".join(["one"] * 15)),
    ],
)
def test_an_address_is_plain_letters_cut_at_a_word(words: str, slug: str) -> None:
    assert slug_of(words, fallback="story") == slug
    assert len(slug) <= 60


def test_a_taken_address_gets_a_number() -> None:
    assert free_slug("a", {"a", "a-2"}) == "a-3"
