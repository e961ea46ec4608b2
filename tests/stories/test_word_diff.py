"""A reader sees which words changed, and nothing that only a machine would notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stories.test_merge import steps
from wiredesk.stories.merge import word_diff as module
from wiredesk.stories.merge.rows import RowKind, rows_of
from wiredesk.stories.merge.word_diff import (
    Change,
    Mark,
    as_received_vs_published,
    is_words_changed,
    line_diff,
    word_diff,
)
from wiredesk.stories.merge.words import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from wiredesk.stories.merge.word_diff import DiffBlock, Run

SIGNS = {Mark.KEPT: "", Mark.REMOVED: "-", Mark.ADDED: "+"}


def drawn(runs: Iterable[Run]) -> str:
    """Give runs as a line: ``a [-b][+c]``."""
    return "".join(
        run.text if run.mark is Mark.KEPT else f"[{SIGNS[run.mark]}{run.text}]"
        for run in runs
    )


def shown(blocks: list[DiffBlock]) -> list[tuple[str, str]]:
    return [(block.change.value, drawn(block.runs)) for block in blocks]


def test_a_rewritten_paragraph_shows_its_words() -> None:
    blocks = word_diff(
        "<p>The bridge closes on Monday.</p><p>The ferry runs.</p>",
        "<p>The bridge closes on Tuesday.</p><p>The ferry runs.</p>",
    )
    assert shown(blocks) == [
        ("changed", "The bridge closes on [-Monday][+Tuesday]."),
        ("unchanged", "The ferry runs."),
    ]
    assert [block.is_collapsible for block in blocks] == [False, True]


def test_paragraphs_that_came_and_went_are_told_whole() -> None:
    blocks = word_diff(
        "<p>The mayor was absent.</p><p>The ferry runs.</p>",
        "<p>The ferry runs.</p><h2>What it costs</h2>",
    )
    assert shown(blocks) == [
        ("removed", "[-The mayor was absent.]"),
        ("unchanged", "The ferry runs."),
        ("added", "[+What it costs]"),
    ]
    assert blocks[2].kind is RowKind.HEADING


def test_an_unlike_paragraph_is_not_mixed_into_another() -> None:
    blocks = word_diff(
        "<p>The mayor was absent from the meeting.</p>",
        "<p>Rain fell over Eastmoor all night.</p>",
    )
    assert [block.change for block in blocks] == [Change.REMOVED, Change.ADDED]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>“It’s late,” she said</p>", '<p>"It\'s late," she said</p>'),
        ("<p>4\u00a0000 people</p>", "<p>4 000 people</p>"),
        ("<p>2011–2019 — a decade</p>", "<p>2011-2019 -- a decade</p>"),
        ("<p>And so on…</p>", "<p>And so on...</p>"),
        ("<p>co\u00adoperation</p>", "<p>cooperation</p>"),
        ("<p>re\u0301sume\u0301</p>", "<p>r\u00e9sum\u00e9</p>"),
        ("<p>a   b\n c</p>", "<p>a b c </p>\n"),
        ("<p>a <strong>b</strong></p>", "<p data-block-key='x'>a <b>b</b></p>"),
        ("<p>a b</p>", '<p>a <a href="https://example.org/">b</a></p>'),
        ("<p>caf&eacute;</p>", "<p>café</p>"),
        ("<p>a<br>b</p>", "<p>a</p><p>b</p>"),
        ("<p>a</p>", '<p>a</p><p></p><hr><embed embedtype="image" id="1"/>'),
        (
            "<table><tr><td>a</td></tr></table>",
            "<table><tr>\n<td> a\n</td></tr></table>",
        ),
    ],
)
def test_what_no_reader_would_see_is_no_change(before: str, after: str) -> None:
    assert not is_words_changed(before, after)
    assert all(block.is_collapsible for block in word_diff(before, after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>Let's eat, Ilse</p>", "<p>Let's eat Ilse</p>"),
        ("<p>It cost 1.5 million</p>", "<p>It cost 15 million</p>"),
        ("<p>The polish flag</p>", "<p>The Polish flag</p>"),
        ("<p>$5</p>", "<p>£5</p>"),
        ("<p>to day</p>", "<p>today</p>"),
        ("<p>a</p><p>b</p>", "<p>b</p><p>a</p>"),
        (
            "<table><tr><td>1</td><td>2</td></tr></table>",
            "<table><tr><td>12</td></tr></table>",
        ),
        ("<p>a</p>", "<p>a</p><figure><figcaption>The mill</figcaption></figure>"),
        ("<p>می‌خواهم</p>", "<p>میخواهم</p>"),
        ("<p>a b</p>", "<p>a</p><p>b</p>"),
        ("", "<p>a</p>"),
    ],
)
def test_what_a_reader_would_see_is_a_change(before: str, after: str) -> None:
    assert is_words_changed(before, after)
    assert not all(block.is_collapsible for block in word_diff(before, after))


def test_tables_and_lists_are_compared_row_by_row() -> None:
    table = "<table><caption>Results</caption><tr><th>Ward</th><th>Votes</th></tr>{}</table>"
    blocks = word_diff(
        table.format("<tr><td>Eastmoor</td><td>1,204</td></tr>")
        + "<ul><li>The ferry</li><li>The towpath</li></ul>",
        table.format("<tr><td>Eastmoor</td><td>1,240</td></tr>")
        + "<ul><li>The ferry</li><li>The old towpath</li></ul>",
    )
    assert shown(blocks) == [
        ("unchanged", "Results"),
        ("unchanged", "Ward | Votes"),
        ("changed", "Eastmoor | [-1,204][+1,240]"),
        ("unchanged", "The ferry"),
        ("changed", "The [+old ]towpath"),
    ]
    assert [block.kind for block in blocks] == [
        RowKind.CAPTION,
        RowKind.TABLE_ROW,
        RowKind.TABLE_ROW,
        RowKind.ITEM,
        RowKind.ITEM,
    ]


def test_a_paragraph_inside_a_cell_or_a_quote_keeps_its_kind() -> None:
    html = (
        "<table><tr><td><p>a</p><p>b</p></td><td></td></tr><tr><td></td></tr></table>"
        "<blockquote><p>c</p></blockquote><pre>d\n  e\n</pre>"
    )
    assert [(row.kind, row.text) for row in rows_of(html)] == [
        (RowKind.TABLE_ROW, "a b |"),
        (RowKind.QUOTE, "c"),
        (RowKind.PREFORMATTED, "d"),
        (RowKind.PREFORMATTED, "  e"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            "市長は月曜日に橋を閉鎖する。",
            "市長は火曜日に橋を閉鎖する。",
            "市長は[-月][+火]曜日に橋を閉鎖する。",
        ),
        ("नगर में बाढ़ आई", "नगर में आग आई", "नगर में [-बाढ़ ][+आग ]आई"),
        (
            "أعلن رئيس البلدية يوم الاثنين",
            "أعلن رئيس البلدية يوم الثلاثاء",
            "أعلن رئيس البلدية يوم [-الاثنين][+الثلاثاء]",
        ),
        ("สะพานปิดวันจันทร์", "สะพานปิดวันศุกร์", "สะพานปิดวัน[-จันท][+ศุก]ร์"),
        (
            "다리는 월요일에 닫힌다",
            "다리는 화요일에 닫힌다",
            "다리는 [-월요일에 ][+화요일에 ]닫힌다",
        ),
        (
            "He paid 1,200.50 crowns",
            "He paid 1,250.50 crowns",
            "He paid [-1,200.50 ][+1,250.50 ]crowns",
        ),
        ("They don’t know", "They didn't know", "They [-don’t ][+didn't ]know"),
        ("A big, old bridge.", "A bridge.", "A [-big, old ]bridge."),
        ("A bridge closed.", "A bridge.", "A bridge[- closed]."),
        ("red, green sea", "blue, brown sea", "[-red, green ][+blue, brown ]sea"),
        ("👩‍👧 🇩🇪", "👩‍👦 🇩🇪", "[-👩‍👧 ][+👩‍👦 ]🇩🇪"),
        ("Same", "Same", "Same"),
        ("", "New", "[+New]"),
    ],
)
def test_words_are_told_as_their_language_writes_them(
    before: str, after: str, expected: str
) -> None:
    assert drawn(line_diff(before, after)) == expected


def test_what_the_desk_made_of_the_wires_text_can_be_shown() -> None:
    blocks = as_received_vs_published(
        "<p>The bridge closes Monday.</p>", "<p>The Orrin bridge closes Monday.</p>"
    )
    assert shown(blocks) == [("changed", "The [+Orrin ]bridge closes Monday.")]


def test_a_text_too_long_for_words_is_told_by_paragraph(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, after = "<p>a b c d e</p><p>f</p>", "<p>a b c d g</p><p>f</p>"
    monkeypatch.setattr(module, "MOST_WORDS", 6)
    assert word_diff(before, after)[0].change is Change.CHANGED
    monkeypatch.setattr(module, "MOST_WORDS", 5)
    assert [block.change for block in word_diff(before, after)] == [
        Change.REMOVED,
        Change.ADDED,
        Change.UNCHANGED,
    ]


@pytest.mark.parametrize(
    "paragraph",
    [
        lambda n, name: "<p>" + f"{name} b " * n + "</p>",
        lambda n, name: f"<p>{name} said it again and again.</p>" * n,
        lambda n, name: "<p>" + "橋" * n + name + "</p>",
        lambda n, name: "<p>" + "'\"“" * n + name + "</p>",
        lambda n, name: "<table>" + f"<tr><td>{name}</td></tr>" * n + "</table>",
        lambda n, name: "<li>" * n + name,
    ],
    ids=["words", "paragraphs", "signs", "quotes", "rows", "nested"],
)
def test_twice_the_text_takes_about_twice_the_steps(
    paragraph: Callable[[int, str], str],
) -> None:
    def taken(count: int) -> int:
        before, after = paragraph(count, "a"), paragraph(count, "c")
        return steps(lambda: word_diff(before, after))

    assert taken(600) < 3 * taken(300)


# --- promises for any text ----------------------------------------------------------

LINES = st.text("ab .,'“”-—…\u00a0\u00ad\u200d橋日มี1e\u0301👩", max_size=25)
HTML = st.lists(
    st.one_of(
        st.builds("<p>{}</p>".format, LINES),
        st.builds("<ul><li>{}</li><li>{}</li></ul>".format, LINES, LINES),
        st.builds(
            "<table><tr><td>{}</td><th>{}</th></tr></table>".format, LINES, LINES
        ),
        st.sampled_from(["<p>The ferry runs.</p>", "<p>The old ferry runs.</p>"]),
    ),
    max_size=6,
).map("".join)


def text_of(blocks: list[DiffBlock], *marks: Mark) -> list[list[str]]:
    """Give the words of the runs with these marks, block by block."""
    found = [
        "".join(run.text for run in block.runs if run.mark in marks) for block in blocks
    ]
    lines = [[word.key for word in words(line)] for line in found]
    return [line for line in lines if line]


def lines_of(html: str) -> list[list[str]]:
    lines = [[word.key for word in words(row.text)] for row in rows_of(html)]
    return [line for line in lines if line]


@settings(max_examples=200)
@given(HTML, HTML)
def test_both_texts_can_be_read_back_from_the_difference(
    before: str, after: str
) -> None:
    blocks = word_diff(before, after)
    assert "".join(
        sign for line in text_of(blocks, Mark.KEPT, Mark.REMOVED) for sign in line
    ) == "".join(sign for line in lines_of(before) for sign in line)
    assert text_of(blocks, Mark.KEPT, Mark.ADDED) == lines_of(after)


@settings(max_examples=200)
@given(HTML, HTML)
def test_the_difference_and_the_updated_time_agree(before: str, after: str) -> None:
    differs = any(not block.is_collapsible for block in word_diff(before, after))
    assert is_words_changed(before, after) == differs
    assert not is_words_changed(before, before)
