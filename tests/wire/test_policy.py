from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.wire.pipeline import make_feed
from wiredesk.topics.models import Topic
from wiredesk.wire.formats import newsml_g2
from wiredesk.wire.items import Kind, Status, Subject, WireItem
from wiredesk.wire.mapping import apply_mapping, mapping_problems
from wiredesk.wire.models import Feed, FeedRule
from wiredesk.wire.policy import freeze, rules_of

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def item(**values: object) -> WireItem:
    fields: dict[str, object] = {
        "format": "newsml-g2",
        "kind": Kind.STORY,
        "guid": "a",
        "status": Status.USABLE,
        "publishable": True,
    }
    return WireItem(**(fields | values))  # type: ignore[arg-type]


def policy(feed: Feed, **values: object) -> dict[str, object]:
    return freeze(feed, rules_of([feed.pk]).get(feed.pk, []), item(**values), NOW)


@pytest.fixture
def sport(db: None) -> Topic:
    top = Topic.objects.create(name="Sport", slug="sport-x", code="99000000")
    mid = Topic.objects.create(name="Ball", slug="ball-x", code="99000001", parent=top)
    Topic.objects.create(name="Tarn ball", slug="tarn-x", code="99000002", parent=mid)
    return top


def test_a_new_feed_holds_for_an_editor(db: None) -> None:
    feed = Feed.objects.create(name="New", slug="new", source="new")
    assert policy(feed)["publish"] == "hold"


def test_a_rule_for_a_topic_covers_the_narrower_ones(sport: Topic) -> None:
    feed = make_feed()
    FeedRule.objects.create(feed=feed, topic=sport, publish="hold", section="sport")
    narrow = policy(feed, media_topics=("99000002",))
    assert (narrow["publish"], narrow["section"]) == ("hold", "sport")
    assert "Sport" in str(narrow["why"])
    assert policy(feed, media_topics=("11000000",))["publish"] == "now"


def test_a_rule_for_a_narrow_topic_leaves_the_broader_alone(sport: Topic) -> None:
    feed = make_feed()
    narrow = Topic.objects.get(code="99000002")
    FeedRule.objects.create(feed=feed, topic=narrow, publish="hold")
    assert policy(feed, media_topics=("99000000",))["publish"] == "now"


def test_the_first_rule_that_says_something_decides_it(sport: Topic) -> None:
    feed = make_feed(section="news")
    FeedRule.objects.create(
        feed=feed, sort_order=0, urgency_from=1, urgency_to=2, publish="hold"
    )
    FeedRule.objects.create(feed=feed, sort_order=1, topic=sport, section="sport")
    FeedRule.objects.create(feed=feed, sort_order=2, publish="now", section="rest")
    urgent = policy(feed, urgency=1, media_topics=("99000000",))
    assert (urgent["publish"], urgent["section"]) == ("hold", "sport")
    calm = policy(feed, urgency=5)
    assert (calm["publish"], calm["section"]) == ("now", "rest")


def test_an_item_without_urgency_is_in_no_range(db: None) -> None:
    feed = make_feed()
    FeedRule.objects.create(feed=feed, urgency_from=1, publish="hold")
    assert policy(feed, urgency=None)["publish"] == "now"
    assert policy(feed, urgency=9)["publish"] == "hold"


def test_two_topics_that_are_each_others_parent_do_no_harm(sport: Topic) -> None:
    sport.parent = Topic.objects.get(code="99000002")
    sport.save()
    feed = make_feed()
    FeedRule.objects.create(feed=feed, topic=sport, publish="hold")
    assert policy(feed, media_topics=("99000001",))["publish"] == "hold"


def test_the_contracts_end_is_counted_from_the_first_receipt(db: None) -> None:
    feed = make_feed(retain_days=30)
    assert policy(feed)["retain_until"] == "2026-04-01T00:00:00+00:00"
    assert policy(make_feed("free"))["retain_until"] is None


@pytest.mark.parametrize(
    ("meaning", "status"),
    [("kill", Status.CANCELED), ("withhold", Status.WITHHELD)],
)
def test_a_private_signal_can_darken(meaning: str, status: Status) -> None:
    mapped = apply_mapping(
        item(signals=("STTinstruct:Remove",)),
        {"signals": {"sttinstruct:remove": meaning}},
    )
    assert (mapped.status, mapped.publishable) == (status, False)


def test_a_genre_for_editors_alone_is_no_story() -> None:
    mapping = {"genres": {"vorschau": "advisory"}}
    mapped = apply_mapping(item(genre="Vorschau"), mapping)
    assert (mapped.kind, mapped.publishable) == (Kind.ADVISORY, False)
    news = item(genre="Meldung")
    assert apply_mapping(news, mapping) == news
    assert apply_mapping(item(genre=None), {"genres": {"": "kill"}}).publishable


def test_a_mapping_can_never_give_leave() -> None:
    killed = item(status=Status.CANCELED, publishable=False, signals=("x:y",))
    for meaning in ("update", "withhold", "advisory", "nonsense"):
        mapped = apply_mapping(killed, {"signals": {"x:y": meaning}})
        assert mapped.status is Status.CANCELED
        assert not mapped.publishable


def test_a_meaning_we_dont_know_holds_the_item() -> None:
    for meaning in ("publish", 7, None):
        mapped = apply_mapping(item(signals=("x:y",)), {"signals": {"x:y": meaning}})
        assert (mapped.status, mapped.publishable) == (Status.UNKNOWN, False)


def test_codes_urgencies_and_language_are_translated() -> None:
    subjects = (Subject(code="6", scheme="house", name="Ferries"),)
    mapping = {
        "subjects": {"house:6": "20000160"},
        "urgency": 5,
        "language": "fi",
    }
    mapped = apply_mapping(item(subjects=subjects), mapping)
    assert mapped.media_topics == ("20000160",)
    assert (mapped.urgency, mapped.language) == (5, "fi")
    assert apply_mapping(item(urgency=1), {"urgencies": {"1": 2}}).urgency == 2


@pytest.mark.parametrize(
    "mapping",
    [
        [],
        {"unknown": {}},
        {"signals": []},
        {"signals": {"x": "publish"}},
        {"genres": {"x": "publish"}},
        {"subjects": {"a:b": "150"}},
        {"urgency": 0},
        {"urgencies": {"1": "2"}},
        {"language": 4},
        {"time_zone": "Sorrel/Bay"},
    ],
)
def test_a_mapping_that_cant_be_used_says_so_and_breaks_nothing(
    mapping: object,
) -> None:
    assert mapping_problems(mapping)
    if isinstance(mapping, dict):
        apply_mapping(item(signals=("x",), urgency=1), mapping)


def test_a_good_mapping_has_no_problems() -> None:
    good = {"signals": {"tt_sig:replace": "update"}, "subjects": {"a:b": "15000000"}}
    assert mapping_problems(good) == []


ZONELESS = b"""<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:a"
  version="1"><itemMeta><versionCreated>2026-03-02T08:00:00Z</versionCreated>
  <embargoed>2026-03-02T18:00:00</embargoed><expires>2026-04-01T00:00:00</expires>
  </itemMeta><contentMeta><headline>Ferry fares</headline></contentMeta></newsItem>"""


def test_an_embargo_without_a_zone_never_lifts_early_wherever_it_was_written() -> None:
    (read,) = newsml_g2.read(ZONELESS)
    mapped = apply_mapping(read, {})
    assert mapped.embargoed_until == datetime(2026, 3, 3, 6, tzinfo=UTC)
    assert mapped.expires == datetime(2026, 3, 31, 10, tzinfo=UTC)
    assert mapped.version_created == datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_a_feeds_zone_says_whose_clock_it_was() -> None:
    (read,) = newsml_g2.read(ZONELESS)
    mapped = apply_mapping(read, {"time_zone": "America/Denver"})
    assert mapped.embargoed_until == datetime(2026, 3, 3, 1, tzinfo=UTC)
    assert mapped.version_created == datetime(2026, 3, 2, 8, tzinfo=UTC)
