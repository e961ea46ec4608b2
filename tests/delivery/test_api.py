"""The JSON interface: the same stories as the pages, no fuller than a contract allows."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http.response import HttpResponseBase
from django.test import Client

from tests.delivery.conftest import Newsroom
from wiredesk.delivery.surfaces import surfaces
from wiredesk.stories.models import Story

LIST = "/api/stories/"


def of(story: Story) -> str:
    return f"/api/stories/{story.pk}/"


def get(client: Client, path: str, status: int = 200) -> Any:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.content)
    _is_kept_by_nobody(answer)
    return json.loads(answer.content)


def _is_kept_by_nobody(answer: HttpResponseBase) -> None:
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert not answer.cookies


def titles(client: Client, path: str) -> list[str]:
    return [each["title"] for each in get(client, path)["items"]]


def test_without_a_question_the_newest_come_page_by_page(
    client: Client, newsroom: Newsroom
) -> None:
    for number in range(25):
        newsroom.story(f"Story {number:02}")
    first = get(client, LIST)
    assert first["version"] == "https://jsonfeed.org/version/1.1"
    assert first["feed_url"] == f"http://testserver{LIST}"
    assert len(first["items"]) == 20
    assert first["next_url"] == f"http://testserver{LIST}?page=2"
    second = get(client, f"{LIST}?page=2")
    assert len(second["items"]) == 5
    assert "next_url" not in second
    shown = {each["id"] for page in (first, second) for each in page["items"]}
    assert len(shown) == 25
    for page in ("3", "0", "x"):
        assert "error" in get(client, f"{LIST}?page={page}", 404)


def test_a_question_is_that_of_the_search_page(
    client: Client, newsroom: Newsroom
) -> None:
    newsroom.story("Ferry returns")
    newsroom.story("Bridge opens", section=newsroom.other_section)
    assert titles(client, f"{LIST}?q=ferry") == ["Ferry returns"]
    section = newsroom.other_section.pk
    assert titles(client, f"{LIST}?section={section}") == ["Bridge opens"]
    assert titles(client, f"{LIST}?q=ferry&section={section}") == []
    refused = get(client, f"{LIST}?since=yesterday", 400)
    assert list(refused["details"]) == ["since"]


@pytest.mark.parametrize(
    ("mode", "keys"),
    [
        ("headline", set()),
        ("excerpt", {"summary"}),
        ("full", {"summary", "content_html"}),
    ],
)
def test_an_item_holds_no_more_than_the_contract_allows(
    client: Client, newsroom: Newsroom, mode: str, keys: set[str]
) -> None:
    story = newsroom.story(
        body="<p>First words.</p><p>Second words.</p>", feed_mode=mode
    )
    one = get(client, of(story))
    assert one["title"] == story.headline
    assert one["url"] == f"http://testserver{story.path}"
    assert keys == {"summary", "content_html"} & one.keys()
    assert ("Second words" in json.dumps(one)) is (mode == "full")
    assert get(client, LIST)["items"] == [one]


def test_what_a_contract_keeps_out_of_feeds_isn_t_given(
    client: Client, newsroom: Newsroom
) -> None:
    story = newsroom.story("Ferry returns", feed_mode="none")
    assert client.get(str(story.path)).status_code in (200, 404)
    get(client, of(story), 404)
    assert titles(client, LIST) == titles(client, f"{LIST}?q=ferry") == []


def test_what_is_withdrawn_is_in_no_answer_from_then_on(
    client: Client, newsroom: Newsroom
) -> None:
    story = newsroom.story("Ferry returns")
    (surface,) = (each for each in surfaces() if each.name == "API")
    assert surface.urls_of(story) == [f"http://testserver{of(story)}"]
    newsroom.withdraw(story)
    assert "Ferry" not in json.dumps(get(client, of(story), 410))
    assert titles(client, LIST) == titles(client, f"{LIST}?q=ferry") == []


@pytest.mark.parametrize("number", ["1234567", "9" * 19, "0"])
def test_a_story_that_never_was_is_unknown(
    client: Client, newsroom: Newsroom, number: str
) -> None:
    get(client, f"{LIST}{number}/", 404)


def test_one_that_goes_on_as_another_leads_there(
    client: Client, newsroom: Newsroom
) -> None:
    old, new = newsroom.story("Old"), newsroom.story("New")
    newsroom.withdraw(old)
    Story.objects.filter(pk=old.pk).update(joined_to=new)
    answer = client.get(of(old))
    assert answer.status_code == 301
    _is_kept_by_nobody(answer)
    assert answer.headers["Location"] == of(new)
