"""Lines that agencies put in two places are printed once."""

from __future__ import annotations

import pytest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from wiredesk.lib.markup import cut, data_script
from wiredesk.stories.datelines import brings_dateline
from wiredesk.web.story_text import Part, StoryText, compose


def written(text: StoryText) -> str:
    opening = f"{text.opening}{text.dateline} " if text.opening else ""
    return opening + "".join(str(part.html) for part in text.parts)


def paragraphs(*texts: str) -> list[Part]:
    html = "\n".join(f"<p>{text}</p>" for text in texts)
    return [Part(html=format_html(html.replace("{", "{{"), 1))]


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("(Halyard) — The bridge closed.", "(Halyard) —"),
        ("(Halyard)—The bridge closed.", "(Halyard) —"),
        ("PORT ELLERY (Halyard) -- The bridge closed.", "(Halyard) —"),
        ("PORT ELLERY, Nov. 3 (Halyard) – The bridge.", "PORT ELLERY (Halyard) —"),
        ("Port Ellery, Kerravane (HALYARD) - The bridge.", "PORT ELLERY (Halyard)"),
        ("PORT ELLERY — The bridge closed.", "Port Ellery"),
        ("PORT ELLERY, Kerravane: The bridge closed.", "PORT ELLERY, Kerravane"),
        ("DUNMARROW (Meridian) — The vote.", "DUNMARROW (Meridian)"),
    ],
)
def test_a_dateline_the_text_brings_is_recognised(text: str, dateline: str) -> None:
    assert brings_dateline(text, dateline)


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("Paris is burning, a poet said.", "PARIS"),
        ("Parisians stayed at home.", "PARIS —"),
        ("The bridge (built in 1911) — the longest here — closed.", "(Halyard) —"),
        ("DUNMARROW (Meridian) — The vote.", "(Halyard) —"),
        ("The bridge closed.", "(Halyard) —"),
        ("The bridge closed.", "—"),
        ("", "(Halyard) —"),
    ],
)
def test_words_that_only_look_like_one_are_not(text: str, dateline: str) -> None:
    assert not brings_dateline(text, dateline)


def test_a_dateline_stands_in_the_first_paragraph() -> None:
    text = compose(paragraphs("The bridge closed."), "(Halyard) —", ())
    assert written(text) == "<p>(Halyard) — The bridge closed.</p>"


def test_a_dateline_is_printed_once_where_the_text_brings_it_too() -> None:
    text = compose(
        paragraphs("<strong>(Halyard)</strong> — The bridge."), "(Halyard) —", ()
    )
    assert written(text) == "<p><strong>(Halyard)</strong> — The bridge.</p>"


def test_a_summary_may_lead_before_the_texts_own_dateline() -> None:
    body = paragraphs(
        "Trees fell on the line.", "PEINE (Halyard) - A tree fell.", "It was an oak."
    )
    text = compose(body, "Peine (Halyard) -", ())
    assert (text.dateline, text.alone) == ("", False)
    assert written(text).casefold().count("peine (halyard)") == 1
    # Far down it is a quotation, or another story's.
    far = paragraphs("One.", "Two.", "Three.", "PEINE (Halyard) - Four.")
    assert compose(far, "Peine (Halyard) -", ()).dateline == "Peine (Halyard) -"


def test_a_heading_may_lead_before_the_texts_own_dateline() -> None:
    heading = Part(html=format_html("<h2>{}</h2>", "Trees"))
    body = [heading, *paragraphs("(Halyard) — A tree fell.")]
    assert not compose(body, "(Halyard) —", ()).alone


def test_a_plain_dateline_of_the_texts_own_is_set_like_ours() -> None:
    text = compose(paragraphs("PORT ELLERY (Halyard) — The bridge."), "(Halyard) —", ())
    assert text.dateline == "PORT ELLERY (Halyard) —"
    assert written(text) == "<p>PORT ELLERY (Halyard) — The bridge.</p>"


def test_brackets_that_name_the_source_are_a_dateline_without_a_field() -> None:
    body = paragraphs("FENNICK, Nov. 22 (Halyard) – The school won.")
    text = compose(body, "", (), "Halyard Wire Service")
    assert text.dateline == "FENNICK, Nov. 22 (Halyard) –"
    other = paragraphs("The mill (built 1911) – the oldest – closed.")
    assert compose(other, "", (), "Halyard Wire Service").dateline == ""


def test_a_dateline_without_its_dash_gets_one() -> None:
    text = compose(paragraphs("The bridge."), "PORT ELLERY", ())
    assert text.dateline == "PORT ELLERY —"


def test_a_text_that_begins_with_no_paragraph_has_its_dateline_alone() -> None:
    table = Part(html=format_html("<table><tr><td>{}</td></tr></table>", 1))
    text = compose([table], "(Halyard) —", ())
    assert text.alone
    assert text.dateline == "(Halyard) —"
    assert text.parts == (table,)


def test_credit_and_copyright_at_the_texts_end_are_left_to_their_own_lines() -> None:
    lines = ("The-Halyard-Wire", "™ & © 2026 Halyard. All rights reserved.")
    body = paragraphs(
        "The bridge closed.",
        "The-Halyard-Wire<br>™ &amp; © 2026 Halyard. All rights reserved.",
    )
    assert written(compose(body, "", lines)).strip() == "<p>The bridge closed.</p>"
    body = paragraphs("The bridge closed.", lines[0], lines[1].replace("&", "&amp;"))
    assert written(compose(body, "", lines)).strip() == "<p>The bridge closed.</p>"


def test_the_same_words_within_the_text_stay() -> None:
    body = paragraphs("The-Halyard-Wire", "The bridge closed.")
    text = compose(body, "", ("The-Halyard-Wire", ""))
    assert written(text).count("<p>") == 2


def test_only_safe_html_is_cut_and_stays_safe() -> None:
    head, tail = cut(format_html("<p>{}</p>", "a"), 3)
    assert isinstance(head, SafeString)
    assert isinstance(tail, SafeString)
    with pytest.raises(TypeError):
        cut("<p>unsafe</p>", 3)  # type: ignore[arg-type]


def test_no_text_leaves_a_data_script() -> None:
    script = data_script({"headline": "</script><script>alert(1)</script> \u2028 <!--"})
    assert script.count("<") == 2
    assert "\u2028" not in script
