"""Foreign HTML comes out safe, in paragraphs, and the same when cleaned again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.lib.html import TAGS, clean, plain, to_text


@pytest.mark.parametrize(
    ("given_html", "cleaned"),
    [
        ("One<br><br>Two", "<p>One</p>\n<p>Two</p>\n"),
        ("One<br>Two", "<p>One<br>Two</p>\n"),
        ("<div>One<p>Two</p>Three</div>", "<p>One</p>\n<p>Two</p>\n<p>Three</p>\n"),
        ("<h1>Top</h1><h5>Low</h5>", "<h2>Top</h2>\n<h4>Low</h4>\n"),
        ("<b>a</b> <i>b</i>", "<p><strong>a</strong> <em>b</em></p>\n"),
        (
            "<b>One<br><br>Two</b>",
            "<p><strong>One</strong></p>\n<p><strong>Two</strong></p>\n",
        ),
        ("<p></p><p> <br></p><p>x</p>", "<p>x</p>\n"),
        ("<ul>loose<li>a</ul>", "<ul><li>loose</li><li>a</li></ul>\n"),
        ("<p dir=rtl lang=ar>x</p>", '<p dir="rtl" lang="ar">x</p>\n'),
        ("<p dir=up lang='x y'>x</p>", "<p>x</p>\n"),
        ("plain & simple\n\nnext", "<p>plain &amp; simple</p>\n<p>next</p>\n"),
        ("plain\n\nnext", "<p>plain</p>\n<p>next</p>\n"),
    ],
)
def test_loose_markup_becomes_paragraphs(given_html: str, cleaned: str) -> None:
    assert clean(given_html) == cleaned


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<style>p{}</style>",
        "<img src=x onerror=alert(1)>",
        "<iframe src=//evil.example></iframe>",
        "<svg><script>alert(1)</script></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<object data=x></object><embed src=x>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<a href='javascript:alert(1)'></a>",
        "<template><script>alert(1)</script></template>",
        "<!--><script>alert(1)</script>-->",
    ],
)
def test_nothing_that_runs_gets_through(hostile: str) -> None:
    cleaned = clean(f"<p>before</p>{hostile}<p>after</p>").lower()
    assert "before" in cleaned
    for bad in ("<script", "<img", "<svg", "<iframe", "<style", "<object", "<embed"):
        assert bad not in cleaned
    assert "javascript:" not in cleaned


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        " java\nscript:alert(1)",
        "JaVaScRiPt:x",
        "data:text/html,x",
        "vbscript:x",
        "//evil.example",
        "/relative",
        "file:///etc/hostname",
    ],
)
def test_a_link_elsewhere_loses_its_tag_and_keeps_its_words(href: str) -> None:
    assert clean(f'<a href="{href}">words</a>') == "<p>words</p>\n"


def test_a_good_link_keeps_its_address() -> None:
    cleaned = clean('<a href="https://a.example/?b=1&amp;c=%22" class=x>words</a>')
    assert cleaned == '<p><a href="https://a.example/?b=1&amp;c=%22">words</a></p>\n'


def test_a_table_keeps_its_shape_and_becomes_tabbed_text() -> None:
    cleaned = clean(
        "<table><caption>Teams<tr><th scope=col colspan=2 onclick=x>A<tr><td>1<td>2</table>"
    )
    assert '<th colspan="2" scope="col">A</th>' in cleaned
    assert to_text(cleaned) == "Teams\nA\n1\t2"


def test_text_has_one_empty_line_between_paragraphs() -> None:
    cleaned = clean(
        "<p>A &lt;b&gt; &amp; c</p><ul><li>d</li><li>e</li></ul><p>f<br>g</p>"
    )
    assert to_text(cleaned) == "A <b> & c\n\nd\ne\n\nf\ng"


def test_plain_gives_one_line() -> None:
    assert plain("<b>Fish</b> &amp; chips<br>daily") == "Fish & chips daily"


@pytest.mark.timeout(120)
def test_deep_nesting_keeps_the_words_and_ends() -> None:
    for opening in ("<div>", "<b>", "<ul><li>", "<blockquote>", "<table><tr><td>"):
        assert "words" in to_text(clean(opening * 50_000 + "words"))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.lists(
        st.one_of(
            st.sampled_from([f"<{tag}>" for tag in sorted(TAGS)]),
            st.sampled_from([f"</{tag}>" for tag in sorted(TAGS)]),
            st.sampled_from(
                ["<div>", "</div>", "<b>", "<script>", "</script>", "<br>"]
            ),
            st.sampled_from(["<a href='https://a.example/'>", "<svg>", "<!--", "-->"]),
            st.text(max_size=8),
        ),
        max_size=25,
    )
)
def test_cleaning_again_changes_nothing(pieces: list[str]) -> None:
    once = clean("".join(pieces))
    assert clean(once) == once
    to_text(once)
