"""NITF: a document says what it is, and may say what becomes of another."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from wiredesk.wire.formats import nitf
from wiredesk.wire.items import Kind, Link, Note, Status, UnreadableError, WireItem

One = Callable[[str], WireItem]


def test_a_document_is_read_in_full(item: One) -> None:
    story = item("nitf/story.xml")
    assert (story.format, story.kind, story.publishable) == ("nitf", Kind.STORY, True)
    assert (story.guid, story.version) == ("hln.0304.7", 2)
    cet = timezone(timedelta(hours=1))
    assert story.version_created == datetime(2026, 3, 4, 9, 15, tzinfo=cet)
    assert story.embargoed_until == datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
    assert story.expires == datetime(2026, 4, 4, tzinfo=UTC)
    assert story.signals == ("update",)
    assert story.language == "en-US"
    assert (story.headline, story.subheadline) == (
        "Mill burns at Osk",
        "No one was hurt",
    )
    assert story.slugline == "MILL-FIRE"
    assert story.bylines == ("Ada Brook", "Jon Falk")
    assert (story.dateline, story.located) == ("OSK, March 4", "OSK")
    assert story.keywords == ("mill", "fire")
    assert story.media_topics == ("03000000",)
    assert {subject.name for subject in story.subjects} == {"Fire", "Ada Brook"}
    assert (story.urgency, story.genre) == (4, "current")
    assert (story.credit, story.source) == ("Harbour Line News", "HLN")
    assert story.copyright_holder == "Harbour Line News"
    assert story.copyright_notice == "© 2026 Harbour Line News"
    assert story.usage_terms == "Print and web"
    assert story.editor_notes == (Note("Adds the cause."),)
    assert Link("du-key", "mill-fire") in story.links


def test_the_body_becomes_html_with_tables_and_quotations(item: One) -> None:
    body = item("nitf/story.xml").body_html
    assert "<p>OSK — The old mill burned &amp; fell.</p>\n<h2>Cause</h2>" in body
    assert "<blockquote><p>It was loud.</p>\n<p>A neighbour</p></blockquote>" in body
    assert '<caption>Engines</caption><tbody><tr><th scope="col">Town</th>' in body
    assert "<li>Two engines</li>" in body
    assert "Smoke" not in body


def test_media_become_pictures_and_video_is_named_as_dropped(item: One) -> None:
    story = item("nitf/story.xml")
    (picture,) = story.pictures
    assert picture.href == "https://pictures.harbourline.example/mill.jpg"
    assert picture.caption == "The mill on Friday."
    assert (picture.credit, picture.alt) == ("Lea Brandt", "Smoke over a mill")
    assert (picture.width, picture.height) == (1200, 800)
    assert any("video" in entry.reason for entry in story.dropped)


def test_an_external_dtd_is_read_past_and_its_characters_are_known(item: One) -> None:
    story = item("nitf/external-dtd.xml")
    assert story.headline == "Café — open"
    assert story.body_text == "A\u00a0b"
    assert story.bylines == ("Ada Brook", "Jon Falk", "Mira Olsen")


def test_a_document_can_kill_another(item: One) -> None:
    note = item("nitf/kills-another.xml")
    assert Link("kills", "hln.0304.6") in note.links
    assert (note.kind, note.publishable) == (Kind.ADVISORY, False)


def test_a_story_can_replace_another_and_be_shown_itself(item: One) -> None:
    story = item("nitf/replaces-another.xml")
    assert Link("withholds", "hln.0304.6") in story.links
    assert Link("corrects", "hln.0304.6") in story.links
    assert story.signals == ("correction",)
    assert story.editor_notes == (Note("Corrects the name of the town."),)
    assert story.publishable


def test_an_embargo_lifts_at_the_release_or_never(item: One) -> None:
    until = item("nitf/embargoed.xml")
    assert until.status is Status.EMBARGOED
    assert until.embargoed_until == datetime(2026, 3, 5, 6, 0, tzinfo=UTC)
    never = item("nitf/embargoed-without-end.xml")
    assert (never.status, never.embargoed_until) == (Status.EMBARGOED, None)


@pytest.mark.parametrize(
    ("name", "status"),
    [("canceled", Status.CANCELED), ("status-unknown", Status.UNKNOWN)],
)
def test_no_leave_to_publish_means_none(item: One, name: str, status: Status) -> None:
    story = item(f"nitf/{name}.xml")
    assert (story.status, story.publishable) == (status, False)


def test_a_kill_of_the_document_itself_is_no_advisory(samples: Path) -> None:
    raw = (samples / "nitf/canceled.xml").read_bytes()
    (story,) = nitf.read(raw.replace(b"Mill burns", b"MANDATORY KILL"))
    assert (story.kind, story.status) == (Kind.STORY, Status.CANCELED)


def test_an_absent_status_is_usable(item: One) -> None:
    assert item("nitf/bad-values.xml").status is Status.USABLE


def test_values_that_cannot_be_read_are_left_out_and_said(item: One) -> None:
    story = item("nitf/bad-values.xml")
    assert (story.urgency, story.embargoed_until) == (None, None)
    assert {entry.path for entry in story.dropped} == {
        "head/docdata/date.release",
        "head/docdata/urgency",
    }


def test_two_documents_without_id_are_two_items(item: One, samples: Path) -> None:
    raw = (samples / "nitf/without-id.xml").read_bytes()
    (other,) = nitf.read(raw.replace(b"Friday", b"Sunday"))
    story = item("nitf/without-id.xml")
    assert story.guid.startswith("urn:sha256:")
    assert other.guid != story.guid


def test_inner_markup_is_made_safe_and_bare_words_become_paragraphs(item: One) -> None:
    assert item("nitf/inner-markup.xml").body_html == (
        "<p>Safe words</p>\n<p>bare words</p>\n<p>and more</p>\n"
        "<pre>  7  3\n 12  1</pre>\n<hr>\n"
    )


def test_other_xml_is_refused() -> None:
    with pytest.raises(UnreadableError, match="no NITF"):
        nitf.read(b"<article/>")


def test_every_real_file_is_read_with_headline_and_body(wire_samples: Path) -> None:
    rows = csv.DictReader((wire_samples / "INDEX.tsv").open(), delimiter="\t")
    names = [row["local"] for row in rows if row["format"] == "nitf"]
    assert len(names) == 19
    for name in names:
        (story,) = nitf.read((wire_samples / name).read_bytes())
        assert story.headline, name
        assert story.body_html or "empty_body" in name or "head_only" in name, name


def test_a_real_document_keeps_its_fields(wire_samples: Path) -> None:
    name = "guardian+nitf-scala/src/test/resources/nitf-example-3.5.xml"
    (story,) = nitf.read((wire_samples / name).read_bytes())
    assert story.guid == "iptc.321656141.b"
    assert Link("kills", "iptc.321656141.a") in story.links
    assert story.media_topics == ("17000000", "04000000")
    assert story.dateline == "Newport News, VA"
    assert "<table>" in story.body_html
