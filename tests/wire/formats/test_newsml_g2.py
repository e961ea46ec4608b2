"""NewsML-G2: what the agency says is what the item says; in doubt, nothing is shown."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from wiredesk.wire.formats import newsml_g2
from wiredesk.wire.items import Kind, Link, Note, Status, Subject, WireItem

One = Callable[[str], WireItem]
Many = Callable[[str], list[WireItem]]
MEDIA_TOPIC = "http://cv.iptc.org/newscodes/mediatopic/"
CET = timezone(timedelta(hours=1))


def paths(item: WireItem) -> set[str]:
    return {entry.path for entry in item.dropped}


def test_a_story_is_read_in_full(item: One) -> None:
    story = item("newsml-g2/story.xml")
    assert story.format == "newsml-g2"
    assert (story.kind, story.status, story.publishable) == (
        Kind.STORY,
        Status.USABLE,
        True,
    )
    assert story.guid == "urn:newsml:harbourline.example:20260304:ferry"
    assert story.version == 3
    assert story.version_created == datetime(2026, 3, 4, 9, 15, tzinfo=CET)
    assert story.first_created == datetime(2026, 3, 4, 7, 0, tzinfo=UTC)
    assert story.expires == datetime(2026, 4, 4, tzinfo=UTC)
    assert story.embargoed_until is None
    assert story.signals == ("sig:update",)
    assert story.language == "en-GB"
    assert story.headline == "Ferry to Osk runs again"
    assert story.subheadline == "Two boats, and a lower fare"
    assert story.slugline == "OSK-FERRY"
    assert story.bylines == ("Ines Varga", "Tom Adeyemi")
    assert story.dateline == "WESTERMOLE, March 4 (HLN)"
    assert story.located == "Westermole"
    assert story.keywords == ("ferry", "Osk")
    assert (story.urgency, story.genre) == (3, "Current")
    assert (story.credit, story.source) == ("Harbour Line News",) * 2
    assert story.copyright_holder == "Harbour Line News Ltd"
    assert story.copyright_notice == "© 2026 Harbour Line News Ltd"
    assert story.usage_terms == "Not for use after 30 days."
    assert story.editor_notes == (Note("Adds the fares."),)
    assert story.links == (
        Link("previousVersion", "urn:newsml:harbourline.example:20260303:ferry"),
        Link("altId", "FERRY-1"),
    )


def test_the_body_stays_as_it_came_dateline_included(item: One) -> None:
    story = item("newsml-g2/story.xml")
    assert story.body_html == (
        "<p>WESTERMOLE (HLN) — The ferry to Osk runs again from Monday.</p>\n"
        "<p>Two new boats take 90 cars each.</p>\n"
    )
    assert story.body_text == (
        "WESTERMOLE (HLN) — The ferry to Osk runs again from Monday.\n\n"
        "Two new boats take 90 cars each."
    )


def test_subjects_keep_their_names_and_give_media_topics(item: One) -> None:
    story = item("newsml-g2/story.xml")
    assert story.subjects[0] == Subject("20000337", MEDIA_TOPIC, "sea transport")
    assert story.subjects[1] == Subject("77", "hlntopic", "harbours")
    assert story.subjects[3] == Subject("Osk Line", None, None)
    assert set(story.media_topics) == {"20000337", "20000340", "04000000"}


def test_what_is_not_carried_over_is_named(item: One) -> None:
    assert paths(item("newsml-g2/story.xml")) == {
        "itemMeta/service",
        "contentMeta/infoSource",
        "contentMeta/description",
    }


@pytest.mark.parametrize("name", ["embargo-without-end", "embargo-unreadable"])
def test_an_embargo_without_an_end_holds_the_story_forever(
    item: One, name: str
) -> None:
    story = item(f"newsml-g2/{name}.xml")
    assert story.status is Status.EMBARGOED
    assert story.embargoed_until is None
    assert "itemMeta/embargoed" in paths(story)


def test_an_embargo_with_an_end_says_when(item: One) -> None:
    story = item("newsml-g2/embargo-until.xml")
    assert story.embargoed_until == datetime(2026, 3, 5, 6, 0, tzinfo=CET)
    assert story.publishable


def test_a_canceled_item_is_never_publishable(item: One) -> None:
    story = item("newsml-g2/canceled.xml")
    assert (story.status, story.publishable) == (Status.CANCELED, False)


def test_a_kill_of_the_item_itself_is_no_advisory(samples: Path) -> None:
    raw = (samples / "newsml-g2/canceled.xml").read_bytes()
    (story,) = newsml_g2.read(raw.replace(b"Ferry", b"MANDATORY KILL: Ferry"))
    assert (story.kind, story.status) == (Kind.STORY, Status.CANCELED)


def test_a_withheld_item_stays_withheld_under_an_embargo(item: One) -> None:
    story = item("newsml-g2/withheld-and-embargoed.xml")
    assert (story.status, story.publishable) == (Status.WITHHELD, False)


def test_a_status_nobody_knows_is_held_and_an_absent_one_is_usable(item: One) -> None:
    unknown = item("newsml-g2/status-unknown.xml")
    assert (unknown.status, unknown.publishable) == (Status.UNKNOWN, False)
    absent = item("newsml-g2/status-absent.xml")
    assert (absent.status, absent.publishable) == (Status.USABLE, True)


@pytest.mark.parametrize("name", ["kill-advisory", "no-newscontent"])
def test_word_to_editors_is_no_story(item: One, name: str) -> None:
    advisory = item(f"newsml-g2/{name}.xml")
    assert (advisory.kind, advisory.publishable) == (Kind.ADVISORY, False)


@pytest.mark.parametrize(
    "headline",
    [
        "Advisory board meets in Osk",
        "School drops mandatory kill switch",
        "Kill Bill returns to the harbour cinema",
    ],
)
def test_news_about_advisories_and_kills_stays_news(
    samples: Path, headline: str
) -> None:
    raw = (samples / "newsml-g2/status-absent.xml").read_text()
    (story,) = newsml_g2.read(raw.replace("Ferry", headline).encode())
    assert (story.headline, story.kind) == (headline, Kind.STORY)


def test_notes_are_internal_unless_wholly_marked_public(item: One) -> None:
    story = item("newsml-g2/notes.xml")
    public = [note.text for note in story.editor_notes if note.public]
    assert public == ["An earlier version gave a wrong fare."]
    assert len(story.editor_notes) == 3
    assert "555" not in story.body_html + "".join(public)


def test_a_version_is_a_whole_number_of_any_size(item: One) -> None:
    assert item("newsml-g2/version-giant.xml").version == 161809582816180958281618095828
    assert item("newsml-g2/version-zero.xml").version == 0
    assert item("newsml-g2/version-absent.xml").version is None


def test_the_body_is_read_for_what_it_is_not_for_its_label(item: One) -> None:
    story = item("newsml-g2/lying-type.xml")
    assert story.body_html == "<p>First line</p>\n<p>Second line</p>\n"


def test_nitf_inside_gives_what_the_item_itself_leaves_out(item: One) -> None:
    story = item("newsml-g2/nitf-inside.xml")
    assert story.headline == "Lighthouse sold"
    assert story.bylines == ("Mira Olsen",)
    assert story.dateline == "OSK (HLN)"
    assert "<h2>The price</h2>" in story.body_html


def test_inline_data_is_html_or_text_whichever_it_is(item: One) -> None:
    html = item("newsml-g2/inline-data.xml")
    assert html.body_html == "<p>One <strong>bold</strong> boat.</p>\n<p>Two.</p>\n"
    plain = item("newsml-g2/inline-plain.xml")
    assert plain.body_text == "One boat < two boats.\n\nSecond paragraph."


def test_an_inline_catalog_outranks_the_common_aliases(item: One) -> None:
    story = item("newsml-g2/own-catalog.xml")
    assert story.media_topics == ("15000000",)
    assert story.subjects[1].scheme == "http://harbourline.example/own-topics/"


def test_addresses_stand_for_codes(item: One) -> None:
    story = item("newsml-g2/codes-by-address.xml")
    assert set(story.media_topics) == {"20000337", "04000000"}
    assert story.signals == ("http://cv.iptc.org/newscodes/signal/correction",)


def test_a_hostile_body_loses_everything_but_its_words(item: One) -> None:
    story = item("newsml-g2/hostile-body.xml")
    assert story.body_html == (
        '<p>Safe words <a href="https://harbourline.example/a?b=1&amp;c=2">link</a></p>\n'
        "<p>Asked</p>\n"
    )
    assert story.pictures[0].href == "https://harbourline.example/p.jpg"
    assert story.headline == "Ferry <script>"


def test_a_time_without_zone_is_read_as_utc_and_said(item: One) -> None:
    story = item("newsml-g2/odd-dates.xml")
    assert story.first_created == datetime(2026, 3, 4, 7, 0, tzinfo=UTC)
    assert story.expires is None
    assert {"itemMeta/firstCreated", "itemMeta/expires"} <= paths(story)


def test_an_item_with_nothing_to_show_is_not_publishable(item: One) -> None:
    assert not item("newsml-g2/nothing-to-show.xml").publishable


def test_an_item_without_id_is_named_by_its_bytes(item: One) -> None:
    story = item("newsml-g2/without-id.xml")
    assert story.guid.startswith("urn:sha256:")
    assert story.guid == item("newsml-g2/without-id.xml").guid


def test_a_picture_is_its_own_item_with_caption_and_credit(item: One) -> None:
    picture = item("newsml-g2/picture.xml")
    assert (picture.kind, picture.publishable) == (Kind.PICTURE, False)
    (shown,) = picture.pictures
    assert shown.href == "https://pictures.harbourline.example/1.jpg"
    assert (shown.width, shown.height, shown.mime) == (3000, 2000, "image/jpeg")
    assert shown.caption == "The quay at Westermole on Tuesday."
    assert (shown.credit, shown.guid) == ("Lea Brandt/HLN", picture.guid)
    assert [rendition.name for rendition in shown.renditions] == [
        "thumbnail",
        "highRes",
    ]


def test_a_packages_pictures_go_with_its_text_and_no_other(items: Many) -> None:
    found = {entry.guid: entry for entry in items("newsml-g2/message-with-package.xml")}
    text = found["urn:x:msg:text"]
    assert [picture.guid for picture in text.pictures] == ["urn:x:msg:pic1"]
    assert {"picture urn:x:msg:pic2", "picture urn:x:msg:pic3"} <= paths(text)
    assert found["urn:x:msg:other"].pictures == ()
    assert found["urn:x:msg:pic2"].status is Status.WITHHELD


def test_every_kind_of_item_comes_out_of_a_message(items: Many) -> None:
    kinds = [entry.kind for entry in items("newsml-g2/message-all-kinds.xml")]
    assert kinds == [
        Kind.STORY,
        Kind.PICTURE,
        Kind.PACKAGE,
        Kind.CONCEPT,
        Kind.KNOWLEDGE,
        Kind.PLANNING,
        Kind.CATALOG,
    ]


def test_the_same_guid_twice_in_a_message_comes_out_twice(items: Many) -> None:
    found = items("newsml-g2/message-duplicate-guids.xml")
    assert [(entry.guid, entry.version) for entry in found] == [
        ("urn:x:msg:text", 1),
        ("urn:x:msg:text", 2),
        ("urn:x:msg:text", 2),
    ]


def test_a_package_names_its_members(item: One) -> None:
    package = item("newsml-g2/package-alone.xml")
    assert package.kind is Kind.PACKAGE
    assert Link("member", "urn:x:msg:pic1") in package.links


def test_every_real_file_is_read_and_can_be_printed(wire_samples: Path) -> None:
    rows = csv.DictReader((wire_samples / "INDEX.tsv").open(), delimiter="\t")
    names = [row["local"] for row in rows if row["format"].startswith("newsml-g2")]
    assert len(names) > 200
    for name in names:
        for entry in newsml_g2.read((wire_samples / name).read_bytes()):
            assert entry.guid, name
            json.dumps(entry.as_json()).encode()


def test_a_real_story_keeps_its_fields_and_its_contacts_internal(
    wire_samples: Path,
) -> None:
    name = "dpa-newslab+dpa-digitalwires-to-newsmlg2/tests/data/output/dw-1.xml"
    (story,) = newsml_g2.read((wire_samples / name).read_bytes())
    assert story.bylines == ("Marco Krefting", "Sunrita Sen", "dpa")
    assert story.dateline == "Waghäusel (dpa) -"
    assert story.media_topics == ("20000768",)
    assert story.version == 2
    assert "+49" not in story.body_html
    assert any("+49" in note.text for note in story.editor_notes)
    assert not any(note.public for note in story.editor_notes)
    assert not story.body_html.startswith("<h2>")
