"""A site with sections, topics and authors, and stories to put on it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.images import ImageFile
from django.db import transaction
from django.utils import timezone
from PIL import Image
from wagtail.models import Collection, Locale, Page, Site

from wiredesk.stories.models import (
    Author,
    FrontPage,
    Picture,
    Placement,
    SectionPage,
    StationSettings,
    Story,
    StoryAuthor,
    StoryPicture,
    StoryStanding,
    StoryTopic,
)
from wiredesk.stories.signals import stories_changed
from wiredesk.topics.models import Topic


@dataclass
class Newsroom:
    """A station's site, and the things a story is placed among."""

    site: Site
    section: SectionPage
    other_section: SectionPage
    topic: Topic
    author: Author
    desk: Author

    def story(
        self, headline: str = "Ferry returns to Harbour Street", **given: Any
    ) -> Story:
        """Write a story as the parts below would, and announce it."""
        return write_story(self, headline, **given)

    def withdraw(self, story: Story) -> None:
        """Take the story off, as a kill does: its standing, then the signal."""
        with transaction.atomic():
            StoryStanding.objects.filter(story=story).update(
                state=StoryStanding.State.WITHDRAWN
            )
            stories_changed.send(sender=Story, story_ids=[story.pk])


def write_story(
    room: Newsroom,
    headline: str,
    *,
    body: str = "<p>The boat came back.</p>",
    blocks: list[dict[str, Any]] | None = None,
    state: str = StoryStanding.State.LIVE,
    published_at: datetime | None = None,
    visible_from: datetime | None = None,
    visible_until: datetime | None = None,
    section: SectionPage | None = None,
    topics: Iterable[Topic] | None = None,
    authors: Iterable[Author] | None = None,
    pictures: Iterable[Picture] = (),
    **fields: Any,
) -> Story:
    published_at = published_at or timezone.now() - timedelta(hours=1)
    with transaction.atomic():
        story = Story(
            headline=headline,
            body=blocks or [{"type": "text", "value": body}],
            slug="story",
            published_at=published_at,
            **{"updated_at": published_at, **fields},
        )
        story.save()
        Story.objects.filter(pk=story.pk).update(path=f"/2026/11/23/story-{story.pk}/")
        StoryStanding.objects.create(
            story=story,
            state=state,
            since=published_at,
            was_public=state == StoryStanding.State.LIVE,
            visible_from=visible_from,
            visible_until=visible_until,
        )
        Placement.objects.create(
            story=story,
            site=room.site,
            section=section or room.section,
            sort_at=published_at,
        )
        for topic in [room.topic] if topics is None else topics:
            StoryTopic.objects.create(story=story, topic=topic, sort_at=published_at)
        for order, author in enumerate([room.author] if authors is None else authors):
            StoryAuthor.objects.create(story=story, author=author, sort_order=order)
        for order, picture in enumerate(pictures):
            StoryPicture.objects.create(
                story=story,
                picture=picture,
                sort_order=order,
                caption="The ferry at the pier",
                credit="Mira Holt",
                alt="A ferry at a pier",
            )
        stories_changed.send(sender=Story, story_ids=[story.pk])
    story.refresh_from_db()
    return story


def make_root() -> Page:
    """Make what migrations made, where a test that really commits swept it away."""
    Locale.objects.get_or_create(language_code="en")
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")
    root: Page = Page.add_root(instance=Page(title="Root", slug="root"))
    return root


@pytest.fixture
def newsroom(db: None) -> Newsroom:
    """Give a station with two sections, a topic, an author and an agency's desk."""
    root = Page.get_first_root_node() or make_root()
    Page.objects.filter(depth__gt=1).delete()
    root.refresh_from_db()
    front = root.add_child(instance=FrontPage(title="Lake City News", slug="front"))
    section = front.add_child(instance=SectionPage(title="Politics", slug="politics"))
    other = front.add_child(instance=SectionPage(title="Sport", slug="sport"))
    Site.objects.all().delete()
    site = Site.objects.create(
        hostname="testserver", root_page=front, is_default_site=True, site_name="Lake"
    )
    Site.clear_site_root_paths_cache()
    StationSettings.objects.create(
        site=site, name="Lake City News", legal_name="Lake City Media", language="en"
    )
    return Newsroom(
        site=site,
        section=section,
        other_section=other,
        topic=Topic.objects.create(name="Elections", slug="elections"),
        author=Author.objects.create(name="Iva Brandt", slug="iva-brandt"),
        desk=Author.objects.create(
            name="Meridian Press",
            slug="meridian-press",
            kind=Author.Kind.AGENCY,
            source="meridian",
        ),
    )


@pytest.fixture
def media(tmp_path: Path, settings: Any) -> Path:
    """Keep the pictures of a test in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def draw(newsroom: Newsroom, media: Path) -> Callable[..., Picture]:
    """Give a function that draws a picture and keeps it in the library."""

    def make(width: int = 2000, height: int = 1000, **fields: Any) -> Picture:
        content = drawing(width, height)
        picture = Picture(
            title="A ferry", file=ImageFile(io.BytesIO(content), "ferry.jpg"), **fields
        )
        picture.save()
        return picture

    return make


def drawing(width: int, height: int, kind: str = "JPEG", **options: Any) -> bytes:
    """Draw something of that size."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
