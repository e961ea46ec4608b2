"""What the demo's agencies send: readable, varied, fresh, and every lifecycle in it."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from wiredesk.demo.deliveries import Delivery, deliveries
from wiredesk.demo.feeds import feeds, section_for, sections
from wiredesk.demo.markup import parse, plain
from wiredesk.demo.pictures.captions import CAPTIONS
from wiredesk.demo.standing_pages import standing_pages
from wiredesk.demo.station import authors, station_stories
from wiredesk.demo.story import Copy, copies
from wiredesk.wire.formats.detect import read
from wiredesk.wire.items import Kind, Status, UnreadableError, WireItem

START = datetime(2031, 3, 4, 15, 0, tzinfo=UTC)
FEEDS = ("meridian", "halyard", "lodestar", "newsroom")


@pytest.fixture(scope="module")
def sent() -> list[Delivery]:
    return deliveries(START)


@pytest.fixture(scope="module")
def items(sent: list[Delivery]) -> dict[str, list[WireItem]]:
    found: dict[str, list[WireItem]] = {}
    for delivery in sent:
        try:
            found[delivery.name] = read(delivery.content)
        except UnreadableError:
            found[delivery.name] = []
    return found


def everything() -> list[Copy]:
    return list(itertools.chain.from_iterable(copies(feed) for feed in FEEDS))


def versions(items: dict[str, list[WireItem]], slug: str) -> list[WireItem]:
    return [i for i in itertools.chain(*items.values()) if i.guid.endswith(f":{slug}")]


def test_there_are_eighty_stories_and_no_two_share_a_sentence() -> None:
    first = [c for c in everything() if c.version == 1 and not c.advisory]
    assert len(first) >= 80
    seen: Counter[str] = Counter()
    for copy in first:
        for paragraph in plain(parse(copy.text)).split("\n\n"):
            seen.update({s for s in paragraph.split(". ") if len(s) > 50})
    assert [sentence for sentence, count in seen.items() if count > 1] == []


def test_stories_for_readers_have_four_to_fourteen_blocks() -> None:
    short = {"dam-gate-flash", "harbour-fog", "withheld-settlement"}
    for copy in everything():
        if copy.status == "usable" and not copy.advisory and copy.slug not in short:
            assert 4 <= len(parse(copy.text)) <= 14, copy.slug


def test_only_the_torn_file_cannot_be_read(items: dict[str, list[WireItem]]) -> None:
    assert [name for name, found in items.items() if not found] == [
        "halyard-transfer-0417.xml"
    ]


def test_every_format_is_sent(items: dict[str, list[WireItem]]) -> None:
    found = {item.format for item in itertools.chain(*items.values())}
    assert found == {"newsml-g2", "nitf", "ninjs", "rss", "atom"}
    forms = {c.form for c in everything()}
    assert forms >= {"ninjs1", "ninjs2", "ninjs3", "g2", "g2-message", "g2-package"}
    kinds = {item.kind for item in itertools.chain(*items.values())}
    assert kinds >= {Kind.STORY, Kind.PICTURE, Kind.PACKAGE, Kind.ADVISORY}


def test_what_was_written_is_what_is_read(items: dict[str, list[WireItem]]) -> None:
    written = {(c.feed, c.slug): c for c in everything() if c.version == 1}
    for item in itertools.chain(*items.values()):
        if item.kind is not Kind.STORY:
            continue
        copy = written[
            item.guid.split(":")[2].removesuffix(".example"), item.guid.split(":")[4]
        ]
        assert item.headline
        assert item.body_text
        assert item.language == copy.language
        assert set(copy.topics) <= set(item.media_topics)
        if copy.byline and item.status is Status.USABLE:
            assert copy.byline in item.bylines
        assert item.version_created is not None
        assert "{" not in item.headline + item.body_text
        if item.status is Status.USABLE and copy.picture:
            assert f"pictures/{copy.picture}.jpg" in {p.href for p in item.pictures}


def test_the_last_twenty_arrive_one_by_one_within_some_three_minutes(
    sent: list[Delivery],
) -> None:
    delays = [delivery.delay for delivery in sent]
    assert all(delay is None for delay in delays[:-20])
    live = [delay for delay in delays[-20:] if delay is not None]
    assert len(live) == 20
    assert live == sorted(set(live))
    assert live[-1] <= 190


def test_nothing_is_older_than_thirty_hours_or_from_after_its_arrival(
    sent: list[Delivery], items: dict[str, list[WireItem]]
) -> None:
    for delivery in sent:
        arrival = START + timedelta(seconds=delivery.delay or 0)
        for item in items[delivery.name]:
            assert item.version_created is not None
            assert START - timedelta(hours=30) <= item.version_created <= arrival


def test_names_of_files_are_unique(sent: list[Delivery]) -> None:
    assert max(Counter((d.feed, d.name) for d in sent).values()) == 1


def test_a_developing_story_comes_in_three_versions(
    items: dict[str, list[WireItem]],
) -> None:
    assert [i.version for i in versions(items, "river-crest")] == [1, 2, 3]


def test_a_correction_carries_words_for_the_public(
    items: dict[str, list[WireItem]],
) -> None:
    first, second = versions(items, "school-budget-gap")
    assert "$6.3 million" in first.body_text
    assert "sig:correction" in second.signals
    public = [note.text for note in second.editor_notes if note.public]
    assert any("$3.6 million" in text for text in public)


def test_a_live_story_is_killed_ninety_seconds_in(
    sent: list[Delivery], items: dict[str, list[WireItem]]
) -> None:
    live, kill = versions(items, "hask-mill-buyer")
    assert live.status is Status.USABLE
    assert kill.status is Status.CANCELED
    assert kill.guid == live.guid
    assert next(d.delay for d in sent if "hask-mill-buyer-v2" in d.name) == 90


def test_an_embargo_lifts_two_minutes_in_and_one_story_expires(
    items: dict[str, list[WireItem]],
) -> None:
    (embargoed,) = versions(items, "jobless-report")
    assert embargoed.embargoed_until == START + timedelta(minutes=2)
    (expiring,) = versions(items, "overnight-closure")
    assert expiring.expires == START + timedelta(seconds=150)


def test_an_advisory_and_a_withheld_item_give_no_leave_to_publish(
    items: dict[str, list[WireItem]],
) -> None:
    (advisory,) = versions(items, "advisory-day-plan")
    assert (advisory.kind, advisory.publishable) == (Kind.ADVISORY, False)
    (withheld,) = versions(items, "withheld-settlement")
    assert (withheld.status, withheld.publishable) == (Status.WITHHELD, False)


def test_the_rules_have_something_to_hold(items: dict[str, list[WireItem]]) -> None:
    (flash,) = versions(items, "dam-gate-flash")
    (charge,) = versions(items, "cold-case")
    rules = next(feed for feed in feeds() if feed.slug == "meridian").holds
    assert any(r.urgency_up_to and flash.urgency == r.urgency_up_to for r in rules)
    assert any(r.topic in charge.media_topics for r in rules)


def test_a_first_version_arrives_after_its_second(sent: list[Delivery]) -> None:
    names = [delivery.name for delivery in sent]
    first = next(n for n in names if "harbour-fog-v1" in n)
    second = next(n for n in names if "harbour-fog-v2" in n)
    assert names.index(second) < names.index(first)


def test_an_arabic_story_reads_from_right_to_left(
    items: dict[str, list[WireItem]],
) -> None:
    (story,) = versions(items, "qanat-revival")
    assert story.language == "ar"
    assert "القناة" in story.body_text


def test_every_section_gets_stories() -> None:
    found = {section_for(c.topics) for c in everything()}
    assert found == {section.slug for section in sections()}


def test_the_stations_stories_name_authors_sections_and_pictures_that_exist() -> None:
    people = {author.slug for author in authors()}
    slugs = {section.slug for section in sections()}
    stories = station_stories(START)
    assert len(stories) >= 12
    for story in stories:
        assert set(story.authors) <= people
        assert story.section in slugs
        assert story.picture in {"", *CAPTIONS}
        assert story.published < START


def test_the_footer_has_its_pages() -> None:
    slugs = [page.slug for page in standing_pages()]
    assert slugs == [
        "about",
        "community-guidelines",
        "corrections",
        "contact",
        "privacy",
    ]
    assert all(len(page.body_html) > 1000 for page in standing_pages())
