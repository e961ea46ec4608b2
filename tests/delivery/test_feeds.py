"""Feeds: valid whatever the copy holds, true in time, and no fuller than the contract."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import etree

from tests.delivery.conftest import Newsroom
from wiredesk.delivery.models import LastChange
from wiredesk.stories.models import Author, Correction, Picture, Story
from wiredesk.topics.models import Topic

pytestmark = pytest.mark.urls("wiredesk.delivery.urls")

SPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
}
ADDRESSES = [
    f"{place}/feed.{kind}"
    for place in ("", "/politics", "/topics/elections", "/authors/iva-brandt")
    for kind in ("rss", "atom", "json")
]


def parse(content: bytes) -> etree._Element:
    """Parse as a strict reader does."""
    return etree.fromstring(content, etree.XMLParser(recover=False, no_network=True))


def find(node: Any, path: str) -> list[Any]:
    return list(node.xpath(path, namespaces=SPACES))


def item(client: Client, address: str = "/feed.rss") -> Any:
    (one,) = find(parse(client.get(address).content), "//item")
    return one


class TestWhere:
    @pytest.mark.parametrize("address", ADDRESSES)
    def test_site_sections_topics_and_authors_have_feeds(
        self, client: Client, newsroom: Newsroom, address: str
    ) -> None:
        newsroom.story("Ferry returns")
        answer = client.get(address)
        assert answer.status_code == 200
        assert "Ferry returns" in answer.content.decode()
        if address.endswith("json"):
            assert (
                json.loads(answer.content)["feed_url"] == f"http://testserver{address}"
            )
        else:
            own = find(parse(answer.content), "//atom:link[@rel='self']/@href")
            assert own == [f"http://testserver{address}"]

    @pytest.mark.parametrize(
        "address",
        [
            "/nowhere/feed.rss",
            "/topics/nothing/feed.atom",
            "/authors/nobody/feed.json",
            "/topics/secret/feed.rss",
            "/feed.xml",
        ],
    )
    def test_nothing_has_a_feed_that_has_no_page(
        self, client: Client, newsroom: Newsroom, address: str
    ) -> None:
        Topic.objects.create(name="Secret", slug="secret", public=False)
        assert client.get(address).status_code == 404

    def test_a_feed_holds_what_belongs_to_it(
        self, client: Client, newsroom: Newsroom
    ) -> None:
        newsroom.story("Here")
        newsroom.story("There", section=newsroom.other_section, topics=[], authors=[])
        for address in (
            "/politics/feed.rss",
            "/topics/elections/feed.rss",
            "/authors/iva-brandt/feed.rss",
        ):
            assert find(item(client, address), "title/text()") == ["Here"]
        titles = find(parse(client.get("/feed.rss").content), "//item/title/text()")
        assert sorted(titles) == ["Here", "There"]


class TestRight:
    def test_a_withdrawn_story_leaves_every_feed(
        self, client: Client, newsroom: Newsroom
    ) -> None:
        story = newsroom.story("Ferry returns")
        newsroom.withdraw(story)
        for address in ADDRESSES:
            assert "Ferry" not in client.get(address).content.decode()

    @pytest.mark.parametrize(
        ("mode", "shown", "hidden"),
        [
            ("none", [], ["Ferry returns", "First words", "Second words"]),
            ("headline", ["Ferry returns"], ["First words", "Second words"]),
            ("excerpt", ["Ferry returns", "First words"], ["Second words"]),
            ("full", ["Ferry returns", "First words", "Second words"], []),
        ],
    )
    def test_a_feed_gives_no_more_than_the_contract_allows(
        self,
        client: Client,
        newsroom: Newsroom,
        mode: str,
        shown: list[str],
        hidden: list[str],
    ) -> None:
        body = "<p>First words.</p><p>Second words.</p>"
        newsroom.story("Ferry returns", body=body, feed_mode=mode)
        for address in ADDRESSES:
            text = client.get(address).content.decode()
            assert all(words in text for words in shown), address
            assert not any(words in text for words in hidden), address

    def test_whose_the_words_are_stands_below_them(
        self, client: Client, newsroom: Newsroom
    ) -> None:
        newsroom.story(
            source="meridian",
            source_name="Meridian Press",
            credit="Meridian Press",
            copyright_notice="© 2026 Meridian Press",
            dateline="HARBOUR CITY (MP)",
        )
        (content,) = find(item(client), "content:encoded/text()")
        assert content.startswith("<p>HARBOUR CITY (MP) — The boat came back.")
        assert content.endswith("<p>Meridian Press</p>\n<p>© 2026 Meridian Press</p>")
        assert find(item(client), "dc:rights/text()") == ["© 2026 Meridian Press"]

    def test_a_dateline_that_the_text_brings_is_not_said_twice(
        self, client: Client, newsroom: Newsroom
    ) -> None:
        newsroom.story(
            body="<p>HARBOUR CITY (MP) — It came.</p>", dateline="Harbour City (MP) —"
        )
        (content,) = find(item(client), "content:encoded/text()")
        assert content.lower().count("harbour city") == 1

    def test_whose_the_words_are_is_not_said_twice_where_the_text_ends_with_it(
        self, client: Client, newsroom: Newsroom
    ) -> None:
        newsroom.story(
            body="<p>The boat came.</p><p>Meridian Press</p>"
            "<p>© 2026 <b>Meridian Press</b></p>",
            credit="Meridian Press",
            copyright_notice="© 2026 Meridian Press",
        )
        (content,) = find(item(client), "content:encoded/text()")
        assert list(filter(None, content.split("\n"))) == [
            "<p>The boat came.</p>",
            "<p>Meridian Press</p>",
            "<p>© 2026 Meridian Press</p>",
        ]

    def test_a_dateline_after_a_summary_is_not_said_twice(
        self, client: Client, newsroom: Newsroom
    ) -> None:
        newsroom.story(
            body="<p>A boat came.</p><p>HARBOUR CITY, May 3 (MP) — It came.</p>",
            dateline="Harbour City (MP) —",
        )
        (content,) = find(item(client), "content:encoded/text()")
        assert content.lower().count("harbour city") == 1

    def test_a_correction_is_said_in_the_feed(
        self, client: Client, newsroom: Newsroom
    ) -> None:
        story = newsroom.story()
        Correction.objects.create(
            story=story, text="It was <two> boats.", at=timezone.now()
        )
        (content,) = find(item(client), "content:encoded/text()")
        assert "It was &lt;two&gt; boats." in content


class TestNames:
    def test_every_author_is_named_apart(
        self, client: Client, newsroom: Newsroom
    ) -> None:
        newsroom.story(
            bylines=["Tomas Reyne", "IVA BRANDT"],
            authors=[newsroom.author, newsroom.desk],
        )
        names = ["Tomas Reyne", "Iva Brandt", "Meridian Press"]
        assert find(item(client), "dc:creator/text()") == names
        feed = parse(client.get("/feed.atom").content)
        assert find(feed, "//atom:entry/atom:author/atom:name/text()") == names
        assert find(feed, "//atom:entry/atom:author/atom:uri/text()") == [
            "http://testserver/authors/iva-brandt/",
            "http://testserver/authors/meridian-press/",
        ]
        (entry,) = json.loads(client.get("/feed.json").content)["items"]
        assert [author["name"] for author in entry["authors"]] == names

    def test_a_picture_comes_with_its_credit(
        self, client: Client, newsroom: Newsroom, draw: Callable[..., Picture]
    ) -> None:
        newsroom.story(pictures=[draw()])
        (media,) = find(item(client), "media:content")
        assert media.get("url").endswith("/1280.jpeg")
        assert (media.get("width"), media.get("height")) == ("1280", "640")
        assert find(media, "media:credit/text()") == ["Mira Holt"]
        path = media.get("url").removeprefix("http://testserver")
        assert client.get(path).status_code == 200

    def test_a_withdrawn_picture_is_in_no_feed(
        self, client: Client, newsroom: Newsroom, draw: Callable[..., Picture]
    ) -> None:
        newsroom.story(pictures=[draw(withdrawn_at=timezone.now())])
        for address in ADDRESSES:
            assert "/pictures/" not in client.get(address).content.decode()


class TestStable:
    def test_a_story_keeps_its_name_through_every_change(
        self, client: Client, newsroom: Newsroom
    ) -> None:
        story = newsroom.story(published_at=datetime(2026, 3, 4, 23, 30, tzinfo=UTC))
        name = f"tag:testserver,2026-03-04:story/{story.pk}"
        assert find(item(client), "guid/text()") == [name]
        assert find(item(client), "guid/@isPermaLink") == ["false"]
        Story.objects.update(headline="Other", path="/else/", updated_at=timezone.now())
        assert find(item(client), "guid/text()") == [name]
        feed = parse(client.get("/feed.atom").content)
        assert find(feed, "//atom:entry/atom:id/text()") == [name]

    def test_times_are_the_story_s_own(
        self, client: Client, newsroom: Newsroom
    ) -> None:
        published = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)
        newsroom.story(
            published_at=published, updated_at=published + timedelta(hours=2)
        )
        assert (
            parsedate_to_datetime(find(item(client), "pubDate/text()")[0]) == published
        )
        feed = parse(client.get("/feed.atom").content)
        for path in (
            "/atom:feed/atom:updated/text()",
            "//atom:entry/atom:updated/text()",
        ):
            assert find(feed, path) == ["2026-03-05T01:30:00+00:00"]

    def test_a_reader_that_has_it_gets_304(
        self, client: Client, newsroom: Newsroom
    ) -> None:
        newsroom.story()
        etag = client.get("/feed.rss")["ETag"]
        again = client.get("/feed.rss", headers={"if-none-match": etag})
        assert again.status_code == 304
        assert again.content == b""

    def test_a_withdrawal_is_news_to_one_who_asks_by_date(
        self, client: Client, newsroom: Newsroom
    ) -> None:
        newsroom.story("Ferry returns", published_at=timezone.now() - timedelta(days=2))
        story = newsroom.story("Ferry sinks")
        LastChange.objects.update(at=timezone.now() - timedelta(minutes=5))
        date = client.get("/feed.rss")["Last-Modified"]
        same = client.get("/feed.rss", headers={"if-modified-since": date})
        assert same.status_code == 304
        newsroom.withdraw(story)
        assert "Last-Modified" not in client.get("/feed.rss")
        LastChange.objects.update(at=timezone.now() - timedelta(seconds=3))
        after = client.get("/feed.rss", headers={"if-modified-since": date})
        assert after.status_code == 200
        assert b"sinks" not in after.content

    def test_an_expiry_is_news_to_one_who_asks_by_date(
        self, client: Client, newsroom: Newsroom
    ) -> None:
        now = timezone.now()
        newsroom.story("Ferry", visible_until=now - timedelta(seconds=30))
        LastChange.objects.update(at=now - timedelta(hours=1))
        date = parsedate_to_datetime(client.get("/feed.rss")["Last-Modified"])
        assert abs(date - (now - timedelta(seconds=30))) < timedelta(seconds=1)


class TestHostile:
    HOSTILE = "A\x01\x0b\x1f ]]> <b>&amp; \ufffe\u2028 </title><script>x</script> 🙂"

    def test_no_copy_breaks_a_feed(self, client: Client, newsroom: Newsroom) -> None:
        Author.objects.update(name=self.HOSTILE)
        Topic.objects.update(name=self.HOSTILE)
        newsroom.story(
            self.HOSTILE,
            body=f"<p>{self.HOSTILE}</p>",
            bylines=[self.HOSTILE],
            credit=self.HOSTILE,
            copyright_notice=self.HOSTILE,
            subheadline=self.HOSTILE,
            dateline=self.HOSTILE,
        )
        for address in ADDRESSES:
            content = client.get(address).content
            if address.endswith("json"):
                (one,) = json.loads(content)["items"]
                html = one["content_html"]
            else:
                feed = parse(content)
                assert not find(feed, "//script")
                (html,) = find(feed, "//content:encoded/text()|//atom:content/text()")
            assert "<script" not in html

    def test_scripts_and_frames_never_leave_with_the_text(
        self, client: Client, newsroom: Newsroom
    ) -> None:
        newsroom.story(
            blocks=[
                {
                    "type": "locked",
                    "value": '<p onclick="x()">A<iframe src="//evil.example"></iframe>'
                    '<a href="javascript:x()">b</a><a href="/about/">c</a></p>',
                }
            ]
        )
        (content,) = find(item(client), "content:encoded/text()")
        for bad in ("onclick", "iframe", "javascript:"):
            assert bad not in content
        assert 'href="http://testserver/about/"' in content


def test_a_feed_costs_the_same_queries_for_many_stories_as_for_one(
    client: Client, newsroom: Newsroom
) -> None:
    newsroom.story()
    client.get("/feed.rss")
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get("/feed.rss")
        counts.append(len(queries))
        for number in range(10):
            newsroom.story(f"Ferry {number}")
    assert counts[0] == counts[1] <= 16
