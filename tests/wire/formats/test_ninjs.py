"""ninjs in all editions: what an agency says is what the item says, and no more."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wiredesk.wire.formats import ninjs
from wiredesk.wire.items import (
    Kind,
    Link,
    Note,
    Status,
    Subject,
    UnreadableError,
    WireItem,
)

SAMPLES = Path(__file__).parents[1] / "samples" / "ninjs"
MEDIA_TOPIC = "http://cv.iptc.org/newscodes/mediatopic/"


def only(name: str) -> WireItem:
    (item,) = ninjs.read((SAMPLES / name).read_bytes())
    return item


def of(**values: object) -> WireItem:
    (item,) = ninjs.read(json.dumps({"uri": "urn:example:x", **values}).encode())
    return item


def paths(item: WireItem) -> set[str]:
    return {entry.path for entry in item.dropped}


def test_a_story_of_ninjs_1_is_read_in_full() -> None:
    item = only("v1-story.json")
    assert (item.format, item.kind, item.status, item.publishable) == (
        "ninjs",
        Kind.STORY,
        Status.USABLE,
        True,
    )
    assert item.guid == "urn:newsml:northline.example:20260302:harbour-bridge"
    assert item.version == 3
    assert item.version_created == datetime(2026, 3, 2, 8, 45, 30, tzinfo=UTC)
    assert item.first_created == datetime(2026, 3, 2, 7, 10, tzinfo=UTC)
    assert item.expires == datetime(2027, 3, 2, tzinfo=UTC)
    assert item.headline == "Marrow Bay reopens its harbour bridge"
    assert item.subheadline == "Heavy lorries must wait until May"
    assert (item.slugline, item.located, item.language) == (
        "harbour-bridge",
        "Marrow Bay",
        "en",
    )
    assert item.urgency == 4
    assert item.genre == "Current"
    assert item.keywords == ("bridge", "harbour", "traffic")
    assert item.credit == "Northline Press"
    assert item.source == "Northline"
    assert item.copyright_holder == "Northline Press"
    assert item.copyright_notice == "© 2026 Northline Press"
    assert item.usage_terms == "Not for use in Farholm."


def test_a_byline_is_names_and_desks_without_by() -> None:
    assert only("v1-story.json").bylines == ("Ann Roe", "Bo Low", "Northline Press")
    assert of(byline="By Trade and Industry Desk").bylines == (
        "Trade and Industry Desk",
    )
    assert of(byline="Von Ida Quill, npa").bylines == ("Ida Quill", "npa")
    assert of(by="Cy Dee, Jr., and Ann Roe").bylines == ("Cy Dee, Jr.", "Ann Roe")
    assert of(by="By").bylines == ()
    assert of(by="Byron Von Hale").bylines == ("Byron Von Hale",)


def test_the_body_is_safe_and_repeats_neither_headline_nor_pictures() -> None:
    item = only("v1-story.json")
    assert item.body_html == (
        "<p>MARROW BAY (Northline) — The bridge <strong>opened</strong> at six.</p>\n"
        "<p>Traffic flowed.</p>\n"
    )
    assert item.body_text == (
        "MARROW BAY (Northline) — The bridge opened at six.\n\nTraffic flowed."
    )
    gull = item.pictures[-1]
    assert gull.href == "https://pictures.northline.example/gull.jpg"
    assert (gull.caption, gull.alt, gull.width, gull.height) == (
        "A gull watched.",
        "A gull on a rail",
        800,
        600,
    )


def test_an_editors_note_is_never_public() -> None:
    note = "Desk: call Ann on 555 0100 before noon."
    assert only("v1-story.json").editor_notes == (Note(note, public=False),)
    assert only("v3-embargo.json").editor_notes == (
        Note("For release on Friday night.", public=False),
    )


def test_iptc_codes_become_media_topics_and_own_codes_stay_subjects() -> None:
    item = only("v1-story.json")
    assert item.media_topics == ("20000337", "04000000")
    assert Subject("RW", "northline:beat", "road works") in item.subjects
    assert Subject("20000337", MEDIA_TOPIC, "transport") in item.subjects
    assert Subject(None, None, "Ida Quill") in item.subjects
    assert only("v2-story.json").media_topics == ("20000398",)
    assert only("v3-embargo.json").media_topics == ("15000000",)
    own = {"code": "16000000", "scheme": "http://agency.example/subref/"}
    assert of(subject=[own]).media_topics == ()
    assert of(subject=[{"code": "subj:18000000"}]).media_topics == ()


def test_the_lead_picture_comes_first_in_the_file_fit_for_a_page() -> None:
    lead, side, _ = only("v1-story.json").pictures
    assert lead.href == "https://pictures.northline.example/bridge.jpg"
    assert lead.alt == "Cars crossing a green steel bridge"
    assert lead.caption == "The first cars & vans."
    assert side.href == "https://pictures.northline.example/mayor-w.jpg"
    assert (side.width, side.height, side.mime) == (1400, 1050, "image/jpeg")
    assert side.guid == "urn:newsml:northline.example:20260302:mayor"
    assert side.credit == "Cy Dee/Northline Press"
    assert side.alt == "The mayor at the rail"
    assert len(side.renditions) == 4


def test_a_withheld_or_embargoed_picture_does_not_come_with_its_story() -> None:
    item = only("v1-story.json")
    shown = json.dumps(item.as_json()["pictures"])
    assert "crash" not in shown
    assert "gala" not in shown
    assert {"associations.held", "associations.later"} <= paths(item)
    over = {"type": "picture", "uri": "urn:p", "embargoed": "2026-01-01T00:00:00Z"}
    over["renditions"] = {"web": {"href": "https://p.example/a.jpg"}}  # type: ignore[assignment]
    sent = of(versioncreated="2026-01-02T00:00:00Z", associations={"main": over})
    assert [picture.href for picture in sent.pictures] == ["https://p.example/a.jpg"]


def test_ties_to_other_items_are_kept() -> None:
    assert only("v1-story.json").links == (
        Link("related", "urn:newsml:northline.example:20260228:ferry"),
        Link("evolvedfrom", "urn:newsml:northline.example:20260301:harbour-bridge"),
        Link("altid:slugid", "HB-77"),
    )


def test_what_is_not_carried_over_is_named() -> None:
    item = only("v1-story.json")
    assert {"housekeeping", "body_text", "description_text", "body"} <= paths(item)
    many = {f"x{number}": 1 for number in range(5000)}
    assert len(of(**many).dropped) < 150


def test_a_story_of_ninjs_2_is_read_in_full() -> None:
    item = only("v2-story.json")
    assert item.headline == "Ellsworth school wins kite prize"
    assert item.subheadline == "Forty kites over the dunes"
    assert item.body_html == "<p>Kites rose at noon.</p>\n"
    assert item.bylines == ("Pia Moss",)
    assert (item.source, item.genre) == ("Tidewater News", "Feature")
    (picture,) = item.pictures
    assert picture.href == "https://img.tidewater.example/9042.jpg"
    assert (picture.caption, picture.credit) == ("Kites over Ellsworth.", "Rolf Ek")
    assert Link("clip", "https://feeds.tidewater.example/items/9043") in item.links
    assert Link("altid:internal", "TW9041") in item.links
    assert {"bodies[0]", "bodies[1]", "descriptions[0]"} <= paths(item)


def test_a_story_of_ninjs_3_with_an_embargo_is_read_in_full() -> None:
    item = only("v3-embargo.json")
    assert item.embargoed_until == datetime(2026, 5, 1, 20, tzinfo=UTC)
    assert item.status is Status.USABLE
    assert item.copyright_holder == "Tidewater News"
    assert item.body_text == "First paragraph.\n\nSecond <paragraph> & more."


@pytest.mark.parametrize("name", ["endless-embargo.json", "unreadable-embargo.json"])
def test_an_embargo_without_a_readable_end_holds_for_good(name: str) -> None:
    item = only(name)
    assert item.status is Status.EMBARGOED
    assert item.embargoed_until is None
    assert "embargoed" in paths(item)


@pytest.mark.parametrize("value", [7, False, [], {}, "NaN", "  "])
def test_an_embargo_of_the_wrong_sort_is_still_an_embargo(value: object) -> None:
    assert of(embargoed=value).status is Status.EMBARGOED


def test_the_later_of_two_embargoes_counts() -> None:
    item = of(embargoed="2026-05-01T00:00:00Z", embargoedUntil="2026-06-01T00:00:00Z")
    assert item.embargoed_until == datetime(2026, 6, 1, tzinfo=UTC)
    assert (
        of(embargoed="", embargoedUntil="2026-06-01T00:00:00Z").embargoed_until is None
    )


def test_no_embargo_and_no_status_is_usable() -> None:
    assert of(headline="Yes", embargoed=None).status is Status.USABLE
    assert of(headline="Yes").publishable


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("usable", Status.USABLE),
        ("stat:usable", Status.USABLE),
        ("Withheld", Status.WITHHELD),
        ("canceled", Status.CANCELED),
        ("cancelled", Status.CANCELED),
        ("embargoed", Status.EMBARGOED),
        ("commissioned", Status.UNKNOWN),
        ("", Status.UNKNOWN),
        (None, Status.UNKNOWN),
        (["usable"], Status.UNKNOWN),
    ],
)
def test_a_status_is_known_or_unknown_never_guessed(
    word: object, status: Status
) -> None:
    for key in ("pubstatus", "pubStatus"):
        item = of(headline="H", **{key: word})
        assert item.status is status
        assert item.publishable is (status in (Status.USABLE, Status.EMBARGOED))


def test_an_item_that_says_nothing_is_not_for_readers() -> None:
    assert not of(type="text").publishable
    assert of(type="text", body_text="Something.").publishable


def test_a_kill_needs_no_more_than_the_uri() -> None:
    item = only("canceled.json")
    assert (item.status, item.publishable, item.version) == (Status.CANCELED, False, 4)
    assert not only("unknown-status.json").publishable


def test_copy_without_newscontent_among_its_signals_is_for_editors_only() -> None:
    item = only("advisory.json")
    assert (item.kind, item.publishable) == (Kind.ADVISORY, False)
    assert of(type="text", signals=[]).kind is Kind.ADVISORY
    assert of(headline="H", signals=["newscontent", "singlesource"]).publishable


def test_a_kill_that_reads_like_an_advisory_still_takes_its_story_down() -> None:
    words = {"headline": "MANDATORY KILL: Bridge", "body_text": "Kill the story."}
    assert of(**words).kind is Kind.ADVISORY
    kill = of(**words, pubstatus="canceled", signals=["advisory"])
    assert (kill.kind, kill.status) == (Kind.STORY, Status.CANCELED)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("text", Kind.STORY),
        ("picture", Kind.PICTURE),
        ("composite", Kind.PACKAGE),
        ("video", Kind.OTHER),
        ("audio", Kind.OTHER),
        ("graphic", Kind.OTHER),
        ("component", Kind.OTHER),
        ("event", Kind.PLANNING),
        ("planning", Kind.PLANNING),
        ("hologram", Kind.OTHER),
    ],
)
def test_only_text_is_a_story(word: str, kind: Kind) -> None:
    item = of(type=word, headline="H")
    assert item.kind is kind
    assert item.publishable is (kind is Kind.STORY)


def test_a_package_keeps_its_members_as_links() -> None:
    item = only("package.json")
    assert item.kind is Kind.PACKAGE
    assert not item.publishable
    assert item.links == (
        Link("main", "urn:example:flood"),
        Link("photo", "urn:example:flood-picture"),
    )


def test_a_composite_with_a_text_of_its_own_is_a_story() -> None:
    assert of(type="composite", body_xhtml="<p>Text.</p>").kind is Kind.STORY


def test_a_picture_item_brings_its_own_files() -> None:
    item = only("picture.json")
    assert item.kind is Kind.PICTURE
    (picture,) = item.pictures
    assert picture.href == "https://pictures.northline.example/gull.jpg"
    assert (picture.width, picture.height) == (2000, 1500)
    assert picture.guid == item.guid
    assert (picture.caption, picture.credit, picture.alt) == (
        "A gull at Marrow Bay on Monday.",
        "Cy Dee",
        "Gull on a rail",
    )


def test_superdesks_additions_are_understood() -> None:
    item = only("superdesk.json")
    assert item.bylines == ("Ann Roe", "Bo Low")
    assert (item.source, item.version) == ("NLP", 5)
    (picture,) = item.pictures
    assert picture.href == "https://pictures.northline.example/ferry-b.jpg"
    assert picture.caption == "The ferry."
    assert len(picture.renditions) == 2


def test_a_bad_entry_of_a_list_does_not_keep_a_kill_back() -> None:
    one, kill = ninjs.read((SAMPLES / "list-with-a-bad-entry.json").read_bytes())
    assert kill.status is Status.CANCELED
    assert [entry.path for entry in one.dropped] == ["[1]"]


def test_items_come_out_of_an_envelope_too() -> None:
    entry = {"uri": "urn:example:a", "headline": "A"}
    for name in ("items", "_items", "associations"):
        (item,) = ninjs.read(json.dumps({name: [entry]}).encode())
        assert item.guid == "urn:example:a"


def test_wrong_types_cost_the_field_not_the_item() -> None:
    item = only("wrong-types.json")
    assert item.version == "1.5"
    assert item.version_created is None
    assert item.urgency is None
    assert item.headline is None
    assert item.slugline == "name"
    assert item.keywords == ("kites",)
    assert Subject(None, None, "Farholm") in item.subjects
    assert item.source == "One Press"
    assert {"headline", "versioncreated", "urgency", "byline", "expires"} <= paths(item)
    json.dumps(item.as_json()).encode()


@pytest.mark.parametrize(
    ("version", "read"),
    [
        ("3", 3),
        (0, 0),
        ("00", 0),
        (2.0, 2),
        (1.5, "1.5"),
        ("1.1", "1.1"),
        ("final", "final"),
        ("1618095828123456789012345", 1618095828123456789012345),
        ("", None),
        (None, None),
        (True, None),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_a_version_is_a_number_where_it_is_one(version: object, read: object) -> None:
    assert of(version=version).version == read


def test_the_same_key_with_two_values_is_refused_where_it_decides() -> None:
    with pytest.raises(UnreadableError, match="pubstatus"):
        only("status-twice.json")
    with pytest.raises(UnreadableError, match="differ only in case"):
        ninjs.read(b'{"uri": "a", "pubStatus": "usable", "pubstatus": "canceled"}')
    (item,) = ninjs.read(
        b'{"uri": "a", "title": "T", "slugline": "x", "slugline": "y"}'
    )
    assert item.slugline == "y"
    assert paths(item) == {"slugline"}
    (item,) = ninjs.read(b'{"uri": "a", "title": "T", "expires": "", "expires": ""}')
    assert item.dropped == ()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"]
)
def test_every_unicode_encoding_of_json_is_read(encoding: str) -> None:
    text = json.dumps({"uri": "urn:é", "headline": "Fähre läuft"}, ensure_ascii=False)
    (item,) = ninjs.read(text.encode(encoding))
    assert (item.guid, item.headline) == ("urn:é", "Fähre läuft")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\x00\x00", "not JSON"),
        (b"{", "not JSON"),
        (b'{"uri": "a"', "not JSON"),
        (b"<nitf/>", "not JSON"),
        (b"PK\x03\x04\x00\x00\x00", "not JSON"),
        (b"\xff\xd8\xff\xe0", "not"),
        ('{"uri": "a", "headline": "Fähre"}'.encode("latin-1"), "UTF-8"),
        (b"[" * 100_000, "deep"),
        (b'{"a":' * 100_000, "deep"),
        (b'{"uri": "a", "version": ' + b"9" * 10_000 + b"}", "digits"),
        (b"[]", "no item"),
        (b"7", "a number"),
        (b'"text"', "text"),
        (b"null", "nothing"),
        (b"{}", "no uri"),
        (b'{"uri": ""}', "no uri"),
        (b'{"uri": 7}', "no uri"),
        (b'{"uri": "a\\u0000b"}', "control characters"),
        (b'{"uri": "a\\ud800b"}', "control characters"),
        (b'{"format": "digitalwires@0.9", "urn": "u", "associations": []}', "dpa"),
        (b'{"data": {"item": {"uri": "a"}}}', "Media API"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(
    raw: bytes, reason: str
) -> None:
    with pytest.raises(UnreadableError, match=reason):
        ninjs.read(raw)


def test_deep_nesting_inside_an_item_does_no_harm() -> None:
    deep = '{"a":' * 400 + "1" + "}" * 400
    (item,) = ninjs.read(f'{{"uri": "a", "person": {deep}, "other": {deep}}}'.encode())
    assert "other" in paths(item)


def test_iptcs_own_files_are_read(wire_samples: Path) -> None:
    """What the standard's test suite passes is read, and its examples are.

    One file among the examples is a schema, and five of those that must fail are no
    JSON or have no uri: they are refused, with a reason.
    """
    refused, seen = [], 0
    with (wire_samples / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        for row in csv.DictReader(index, delimiter="\t"):
            if not row["format"].startswith("ninjs-") or "schema" in row["format"]:
                continue
            seen += 1
            try:
                items = ninjs.read((wire_samples / row["local"]).read_bytes())
            except UnreadableError:
                refused.append(Path(row["local"]).name)
                continue
            for item in items:
                json.dumps(item.as_json()).encode()
    assert seen > 200
    assert sorted(refused) == [
        "001_no_uri_declared.json",
        "006_bad_genre.json",
        "010_body_must_be_string.json",
        "011_description_must_be_string.json",
        "012_location_not_object.json",
        "extension-schema.json",
    ]


def test_dpas_own_json_is_refused_by_name(wire_samples: Path) -> None:
    with (wire_samples / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        for row in csv.DictReader(index, delimiter="\t"):
            if row["format"] == "dpa-digitalwires-json":
                with pytest.raises(UnreadableError, match="dpa"):
                    ninjs.read((wire_samples / row["local"]).read_bytes())
