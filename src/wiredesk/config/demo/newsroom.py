"""The station's own stories, written by its people and published at the desk."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction
from wagtail.models import Site

from wiredesk.accounts.models import User
from wiredesk.config.demo.people import LOGIN, add_picture
from wiredesk.demo.station import StationStory, station_stories
from wiredesk.lib.html import clean
from wiredesk.stories.actions.publish_station_story import publish_station_story
from wiredesk.stories.body import blocks_from_html
from wiredesk.stories.models import (
    Author,
    Placement,
    SectionPage,
    Story,
    StoryAuthor,
    StoryPicture,
    StoryTopic,
)
from wiredesk.topics.models import Topic


def publish_stories(site: Site, pictures: Path, start: datetime) -> None:
    """Write and publish the station's own stories as of ``start``; each only once."""
    chief = User.objects.get(username=LOGIN)
    for seed in station_stories(start):
        if not Story.objects.filter(source="", headline=seed.headline).exists():
            _publish(seed, site, pictures, chief)


@transaction.atomic
def _publish(seed: StationStory, site: Site, pictures: Path, chief: User) -> None:
    story = Story.objects.create(
        headline=seed.headline,
        dateline=seed.dateline,
        body=blocks_from_html(clean(seed.body_html), seed.slug),
        language=seed.language,
        published_at=seed.published,
        live=False,
    )
    Placement.objects.create(
        story=story,
        site=site,
        section=SectionPage.objects.filter(slug=seed.section).first(),
        sort_at=seed.published,
    )
    for order, slug in enumerate(seed.authors):
        author = Author.objects.get(slug=slug)
        StoryAuthor.objects.create(story=story, author=author, sort_order=order)
    for order, code in enumerate(seed.topics):
        topic = Topic.objects.get(code=code)
        StoryTopic.objects.create(
            story=story, topic=topic, sort_order=order, sort_at=seed.published
        )
    if seed.picture:
        file = pictures / f"{seed.picture}.jpg"
        picture = add_picture(file, description=seed.headline)
        StoryPicture.objects.create(
            story=story,
            picture=picture,
            caption=picture.caption,
            credit=picture.credit,
            alt=picture.description,
        )
    publish_station_story(story=story, by=chief)
