"""Public search: what a reader types finds what is public, and never breaks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wiredesk.delivery.actions.index_stories import index_stories
from wiredesk.delivery.models import BodyPicture, SearchEntry
from wiredesk.delivery.search import postgresql
from wiredesk.delivery.search.find import MOST, SearchPage, search
from wiredesk.delivery.search.snippets import highlight, snippet
from wiredesk.delivery.search.words import parse
from wiredesk.stories.models import Picture, Story, StoryStanding
from wiredesk.topics.models import Topic

if TYPE_CHECKING:
    from tests.delivery.conftest import Newsroom


def find(query: str, **narrowed: Any) -> SearchPage:
    return search(query=query, **{"now": timezone.now(), **narrowed})


def headlines(query: str, **narrowed: Any) -> list[str]:
    return [story.headline for story in find(query, **narrowed).stories]


class TestWords:
    def test_every_word_must_occur_somewhere_in_the_story(
        self, newsroom: Newsroom
    ) -> None:
        newsroom.story("Ferry returns", body="<p>The harbour cheered.</p>")
        newsroom.story("Ferry sinks", body="<p>Nobody was hurt.</p>")
        assert headlines("ferry harbour") == ["Ferry returns"]
        assert headlines("ferry zeppelin") == []

    def test_a_phrase_is_words_in_a_row(self, newsroom: Newsroom) -> None:
        newsroom.story("City council meets")
        newsroom.story("Council of the city")
        for order in ("newest", "best"):
            assert headlines('"city council"', order=order) == ["City council meets"]
            apart = headlines('city -"city council"', order=order)
            assert apart == ["Council of the city"]
        assert len(headlines("city council")) == 2

    def test_letters_and_digits_in_a_row_are_one_word(self, newsroom: Newsroom) -> None:
        newsroom.story("Batch 12e3ab recalled")
        newsroom.story("Batch 12e3 of plant ab recalled")
        for order in ("newest", "best"):
            assert headlines("12e3ab", order=order) == ["Batch 12e3ab recalled"]
            without = headlines("batch -12e3ab", order=order)
            assert without == ["Batch 12e3 of plant ab recalled"]

    def test_what_is_shown_of_a_story_begins_after_its_dateline(
        self, newsroom: Newsroom
    ) -> None:
        newsroom.story(
            "Ferry returns",
            body="<p>PORT ELLERY (Halyard) — The harbour cheered.</p>",
            dateline="PORT ELLERY (Halyard) —",
            source="halyard",
            source_name="Halyard",
        )
        (hit,) = find("ferry").hits
        assert hit.snippet == "The harbour cheered."

    def test_a_minus_excludes(self, newsroom: Newsroom) -> None:
        newsroom.story("Ferry returns")
        newsroom.story("Ferry sinks")
        assert headlines("ferry -sinks") == ["Ferry returns"]
        assert headlines('ferry -"ferry returns"') == ["Ferry sinks"]

    def test_only_exclusions_give_everything_else(self, newsroom: Newsroom) -> None:
        newsroom.story("Ferry returns")
        newsroom.story("Ferry sinks")
        assert headlines("-sinks") == ["Ferry returns"]

    def test_accents_and_capitals_make_no_difference(self, newsroom: Newsroom) -> None:
        newsroom.story("Señor Ångström visits the CAFÉ")
        for typed in ("senor", "SEÑOR", "angstrom", "cafe", "Cafe\u0301"):
            assert headlines(typed), typed

    def test_an_ending_makes_no_difference(self, newsroom: Newsroom) -> None:
        newsroom.story("Elections called")
        assert headlines("election calls") == ["Elections called"]

    def test_common_little_words_count_too(self, newsroom: Newsroom) -> None:
        newsroom.story("The Who at the lake")
        newsroom.story("Who pays")
        assert headlines('"the who"') == ["The Who at the lake"]

    def test_names_and_topics_are_found(self, newsroom: Newsroom) -> None:
        newsroom.story(bylines=["Tomas Reyne"])
        for typed in ("brandt", "reyne", "elections"):
            assert headlines(typed), typed

    def test_markup_is_no_text(self, newsroom: Newsroom) -> None:
        newsroom.story(
            body='<p>Fish &amp; chips<a href="https://x.example/zebra">z</a></p>'
        )
        assert headlines("fish chips")
        assert not headlines("zebra")
        assert not headlines("amp")

    @pytest.mark.parametrize(
        "typed",
        [
            '"',
            "*",
            "AND",
            "NOT",
            "a OR",
            "NEAR(a b",
            "headline:",
            "^",
            "-",
            "--",
            "()",
            "{x}:",
            "'",
            "\x00",
            "\ue000all0",
            "%s",
            "{gate}",
            '"" ""',
            "a" * 10_000,
            "🙂",
        ],
    )
    def test_nothing_a_reader_types_is_an_error(
        self, newsroom: Newsroom, typed: str
    ) -> None:
        newsroom.story("Something else entirely")
        assert find(typed).total == 0

    @given(st.text(max_size=60))
    @settings(
        max_examples=300,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    def test_any_text_is_a_query(self, newsroom: Newsroom, typed: str) -> None:
        for order in ("newest", "best"):
            assert find(typed, order=order).total == 0


class TestFilters:
    def test_a_search_is_narrowed_by_each_filter(self, newsroom: Newsroom) -> None:
        topic = Topic.objects.create(name="Boats", slug="boats")
        here = newsroom.story(
            "Ferry here", topics=[topic], authors=[newsroom.desk], source="meridian"
        )
        newsroom.story("Ferry there", section=newsroom.other_section)
        for narrowed in (
            {"section": newsroom.section},
            {"topic": topic},
            {"author": newsroom.desk},
            {"source": "meridian"},
        ):
            assert headlines("ferry", **narrowed) == [here.headline], narrowed
        assert len(headlines("ferry", site=newsroom.site)) == 2

    def test_a_filter_alone_lists_what_it_holds(self, newsroom: Newsroom) -> None:
        newsroom.story("Ferry here")
        assert headlines("", section=newsroom.section) == ["Ferry here"]
        assert headlines("", section=newsroom.other_section) == []
        assert headlines("", site=newsroom.site) == []

    def test_no_text_can_pretend_to_be_in_a_section(self, newsroom: Newsroom) -> None:
        other = newsroom.other_section
        newsroom.story(f"Ferry \ue000section{other.pk} section{other.pk}")
        assert headlines("ferry", section=other) == []

    def test_dates_are_those_of_first_publication(self, newsroom: Newsroom) -> None:
        day = timezone.now().replace(microsecond=0) - timedelta(days=10)
        newsroom.story("Ferry old", published_at=day)
        newsroom.story("Ferry new", published_at=day + timedelta(days=5))
        assert headlines("ferry", since=day) == ["Ferry new", "Ferry old"]
        assert headlines("ferry", until=day) == []
        assert headlines("ferry", until=day + timedelta(days=1)) == ["Ferry old"]
        assert headlines("ferry", since=day + timedelta(days=1)) == ["Ferry new"]


class TestOrder:
    def test_the_newest_come_first_whatever_the_order_of_arrival(
        self, newsroom: Newsroom
    ) -> None:
        now = timezone.now()
        for hours in (3, 1, 2):
            newsroom.story(f"Ferry {hours}", published_at=now - timedelta(hours=hours))
        assert headlines("ferry") == ["Ferry 1", "Ferry 2", "Ferry 3"]
        assert headlines("ferry", limit=1, offset=1) == ["Ferry 2"]

    def test_best_prefers_the_headline(self, newsroom: Newsroom) -> None:
        now = timezone.now()
        newsroom.story("Ferry", body="<p>x</p>", published_at=now - timedelta(days=9))
        for number in range(5):
            newsroom.story(
                f"Other {number}", body="<p>A ferry, once, in a long text</p>"
            )
        assert headlines("ferry", order="best")[0] == "Ferry"

    def test_the_total_is_that_of_all_pages(self, newsroom: Newsroom) -> None:
        for number in range(5):
            newsroom.story(f"Ferry {number}")
        page = find("ferry", limit=2, offset=4)
        assert (page.total, page.more_than_total, len(page.hits)) == (5, False, 1)
        assert find("ferry", offset=MOST + 5).hits == ()

    @pytest.mark.parametrize("order", ["newest", "best"])
    @pytest.mark.parametrize(("limit", "offset"), [(2, 0), (2, 4), (5, 0), (2, 9)])
    def test_the_total_is_the_same_in_each_order_and_on_each_page(
        self, newsroom: Newsroom, order: str, limit: int, offset: int
    ) -> None:
        for number in range(5):
            newsroom.story(f"Ferry {number}")
        page = find("ferry", order=order, limit=limit, offset=offset)
        assert page.total == 5
        assert len(page.hits) == max(0, min(limit, 5 - offset))

    def test_best_first_counts_and_weighs_its_stories_in_one_question(
        self, newsroom: Newsroom
    ) -> None:
        for number in range(3):
            newsroom.story(f"Ferry {number}")
        asked = {}
        for order in ("newest", "best"):
            find("ferry", order=order)  # its queries are built once
            with CaptureQueriesContext(connection) as queries:
                find("ferry", order=order, limit=1)
            asked[order] = len(queries)
        # SQLite counts apart what it gives by time.
        assert asked["newest"] - asked["best"] == (connection.vendor == "sqlite")

    @pytest.mark.parametrize("order", ["newest", "best"])
    @pytest.mark.parametrize(
        "ways",
        [
            {"_MANY": 0},
            {"_SOME": 10},
            {"_AND_MORE": 0},  # too few where most are expected
        ],
    )
    def test_a_page_is_the_same_whichever_way_it_is_found(
        self,
        newsroom: Newsroom,
        monkeypatch: pytest.MonkeyPatch,
        ways: dict[str, int],
        order: str,
    ) -> None:
        for number in range(9):
            newsroom.story(f"Ferry {number}", body="<p>Ferry.</p>" * (number % 3))
        newsroom.story("Barge")
        monkeypatch.setattr("wiredesk.delivery.search.find.MOST", 4)
        monkeypatch.setattr(postgresql, "_SOME", 0)
        expected = find("ferry", order=order, limit=2, offset=2)
        for name, value in ways.items():
            monkeypatch.setattr(postgresql, name, value)
        page = find("ferry", order=order, limit=2, offset=2)
        assert page.stories == expected.stories
        assert len(page.stories) == 2
        assert (page.total, page.more_than_total) == (4, True)

    def test_the_best_are_looked_for_where_as_many_as_are_weighed_are_expected(
        self, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = timezone.now()
        for number in range(40):
            at = now - timedelta(hours=number)
            newsroom.story(f"Ferry {number}", published_at=at)
        newsroom.withdraw(Story.objects.get(headline="Ferry 1"))
        for name, value in {"_NEWEST": 10, "_SOME": 5}.items():
            monkeypatch.setattr(postgresql, name, value)
        monkeypatch.setattr("wiredesk.delivery.search.find.MOST", 4)
        expected = ["Ferry 0", "Ferry 2"]
        with CaptureQueriesContext(connection) as queries:
            assert headlines("ferry", order="best", limit=2) == expected
        is_short = any("OFFSET 0)" in each["sql"] for each in queries)
        assert is_short == (connection.vendor == "postgresql")
        assert find("ferry", order="best", offset=4).hits == ()
        old = find("ferry", order="best", until=now - timedelta(hours=38))
        assert [story.headline for story in old.stories] == ["Ferry 39"]

    def test_what_none_of_the_newest_has_is_gathered_by_the_index(
        self, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(postgresql, "_NEWEST", 2)
        monkeypatch.setattr(postgresql, "_SOME", 1)
        for name in ("Ferry", "Ferry", "Barge", "Barge"):
            newsroom.story(name)
        gathers = {}
        for word in ("ferry", "barge"):
            with CaptureQueriesContext(connection) as queries:
                assert find(word).total == 2
            gathers[word] = any("MATERIALIZED" in each["sql"] for each in queries)
        # SQLite's index of words is in the order of publication, and always the way.
        assert gathers == {"ferry": connection.vendor == "postgresql", "barge": False}


class TestGate:
    def test_a_withdrawn_story_is_gone_with_its_transaction(
        self, newsroom: Newsroom
    ) -> None:
        story = newsroom.story("Ferry returns")
        newsroom.withdraw(story)
        assert find("ferry").total == 0
        assert not SearchEntry.objects.exists()

    def test_an_undone_change_changes_nothing(self, newsroom: Newsroom) -> None:
        story = newsroom.story("Ferry returns")
        with transaction.atomic():
            newsroom.withdraw(story)
            transaction.set_rollback(True)
        assert headlines("ferry") == ["Ferry returns"]

    def test_embargo_and_expiry_are_those_of_the_moment(
        self, newsroom: Newsroom
    ) -> None:
        now = timezone.now()
        newsroom.story(
            "Ferry returns",
            visible_from=now,
            visible_until=now + timedelta(hours=1),
        )
        second = timedelta(seconds=1)
        assert find("ferry", now=now - second).total == 0
        assert find("ferry", now=now).total == 1
        assert find("ferry", now=now + timedelta(hours=1)).total == 0

    def test_the_gate_holds_even_where_an_entry_was_left_behind(
        self, newsroom: Newsroom
    ) -> None:
        story = newsroom.story("Ferry returns")
        StoryStanding.objects.filter(story=story).update(state="withdrawn")
        assert SearchEntry.objects.exists()
        assert find("ferry").total == 0

    def test_new_words_replace_the_old(self, newsroom: Newsroom) -> None:
        story = newsroom.story("Ferry returns")
        Story.objects.filter(pk=story.pk).update(headline="Barge returns")
        index_stories(story_ids=[story.pk])
        assert headlines("ferry") == []
        assert headlines("barge") == ["Barge returns"]
        index_stories(story_ids=[story.pk])
        assert find("barge").total == 1

    def test_a_deleted_story_leaves_the_index(self, newsroom: Newsroom) -> None:
        story = newsroom.story("Ferry returns")
        story.placements.all().delete()
        story.delete()
        assert find("ferry").total == 0


class TestSnippets:
    def test_the_match_is_marked_and_all_else_escaped(self, newsroom: Newsroom) -> None:
        newsroom.story(
            "Ferries <script>alert(1)</script>",
            body="<p>"
            + "word " * 90
            + "the ferry &lt;b&gt; came "
            + "word " * 90
            + "</p>",
        )
        (hit,) = find("ferry").hits
        assert hit.headline == (
            "<mark>Ferries</mark> &lt;script&gt;alert(1)&lt;/script&gt;"
        )
        assert "the <mark>ferry</mark> &lt;b&gt; came" in hit.snippet
        assert hit.snippet.startswith("… ")
        assert hit.snippet.endswith(" …")

    def test_without_a_match_in_the_text_its_beginning_is_shown(
        self, newsroom: Newsroom
    ) -> None:
        newsroom.story("Ferry", body="<p>It came back.</p>")
        (hit,) = find("ferry").hits
        assert hit.snippet == "It came back."

    @pytest.mark.parametrize(
        ("before", "after", "shown"),
        [
            (0, 100, (0, 33)),
            (5, 100, (5, 28)),
            (100, 100, (8, 25)),
            (100, 0, (33, 0)),
            (100, 20, (13, 20)),
            (900, 900, (8, 25)),
            (10, 3, (10, 3)),
        ],
    )
    @pytest.mark.parametrize("gap", [" ", "\n\n", " \u2003\n"])
    def test_a_few_words_are_shown_from_near_the_first_match(
        self, before: int, after: int, shown: tuple[int, int], gap: str
    ) -> None:
        first = [f"b{number}" for number in range(before)]
        then = [f"a{number}" for number in range(after)]
        said = snippet(gap.join([*first, "ferries", *then]), parse("ferry"))
        begun, open_ = shown[0] < before, shown[1] < after
        words = [
            *(["…"] if begun else []),
            *first[before - shown[0] :],
            "<mark>ferries</mark>",
            *then[: shown[1]],
            *(["…"] if open_ else []),
        ]
        assert said.split() == words

    @pytest.mark.parametrize(
        ("text", "query", "marked"),
        [
            ("Die \u00c4rger kam.", "arger", "<mark>\u00c4rger</mark> kam"),
            (
                "the cr\u00eapes\u2019 smell",
                "crepe",
                "<mark>cr\u00eapes</mark>\u2019 smell",
            ),
            ("a wayferry, a ferry", "ferry", "wayferry, a <mark>ferry</mark>"),
            (
                "under_ferry ferries",
                "ferry",
                "under_<mark>ferry</mark> <mark>ferries",
            ),
            ("\ufb01sh, fish", "fish", "<mark>\ufb01sh</mark>, <mark>fish</mark>"),
            (
                "\u03bf \u039f\u0394\u039f\u03a3",
                "\u03bf\u03b4\u03cc\u03c2",
                "<mark>\u039f\u0394\u039f\u03a3</mark>",
            ),
            (
                "\ud55c\uad6d \ub3c4\uc11c\uad00",
                "\ub3c4\uc11c\uad00",
                "<mark>\ub3c4\uc11c\uad00</mark>",
            ),
            ("ferried, ferryman", "ferry", "<mark>ferried</mark>, ferryman"),
        ],
    )
    def test_words_are_marked_as_they_are_found(
        self, text: str, query: str, marked: str
    ) -> None:
        assert marked in highlight(text, parse(query))
        assert marked in snippet(text, parse(query))
        far = "word " * 300 + text
        assert marked in snippet(far, parse(query))

    def test_a_text_without_spaces_is_cut_all_the_same(self) -> None:
        said = snippet("\u6f01" * 5_000 + " ferry", parse("ferry"))
        assert said.startswith("… ")
        assert said.endswith("<mark>ferry</mark>")
        assert len(said) < 1_000


def test_the_queries_are_as_many_for_a_hundred_stories_as_for_two(
    newsroom: Newsroom,
) -> None:
    stories = [newsroom.story(f"Ferry {number}").pk for number in range(100)]
    counts = []
    for batch in (stories[:2], stories):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            index_stories(story_ids=batch)
        counts.append(
            len([q for q in queries.captured_queries if "SAVEPOINT" not in q["sql"]])
        )
    assert counts[0] == counts[1] <= 10
    assert find("ferry").total == 100


def test_pictures_within_the_text_are_known_as_long_as_they_stand_there(
    newsroom: Newsroom, draw: Callable[..., Picture]
) -> None:
    picture = draw(40, 30)
    block = {"type": "picture", "value": {"picture": picture.pk, "caption": "Zebras"}}
    lost = {"type": "picture", "value": {"picture": picture.pk + 1, "caption": ""}}
    story = newsroom.story(blocks=[block, lost])
    assert BodyPicture.objects.get().picture == picture
    assert headlines("zebras")
    Story.objects.filter(pk=story.pk).update(body=[])
    index_stories(story_ids=[story.pk])
    assert not BodyPicture.objects.exists()
