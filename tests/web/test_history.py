"""What a reader is shown of a story's past: what was public, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from lxml import html as lxml_html

from tests.web.newsroom import PARAGRAPHS, Newsroom
from wiredesk.delivery.surfaces import surfaces
from wiredesk.stories.models import Story, StoryStanding, StoryVersion
from wiredesk.stories.words_read import WordsRead

if TYPE_CHECKING:
    from django.test import Client
    from lxml.html import HtmlElement

OLD = (
    f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p><p>The bridge is 140 yards long.</p>"
)
NEW = (
    f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p><p>The bridge is 410 yards long.</p>"
)


def page(client: Client, path: str, status: int = 200) -> HtmlElement:
    response = client.get(path)
    assert response.status_code == status
    return lxml_html.fromstring(response.content)


def words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def with_versions(newsroom: Newsroom, *bodies: str, **given: Any) -> Story:
    """Write a story that readers had with these bodies, the last one now."""
    story = newsroom.wire_story(body=bodies[-1], **given)
    for number, body in enumerate(bodies):
        read = WordsRead(headline=f"Headline {number + 1}", body=body)
        StoryVersion.objects.create(
            story=story,
            at=timezone.now() - timedelta(hours=len(bodies) - number),
            words=read.as_json(),
        )
    return story


def test_a_story_leads_to_what_changed_in_it(
    client: Client, newsroom: Newsroom
) -> None:
    story = with_versions(newsroom, OLD, NEW)
    (link,) = page(client, story.path or "").cssselect(".times .changes a")
    assert link.get("href") == f"{story.path}history/"
    root = page(client, link.get("href") or "")
    assert "140" in words(root.cssselect(".diff-block del")[0])
    newest, first = root.cssselect(".step")
    assert "Headline changed · 1 paragraph changed" in words(newest)
    assert "First published" in words(first)
    assert newest.cssselect("details[open]")
    assert not first.cssselect("details[open]")


def test_what_changed_is_marked_word_by_word_and_for_the_ear(
    client: Client, newsroom: Newsroom
) -> None:
    story = with_versions(newsroom, OLD, NEW)
    newest = page(client, f"{story.path}history/").cssselect(".step")[0]
    removed, added = newest.cssselect(".diff-block del, .diff-block ins")
    assert (removed.tag, words(removed)) == ("del", "removed: 140 end of removal")
    assert (added.tag, words(added)) == ("ins", "added: 410 end of addition")
    (skipped,) = newest.cssselect(".diff-skipped")
    assert words(skipped) == "1 paragraph unchanged"


def test_the_first_version_can_be_read_whole(
    client: Client, newsroom: Newsroom
) -> None:
    story = with_versions(newsroom, OLD, NEW)
    first = page(client, f"{story.path}history/").cssselect(".step")[-1]
    assert PARAGRAPHS[1] in words(first)
    assert "140 yards" in words(first)
    assert not first.cssselect(".diff ins, .diff del")


def test_a_story_that_never_changed_has_no_history(
    client: Client, newsroom: Newsroom
) -> None:
    story = with_versions(newsroom, OLD)
    assert not page(client, story.path or "").cssselect(".changes")
    page(client, f"{story.path}history/", 404)


def test_what_was_killed_or_is_under_embargo_is_absent(
    client: Client, newsroom: Newsroom
) -> None:
    killed = "<p>The killed sentence.</p>"
    later = "<p>The embargoed sentence.</p>"
    story = with_versions(newsroom, killed, OLD, NEW, later)
    rows = list(StoryVersion.objects.order_by("at"))
    StoryVersion.objects.filter(pk=rows[0].pk).update(ended_at=timezone.now())
    tomorrow = timezone.now() + timedelta(days=1)
    StoryVersion.objects.filter(pk=rows[3].pk).update(at=tomorrow)
    said = words(page(client, f"{story.path}history/"))
    assert "killed sentence" not in said
    assert "embargoed sentence" not in said
    assert "2 public versions" in said


@pytest.mark.parametrize(("was_public", "status"), [(True, 410), (False, 404)])
def test_the_history_goes_with_its_story(
    client: Client, newsroom: Newsroom, was_public: bool, status: int
) -> None:
    story = with_versions(newsroom, OLD, NEW)
    StoryStanding.objects.filter(story=story).update(
        state=StoryStanding.State.WITHDRAWN, was_public=was_public
    )
    answer = client.get(f"{story.path}history/")
    assert answer.status_code == status
    assert "140 yards" not in answer.content.decode()
    assert answer["X-Robots-Tag"] == "noindex"
    (surface,) = [each for each in surfaces() if each.name == "history"]
    assert len(surface.urls_of(story)) == 1
    assert not surface.shows(story, timezone.now())


def test_search_engines_are_told_to_leave_it(
    client: Client, newsroom: Newsroom
) -> None:
    story = with_versions(newsroom, OLD, NEW)
    answer = client.get(f"{story.path}history/")
    assert answer["X-Robots-Tag"] == "noindex"
    assert b'<meta name="robots" content="noindex">' in answer.content


def test_a_wrong_slug_leads_to_the_right_history(
    client: Client, newsroom: Newsroom
) -> None:
    story = with_versions(newsroom, OLD, NEW)
    answer = client.get(f"/2026/11/23/wrong-{story.pk}/history/")
    assert (answer.status_code, answer["Location"]) == (301, f"{story.path}history/")
    page(client, f"/2026/11/23/none-{story.pk + 99}/history/", 404)
    page(client, f"/2026/11/23/none-{2**63}/history/", 404)


def test_a_long_history_is_cut_into_pages(client: Client, newsroom: Newsroom) -> None:
    bodies = [f"<p>Count {number} of the votes.</p>" for number in range(23)]
    story = with_versions(newsroom, *bodies)
    path = f"{story.path}history/"
    first, second = page(client, path), page(client, f"{path}?page=2")
    assert len(first.cssselect(".step")) == 20
    assert len(second.cssselect(".step")) == 3
    # The last on a page is told by what was before it, on the next.
    assert "2" in words(first.cssselect(".step")[-1].cssselect(".diff del")[-1])
    assert "First published" in words(second.cssselect(".step")[-1])
    page(client, f"{path}?page=3", 404)


def test_a_history_costs_the_same_for_two_and_twenty_versions(
    client: Client, newsroom: Newsroom, django_assert_max_num_queries: Any
) -> None:
    story = with_versions(newsroom, *[f"<p>Count {n}.</p>" for n in range(20)])
    with django_assert_max_num_queries(9):
        page(client, f"{story.path}history/")


def test_headlines_and_words_cannot_bring_markup(
    client: Client, newsroom: Newsroom
) -> None:
    story = with_versions(newsroom, OLD, "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>")
    answer = client.get(f"{story.path}history/").content
    assert b"<script>alert" not in answer
    assert b"&lt;script&gt;" in answer
