"""An editor's changes live through the wire's updates, and nothing is lost unasked."""

from __future__ import annotations

import random
import subprocess
import sys
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stories.test_editing import PLAIN, as_posted
from wiredesk.stories.merge.align import align
from wiredesk.stories.merge.paragraphs import paragraphs_of
from wiredesk.stories.merge.similar import similar_pairs
from wiredesk.stories.merge.three_way import (
    Merged,
    NotChosenError,
    Outcome,
    Part,
    Segment,
    Take,
    Words,
    Written,
    merge,
    resolve,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

BRIDGE = "<p>The Orrin bridge closes on Monday at noon, the county said.</p>"
FERRY = "<p>The ferry to Eastmoor runs every half hour until then.</p>"
PRICE = "<p>A crossing costs two crowns, children pay one.</p>"
MAYOR = "<p>Mayor Ilse Tarrow called it a nuisance for the whole valley.</p>"
END = "<p>The repairs were planned years ago.</p>"
LOCAL = "<p>Our readers in Lower Orrin can park at the old mill.</p>"


def changed(paragraph: str, old: str, new: str) -> str:
    assert old in paragraph
    return paragraph.replace(old, new)


TUESDAY = changed(BRIDGE, "Monday", "Tuesday")
SUNDAY = changed(BRIDGE, "Monday", "Sunday")
HOURLY = changed(FERRY, "every half hour", "every hour")


def body(*paragraphs: str) -> Words:
    return Words("Bridge closes", body_html="".join(paragraphs))


def merged_bodies(base: list[str], wire: list[str], ours: list[str]) -> Merged:
    return merge(base=body(*base), wire=body(*wire), ours=body(*ours))


def conflict(merged: Merged) -> Segment:
    (number,) = merged.conflicts
    return merged.segments[number]


def test_a_change_of_the_wire_and_a_change_of_the_desk_both_stand() -> None:
    merged = merged_bodies(
        [BRIDGE, FERRY, MAYOR, END],
        [TUESDAY, FERRY, MAYOR, END],
        [BRIDGE, FERRY, MAYOR, LOCAL, END],
    )
    assert merged.is_clean
    assert resolve(merged).body_html == TUESDAY + FERRY + MAYOR + LOCAL + END


def test_one_paragraph_changed_differently_by_both_is_asked() -> None:
    merged = merged_bodies([BRIDGE, FERRY], [TUESDAY, FERRY], [SUNDAY, FERRY])
    asked = conflict(merged)
    assert (asked.base, asked.wire, asked.ours) == ((BRIDGE,), (TUESDAY,), (SUNDAY,))
    with pytest.raises(NotChosenError):
        resolve(merged)


@pytest.mark.parametrize("wire_deletes", [True, False])
def test_a_paragraph_deleted_by_one_and_changed_by_the_other_is_asked(
    wire_deletes: bool,
) -> None:
    base, deleted, rewritten = (
        [BRIDGE, FERRY, END],
        [BRIDGE, END],
        [BRIDGE, HOURLY, END],
    )
    wire, ours = (deleted, rewritten) if wire_deletes else (rewritten, deleted)
    asked = conflict(merged_bodies(base, wire, ours))
    assert {asked.wire, asked.ours} == {(), (HOURLY,)}
    assert asked.base == (FERRY,)


def test_different_paragraphs_added_at_one_place_are_asked() -> None:
    asked = conflict(
        merged_bodies([BRIDGE, END], [BRIDGE, PRICE, END], [BRIDGE, LOCAL, END])
    )
    assert (asked.base, asked.wire, asked.ours) == ((), (PRICE,), (LOCAL,))


def test_what_both_changed_to_the_same_is_not_asked() -> None:
    merged = merged_bodies(
        [BRIDGE, FERRY], [TUESDAY, FERRY, PRICE], [TUESDAY, FERRY, PRICE]
    )
    assert resolve(merged).body_html == TUESDAY + FERRY + PRICE
    assert Outcome.BOTH_SAME in {segment.outcome for segment in merged.segments}


def test_what_both_added_alike_stands_once_and_the_rest_with_it() -> None:
    merged = merged_bodies(
        [BRIDGE, END], [BRIDGE, PRICE, END], [BRIDGE, PRICE, LOCAL, END]
    )
    assert resolve(merged).body_html == BRIDGE + PRICE + LOCAL + END


def test_neighbours_changed_by_one_each_both_stand() -> None:
    merged = merged_bodies(
        [BRIDGE, FERRY, END], [TUESDAY, FERRY, END], [BRIDGE, HOURLY, END]
    )
    assert resolve(merged).body_html == TUESDAY + HOURLY + END


def test_a_paragraph_added_beside_one_the_other_rewrote_keeps_its_place() -> None:
    merged = merged_bodies(
        [BRIDGE, FERRY, END], [BRIDGE, HOURLY, END], [BRIDGE, LOCAL, FERRY, END]
    )
    assert resolve(merged).body_html == BRIDGE + LOCAL + HOURLY + END


def test_a_paragraph_added_where_the_other_deleted_one_is_asked() -> None:
    asked = conflict(
        merged_bodies([BRIDGE, FERRY, END], [BRIDGE, END], [BRIDGE, FERRY, LOCAL, END])
    )
    assert asked.ours == (FERRY, LOCAL)
    assert asked.wire == ()


def test_in_a_run_of_rewritten_paragraphs_only_the_one_both_rewrote_is_asked() -> None:
    merged = merged_bodies(
        [BRIDGE, FERRY, MAYOR],
        [TUESDAY, HOURLY, changed(MAYOR, "nuisance", "scandal")],
        [BRIDGE, changed(FERRY, "Eastmoor", "East Moor"), MAYOR],
    )
    assert conflict(merged).base == (FERRY,)


def test_a_paragraph_moved_by_one_and_changed_by_the_other_is_asked() -> None:
    merged = merged_bodies(
        [BRIDGE, FERRY, MAYOR, END],
        [FERRY, MAYOR, END, BRIDGE],
        [SUNDAY, FERRY, MAYOR, END],
    )
    asked = conflict(merged)
    assert (asked.wire, asked.ours) == ((), (SUNDAY,))


def test_lines_merge_as_one_value_each() -> None:
    base = Words("Bridge closes", "For a week", "ORRIN")
    wire = Words("Bridge closes", "For two weeks", "ORRIN (Valley News)")
    ours = Words("Orrin bridge closes", "For a week", "LOWER ORRIN")
    merged = merge(base=base, wire=wire, ours=ours)
    assert [merged.segments[number].part for number in merged.conflicts] == [
        Part.DATELINE
    ]
    assert resolve(merged, {merged.conflicts[0]: Take.OURS}) == Words(
        "Orrin bridge closes", "For two weeks", "LOWER ORRIN"
    )


@pytest.mark.parametrize(
    ("as_sent", "as_saved"),
    [
        ("<p>A <strong>b</strong> <em>c</em></p>", "<p>A <b>b</b> <i>c</i></p>"),
        ("<p>a<br>b</p>", "<p>a<br/>b</p>"),
        ("<p>a</p>", '<p data-block-key="x1y2z">a</p>'),
        ("<p>caf&eacute; &amp; 4&nbsp;&#8364;</p>", "<p>café &amp; 4\u00a0€</p>"),
        ("<p>a\n  b </p>\n", "<p>a b</p>"),
        ("<ul>\n<li>a</li>\n<li> b</li>\n</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<p><b>a</b><b>b</b></p>", "<p><strong>ab</strong></p>"),
        ("<p><em><b>a</b></em></p>", "<p><b><em>a</em></b></p>"),
        ("<p><b>a </b>b<i> </i><i> c</i></p>", "<p><b>a</b> b <i>c</i></p>"),
        (
            '<p><a href="https://example.org/?a=1&amp;b=2">x</a></p>',
            "<p><a href='https://example.org/?a=1&b=2'>x</a></p>",
        ),
        ("<p>re\u0301sume\u0301</p>", "<p>r\u00e9sum\u00e9</p>"),
    ],
)
def test_what_nobody_typed_is_no_change(as_sent: str, as_saved: str) -> None:
    rewritten = "<p>Something else by the wire.</p>"
    merged = merged_bodies([as_sent, END], [rewritten, END], [as_saved, END])
    assert resolve(merged).body_html == rewritten + END
    untouched = merged_bodies([as_sent], [as_sent], [as_saved])
    assert resolve(untouched).body_html == as_sent


@pytest.mark.parametrize(
    "html",
    [
        PLAIN,
        "<p><strong>a </strong>b <em> c</em> d<br><br>e</p>",
        '<p><strong><a href="https://example.org/">a</a></strong> &euro;&nbsp;4</p>',
        "<ol>\n<li>a<ul><li><em>b</em> c</li></ul></li></ol>",
    ],
)
def test_what_the_desks_editor_makes_of_a_text_is_no_change(html: str) -> None:
    assert as_posted(html) != html
    merged = merged_bodies([html], [TUESDAY, html], [as_posted(html)])
    assert resolve(merged).body_html == TUESDAY + html


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>a b</p>", "<p>a\u00a0b</p>"),
        ("<p>a <b>b</b></p>", "<p>a b</p>"),
        ("<p>a</p>", "<h2>a</h2>"),
        ("<pre>a  b</pre>", "<pre>a b</pre>"),
        ("<p>a<br>b</p>", "<p>a b</p>"),
        ("<p>&lt;b&gt;a</p>", "<p><b>a</b></p>"),
        (
            '<p><a href="https://example.org/1">a</a></p>',
            '<p><a href="https://example.org/2">a</a></p>',
        ),
        ('<embed embedtype="image" id="1"/>', '<embed embedtype="image" id="2"/>'),
    ],
)
def test_what_somebody_can_have_meant_is_a_change(before: str, after: str) -> None:
    merged = merged_bodies([before], [before], [after])
    assert resolve(merged).body_html == after


def test_a_picture_between_paragraphs_is_merged_for_itself() -> None:
    picture = '<embed embedtype="image" id="7"/>'
    merged = merged_bodies(
        [BRIDGE, FERRY, END], [BRIDGE, HOURLY, END], [BRIDGE, picture, FERRY, END]
    )
    assert resolve(merged).body_html == BRIDGE + picture + HOURLY + END


def test_an_editor_takes_either_or_both_or_writes() -> None:
    merged = merged_bodies([BRIDGE], [TUESDAY], [SUNDAY])
    (number,) = merged.conflicts
    taken = {
        Take.BASE: BRIDGE,
        Take.WIRE: TUESDAY,
        Take.OURS: SUNDAY,
        Take.WIRE_THEN_OURS: TUESDAY + SUNDAY,
        Take.OURS_THEN_WIRE: SUNDAY + TUESDAY,
    }
    for take, text in taken.items():
        assert resolve(merged, {number: take}).body_html == text
    assert resolve(merged, {number: Written(LOCAL)}).body_html == LOCAL


def test_a_choice_for_no_segment_or_two_headlines_is_refused() -> None:
    merged = merge(base=Words("A"), wire=Words("B"), ours=Words("C"))
    with pytest.raises(NotChosenError):
        resolve(merged, {0: Take.WIRE, 99: Take.WIRE})
    with pytest.raises(NotChosenError):
        resolve(merged, {0: Take.WIRE_THEN_OURS})


def test_choices_made_on_an_older_version_can_be_told() -> None:
    on_screen = merged_bodies([BRIDGE], [TUESDAY], [SUNDAY])
    again = merged_bodies([BRIDGE], [TUESDAY], [SUNDAY])
    newer = merged_bodies([BRIDGE], [TUESDAY, PRICE], [SUNDAY])
    assert on_screen.fingerprint == again.fingerprint != newer.fingerprint


def test_merging_needs_neither_framework_nor_settings() -> None:
    program = (
        "import sys, wiredesk.stories.merge.three_way, wiredesk.stories.merge.word_diff;"
        "sys.exit('django' in sys.modules or 'wagtail' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


# --- promises for any text ----------------------------------------------------------

PIECES = [BRIDGE, TUESDAY, SUNDAY, FERRY, HOURLY, PRICE, LOCAL, END, "<p>a</p>", "<hr>"]
BODIES = st.lists(st.sampled_from([*PIECES, "\n<h2>More</h2>"]), max_size=9)
TEXTS = st.builds(body, BODIES.map("".join))


@st.composite
def edited(draw: st.DrawFn, base: list[str]) -> list[str]:
    """Give ``base`` after some deletions, insertions and rewritings."""
    text = list(base)
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(text)))
        end = draw(st.integers(place, min(place + 2, len(text))))
        text[place:end] = draw(st.lists(st.sampled_from(PIECES), max_size=2))
    return text


@st.composite
def versions(draw: st.DrawFn) -> tuple[list[str], list[str], list[str]]:
    base = draw(BODIES)
    return base, draw(edited(base)), draw(edited(base))


def keys(html: str) -> list[Any]:
    return [paragraph.key for paragraph in paragraphs_of(html)]


@given(TEXTS, TEXTS)
def test_without_a_change_of_the_desk_the_wire_stands_byte_for_byte(
    base: Words, wire: Words
) -> None:
    assert resolve(merge(base=base, wire=wire, ours=base)) == wire


@given(TEXTS, TEXTS)
def test_without_a_change_of_the_wire_the_desk_stands(base: Words, ours: Words) -> None:
    merged = resolve(merge(base=base, wire=base, ours=ours))
    assert keys(merged.body_html) == keys(ours.body_html)


@given(TEXTS, TEXTS)
def test_the_same_text_from_both_is_that_text(base: Words, both: Words) -> None:
    assert resolve(merge(base=base, wire=both, ours=both)) == both


@settings(max_examples=200)
@given(versions())
def test_the_columns_are_the_three_texts_whole(
    texts: tuple[list[str], list[str], list[str]],
) -> None:
    merged = merged_bodies(*texts)
    body_segments = [one for one in merged.segments if one.part is Part.BODY]
    for column, text in zip(("base", "wire", "ours"), texts, strict=True):
        shown = "".join("".join(getattr(one, column)) for one in body_segments)
        assert keys(shown) == keys("".join(text))


@settings(max_examples=200)
@given(versions())
def test_the_columns_tell_the_truth_of_each_outcome(
    texts: tuple[list[str], list[str], list[str]],
) -> None:
    for segment in merged_bodies(*texts).segments:
        base, wire, ours = (
            [keys(html) for html in column]
            for column in (segment.base, segment.wire, segment.ours)
        )
        told = {
            Outcome.UNCHANGED: base == wire == ours,
            Outcome.WIRE: base == ours != wire,
            Outcome.OURS: base == wire != ours,
            Outcome.BOTH_SAME: base != wire == ours,
            Outcome.CONFLICT: len({str(base), str(wire), str(ours)}) == 3,
        }
        assert segment.part is not Part.BODY or told[segment.outcome]


@settings(max_examples=200)
@given(versions())
def test_nothing_that_either_wrote_is_lost_unasked(
    texts: tuple[list[str], list[str], list[str]],
) -> None:
    base, wire, ours = (keys("".join(text)) for text in texts)
    merged = merged_bodies(*texts)
    asked = [merged.segments[number] for number in merged.conflicts]
    columns = ["".join(one.wire + one.ours) for one in asked]
    found = keys(resolve(merged, dict.fromkeys(merged.conflicts, Take.BASE)).body_html)
    for column in columns:
        found += keys(column)
    for side in (wire, ours):
        assert {key for key in side if key not in base} <= set(found)
    if merged.is_clean:
        assert set(found) <= {*wire, *ours}


@settings(max_examples=200)
@given(versions())
def test_wire_and_desk_exchanged_give_the_same_questions(
    texts: tuple[list[str], list[str], list[str]],
) -> None:
    base, wire, ours = texts
    there = merged_bodies(base, wire, ours)
    back = merged_bodies(base, ours, wire)
    exchanged = {Outcome.WIRE: Outcome.OURS, Outcome.OURS: Outcome.WIRE}
    assert [(one.base, one.wire, one.ours, one.outcome) for one in there.segments] == [
        (one.base, one.ours, one.wire, exchanged.get(one.outcome, one.outcome))
        for one in back.segments
    ]


# --- time, counted in steps ---------------------------------------------------------


def steps(function: Callable[[], object]) -> int:
    """Count the lines of merging that run: the same on every machine."""
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        if "/stories/merge/" not in frame.f_code.co_filename:
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function()
    finally:
        sys.settrace(before)
    return count


def noise(count: int, sorts: int, seed: int) -> list[str]:
    chance = random.Random(seed)  # noqa: S311 - repeatable noise, no secret
    return [f"<p>{chance.randrange(sorts)}</p>" for _ in range(count)]


def rewritten_by_all(count: int) -> list[list[str]]:
    return [
        [
            f"<p>Item {place} of {name} was sold to a dealer.</p>"
            for place in range(count)
        ]
        for name in ("Orrin", "Eastmoor", "Tarrow")
    ]


@pytest.mark.parametrize(
    "texts",
    [
        lambda n: [["<p>a</p>"] * n, ["<p>a</p>"] * (n // 2), ["<p>a</p>"] * (n + 9)],
        lambda n: [noise(n, 2, 1), noise(n, 2, 2), noise(n, 3, 3)],
        lambda n: [noise(n, n // 2, 1), noise(n, n // 2, 2), noise(n, n // 2, 3)],
        lambda n: [["<p>a</p>", "<p>b</p>"] * n, ["<p>b</p>"] * n, ["<p>a</p>"] * n],
        rewritten_by_all,
    ],
    ids=["one", "two sorts", "shuffled", "alternating", "all rewritten"],
)
def test_twice_the_text_takes_about_twice_the_steps(
    texts: Callable[[int], list[list[str]]],
) -> None:
    few, many = texts(400), texts(800)
    assert steps(lambda: merged_bodies(*many)) < 3 * steps(lambda: merged_bodies(*few))


def test_a_paragraph_repeated_five_thousand_times_takes_few_steps_each() -> None:
    before, after = noise(5000, 2, 1), noise(5000, 2, 2)
    assert steps(lambda: align(before, after)) < 100 * 5000


def test_a_text_rewritten_all_over_is_compared_near_by_only() -> None:
    bags = [frozenset({("word", 0), (str(place), 0)}) for place in range(2000)]
    assert steps(lambda: similar_pairs(bags, bags)) < 1000 * 2000


def test_common_items_rise_on_both_sides_whatever_the_noise() -> None:
    for seed in range(20):
        before, after = noise(300, 1 + seed * 5, seed), noise(280, 1 + seed * 5, -1)
        pairs = align(before, after)
        assert all(before[place] == after[new_place] for place, new_place in pairs)
        for (place, new_place), (following, new_following) in pairwise(pairs):
            assert place < following
            assert new_place < new_following
