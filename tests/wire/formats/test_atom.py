"""Atom: entries, their feed's word, and the ones that are taken back."""

from __future__ import annotations

import ast
import csv
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wiredesk.lib.html import clean, to_text
from wiredesk.wire.formats import atom
from wiredesk.wire.items import Kind, Link, Note, Status, UnreadableError, WireItem

SAMPLES = Path(__file__).parents[1] / "samples" / "atom"


def items(name: str) -> list[WireItem]:
    return atom.read((SAMPLES / name).read_bytes())


def of(inside: str) -> WireItem:
    feed = f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id>{inside}</entry></feed>"
    (item,) = atom.read(feed.encode())
    return item


def test_an_entry_is_read_in_full() -> None:
    item = items("feed.xml")[0]
    assert (item.format, item.kind, item.status) == ("atom", Kind.STORY, Status.USABLE)
    assert item.publishable
    assert item.guid == "tag:fjord.example,2026:1"
    assert item.version is None
    assert item.version_created == datetime(2026, 3, 3, 8, 30, tzinfo=UTC)
    assert item.first_created == datetime(2026, 3, 3, 8, tzinfo=UTC)
    assert item.headline == "Boat Vinga & crew home"
    assert item.language == "sv"
    assert item.keywords == ("boats",)
    assert item.media_topics == ("20000344",)
    assert item.usage_terms == "https://licences.example/by"
    assert item.links == (
        Link("alternate", "https://fjord.example/1"),
        Link("related", "https://fjord.example/0"),
        Link("via", "https://northline.example/boat"),
    )


def test_xhtml_is_cleaned_its_links_resolved_and_its_images_pictures() -> None:
    item = items("feed.xml")[0]
    assert item.body_html == (
        "<p>The crew <strong>waved</strong>.</p>\n"
        '<p>Then <a href="https://fjord.example/img/map">slept</a>.</p>\n'
    )
    boat, crew = item.pictures
    assert boat.href == "https://fjord.example/img/vinga.jpg"
    assert crew.href == "https://fjord.example/img/crew.jpg"
    assert (crew.caption, crew.alt) == ("The crew.", "Five sailors")


def test_what_the_feed_says_counts_where_the_entry_is_silent() -> None:
    first, second, *_ = items("feed.xml")
    assert first.bylines == ("Fjord desk",)
    assert (first.copyright_notice, first.source) == ("© Fjord News", "Fjord News")
    assert second.bylines == ("Ann Roe", "Bo Low")
    assert (second.copyright_notice, second.source) == (
        "© Northline Press",
        "Northline",
    )


def test_text_is_text_and_never_markup() -> None:
    item = items("feed.xml")[1]
    assert item.headline == "1 < 2 & 3"
    assert item.body_html == "<p>Plain &lt;b&gt; text.</p>\n"
    assert item.body_text == "Plain <b> text."


def test_content_elsewhere_leaves_the_summary() -> None:
    item = items("feed.xml")[2]
    assert item.body_text == "In short."
    assert "content" in {entry.path for entry in item.dropped}


def test_a_deleted_entry_is_a_cancellation() -> None:
    item = items("feed.xml")[3]
    assert item.guid == "tag:fjord.example,2026:0"
    assert (item.status, item.publishable, item.kind) == (
        Status.CANCELED,
        False,
        Kind.STORY,
    )
    assert item.version_created == datetime(2026, 3, 3, 11, tzinfo=UTC)
    assert item.editor_notes == (Note("Wrong boat.", public=False),)


def test_a_draft_is_withheld() -> None:
    (item,) = items("draft.xml")
    assert (item.status, item.publishable) == (Status.WITHHELD, False)
    assert of("<title>T</title>").publishable


def test_atom_03_is_read() -> None:
    (item,) = items("atom-03.xml")
    assert item.headline == "Old boat"
    assert item.body_text == "It floats."
    assert item.version_created == datetime(2004, 4, 20, 11, 56, 34, tzinfo=UTC)
    assert item.first_created == datetime(2004, 4, 20, 0, 23, 47, tzinfo=UTC)
    assert item.copyright_notice == "© Old Fjord"


def test_an_entry_without_id_is_its_link_or_a_digest() -> None:
    link, title = items("no-ids.xml")
    assert link.guid == "https://fjord.example/x"
    assert re.fullmatch("urn:sha256:[0-9a-f]{64}", title.guid)
    assert title.guid == items("no-ids.xml")[1].guid
    assert [entry.path for entry in link.dropped][-2:] == [
        "entry[3]",
        "deleted-entry[4]",
    ]


def test_nothing_hostile_comes_through() -> None:
    item = of(
        "<title type='html'>T&lt;script>x&lt;/script></title><link href='javascript:x'/>"
        "<content type='html'>&lt;p onclick='x'>W&lt;/p>&lt;style>p{}&lt;/style></content>"
        "<link rel='enclosure' type='image/png' href='data:image/png;base64,AA'/>"
    )
    assert (item.headline, item.body_html) == ("T", "<p>W</p>\n")
    assert (item.links, item.pictures) == ((), ())


def test_a_feed_that_forgot_its_namespace_is_read() -> None:
    (item,) = atom.read(b"<feed><entry><id>1</id><title>T</title></entry></feed>")
    assert (item.guid, item.headline) == ("1", "T")


def test_a_figure_full_of_images_is_walked_through_once() -> None:
    images = "&lt;img src='data:x'>" * 60_000
    item = of(f"<title>T</title><content type='html'>&lt;figure>{images}</content>")
    assert item.pictures == ()


def test_an_empty_feed_lists_nothing() -> None:
    assert atom.read(b"<feed xmlns='http://www.w3.org/2005/Atom'/>") == []


@pytest.mark.parametrize(
    "raw", [b"", b"<feed>", b"<rss/>", b"<feed><entry/></feed>", b"{}"], ids=range(5)
)
def test_what_is_no_atom_is_refused(raw: bytes) -> None:
    with pytest.raises(UnreadableError):
        atom.read(raw)


_EXPECTED = re.compile(
    r"Expect:\s*not bozo and entries\[0\]\['(title|id|link|summary|content'\]\[0\]\['value)"
    r"'\] == (u?'[^'\n]*'|u?\"[^\"\n]*\")\s*$",
    re.MULTILINE,
)
# Base addresses from HTTP; elements left open; base64 where Atom 1.0 has none; text
# taken for markup; the summary of an entry that has content too.
_OTHERWISE = re.compile(
    r"http_entry_id|_iframe|_object|_base64|plain_brackets|content_and_summary|nested_cdata"
)


def test_a_feed_readers_own_test_files_are_read_as_it_expects(
    wire_samples: Path,
) -> None:
    """Feedparser's Atom files say what they expect; each is read so, or refused."""
    checked = 0
    with (wire_samples / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        for row in csv.DictReader(index, delimiter="\t"):
            if row["format"] != "atom":
                continue
            raw = (wire_samples / row["local"]).read_bytes()
            try:
                read = atom.read(raw)
            except UnreadableError:
                continue
            for item in read:
                json.dumps(item.as_json()).encode()
            expected = _EXPECTED.search(raw.decode("utf-8", "replace"))
            if not (read and expected) or _OTHERWISE.search(row["local"]):
                continue
            checked += 1
            item = read[0]
            wanted, name = ast.literal_eval(expected[2]), expected[1]
            if name == "id":
                found = item.guid
            elif name == "link":
                found = item.links[0].guid
            else:
                found = (item.headline or "") if name == "title" else item.body_text
                wanted = to_text(clean(wanted))
            assert found.split() == wanted.split(), row["local"]
    assert checked > 100
