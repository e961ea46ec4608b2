"""A newsroom full of invented copy, for the tests of the public pages."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.files.images import ImageFile
from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw
from wagtail.models import Page, Site

from wiredesk.stories.models import (
    Author,
    AuthorName,
    Correction,
    FrontPage,
    Picture,
    Placement,
    SectionPage,
    StandingPage,
    StationSettings,
    Story,
    StoryAuthor,
    StoryPicture,
    StoryStanding,
    StoryTopic,
    StoryVersion,
)
from wiredesk.stories.signals import stories_changed
from wiredesk.stories.words_read import WordsRead
from wiredesk.topics.models import Topic

PARAGRAPHS = (
    "The county closed the Orrin bridge at noon on Monday and asked everyone who could "
    "to stay on the side of the sound they woke up on.",
    "“Nobody sails today,” said Harbour Master Delphine Oakes, who has given that order "
    "twice in nineteen years. “The sea has the right of way.”",
    "Gusts reached 71 miles an hour at the breakwater shortly before eleven. By then the "
    "last of the fleet had tied up, and the ferry <em>Mary Tarrant</em> had made her final "
    "crossing with nine passengers and a piano.",
    "The clinic on Quay Street stays open through its back door. Schools in the lower "
    "town send children home at one, and buses run until the wind says otherwise.",
)

HEADLINES = (
    "City Council votes to close the loop road to trucks for the winter",
    "Herons come back from 18 down to beat Tamsin County",
    "Three ferries, one mooring: the harbour's new sums",
    "Seagrass returns to the sound, and with it the pipefish",
    "Library bond fails by eleven votes",
    "Nurses' residency doubles at St. Brannoc's",
    "What the tide clock knew",
    "A bakery opens at 3 a.m. for the night shift",
    "The moss garden that outlived its gardener",
    "Court diary: the case of the missing piano",
)


@dataclass
class Newsroom:
    """A station's site and what its stories are placed among."""

    site: Site
    front: FrontPage
    sections: dict[str, SectionPage]
    topic: Topic
    author: Author
    desk: Author
    stories: list[Story] = field(default_factory=list)

    def story(self, headline: str = "The ferry sails again", **given: Any) -> Story:
        """Write a story as the parts below would, and announce it."""
        story = write_story(self, headline, **given)
        self.stories.append(story)
        return story

    def wire_story(self, **given: Any) -> Story:
        """Write a story with everything a wire story has."""
        words: dict[str, Any] = {
            "headline": "Gale closes the Orrin bridge and sends the fleet home",
            "subheadline": "Gusts of 70 miles an hour are forecast until Tuesday",
            "dateline": "(Halyard) —",
            "body": "".join(f"<p>{text}</p>" for text in PARAGRAPHS),
            "bylines": ["Ida Marlow", "Bo Lowe", "Halyard"],
            "source": "halyard",
            "source_name": "Halyard",
            "credit": "The-Halyard-Wire",
            "copyright_notice": "™ & © 2026 Halyard Wire Service. All rights reserved.",
            "authors": [self.desk],
            **given,
        }
        return self.story(**words)


def build_newsroom(hostname: str = "testserver") -> Newsroom:
    """Make the site of a station with sections, standing pages, authors and a topic."""
    root = Page.get_first_root_node()
    assert root is not None
    Site.objects.all().delete()
    Page.objects.filter(depth__gt=1).delete()
    root.refresh_from_db()
    front = root.add_child(instance=FrontPage(title="Front", slug="front"))
    sections = {
        name.lower(): front.add_child(
            instance=SectionPage(title=name, slug=name.lower(), description=about)
        )
        for name, about in (
            ("Local", "What happens between the sound and the hills."),
            ("Politics", "City Hall, the county and the State House."),
            ("Weather", ""),
            ("Sports", "The Lanterns, the Herons and everybody's children."),
            ("Business", ""),
            ("Arts", ""),
        )
    }
    for title, purpose in (
        ("About us", "about"),
        ("Community Guidelines", "guidelines"),
        ("Corrections policy", "corrections"),
        ("Privacy", "privacy"),
    ):
        front.add_child(
            instance=StandingPage(
                title=title,
                purpose=purpose,
                body="<p>We say who we are.</p><h2>How to reach us</h2><p>By mail.</p>",
            )
        )
    site = Site.objects.create(
        hostname=hostname, root_page=front, is_default_site=True, site_name="Sound"
    )
    Site.clear_site_root_paths_cache()
    StationSettings.objects.create(
        site=site,
        name="Orrin Sound 9",
        tagline="News for Port Ellery and the islands",
        place="Port Ellery",
        description="An invented station on an invented shore.",
        legal_name="Orrin Sound Broadcasting",
        time_zone="America/Denver",
        founded=1956,
    )
    desk = Author.objects.create(
        name="Halyard Wire Service",
        slug="halyard-desk",
        role="News agency",
        kind=Author.Kind.AGENCY,
        source="halyard",
    )
    author = Author.objects.create(
        name="Imani Castellane",
        slug="imani-castellane",
        role="Chief political reporter",
        bio="Imani Castellane has covered City Hall for eleven years.",
    )
    AuthorName.objects.create(author=author, text="I. Castellane")
    return Newsroom(
        site=site,
        front=front,
        sections=sections,
        topic=Topic.objects.update_or_create(
            slug="politics", defaults={"name": "Politics", "public": True}
        )[0],
        author=author,
        desk=desk,
    )


def write_story(
    room: Newsroom,
    headline: str,
    *,
    body: str = f"<p>{PARAGRAPHS[0]}</p>",
    blocks: list[dict[str, Any]] | None = None,
    state: str = StoryStanding.State.LIVE,
    was_public: bool | None = None,
    published_at: datetime | None = None,
    section: str = "local",
    authors: list[Author] | None = None,
    topics: list[Topic] | None = None,
    pictures: list[Picture] | None = None,
    visible_from: datetime | None = None,
    visible_until: datetime | None = None,
    **words: Any,
) -> Story:
    """Write the rows of one story in one transaction and announce them."""
    at = published_at or timezone.now() - timedelta(hours=1)
    with transaction.atomic():
        story = Story.objects.create(
            headline=headline,
            body=blocks or [{"type": "text", "value": body}],
            slug="a-story",
            published_at=at,
            **{"updated_at": at, **words},
        )
        story.path = f"/2026/11/23/a-story-{story.pk}/"
        story.save(update_fields=["path"])
        live = state == StoryStanding.State.LIVE
        StoryStanding.objects.create(
            story=story,
            state=state,
            since=at,
            was_public=live if was_public is None else was_public,
            visible_from=visible_from,
            visible_until=visible_until,
        )
        Placement.objects.create(
            story=story, site=room.site, section=room.sections[section], sort_at=at
        )
        for order, topic in enumerate([room.topic] if topics is None else topics):
            StoryTopic.objects.create(
                story=story, topic=topic, sort_order=order, sort_at=at
            )
        for order, author in enumerate([room.author] if authors is None else authors):
            StoryAuthor.objects.create(story=story, author=author, sort_order=order)
        for order, picture in enumerate(pictures or []):
            StoryPicture.objects.create(
                story=story,
                picture=picture,
                sort_order=order,
                caption="Boats wait out the gale in the harbour.",
                credit="Ida Marlow/Halyard",
                alt="Three boats at a quay below a hill",
            )
        stories_changed.send(sender=Story, story_ids=[story.pk])
    return story


def draw_picture(hue: int = 20, width: int = 1600, height: int = 1000) -> Picture:
    """Draw a harbour at that hour's colour and keep it in the library."""
    sky = Image.linear_gradient("L").resize((width, height))
    image = Image.merge(
        "HSV",
        (
            Image.new("L", (width, height), hue),
            sky.point(lambda value: 60 + value // 3),
            sky.point(lambda value: 250 - value // 3),
        ),
    ).convert("RGB")
    pen = ImageDraw.Draw(image)
    hills = [(0, 620), (360, 300), (620, 560), (900, 380), (1280, 640), (1600, 420)]
    pen.polygon([*hills, (1600, 1000), (0, 1000)], fill=(61, 90, 128))
    pen.rectangle((0, 720, width, height), fill=(20, 33, 61))
    for left in (200, 700, 1180):
        pen.polygon(
            [(left, 760), (left + 240, 760), (left + 200, 810), (left + 40, 810)],
            fill=(247, 243, 236),
        )
        pen.polygon([(left + 110, 560), (left + 110, 745), (left + 20, 745)], "white")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    picture = Picture(
        title="Harbour",
        description="A harbour below hills",
        file=ImageFile(io.BytesIO(out.getvalue()), f"harbour-{hue}.jpg"),
    )
    picture.save()
    return picture


def fill() -> dict[str, str]:
    """Fill a running site with a page of every type; gives their paths by name."""
    room = build_newsroom("localhost")
    pictures = [draw_picture(hue) for hue in (16, 120, 150, 30)]
    names = list(room.sections)
    for number in range(30):
        room.story(
            HEADLINES[number % len(HEADLINES)],
            section=names[number % len(names)],
            published_at=timezone.now() - timedelta(hours=2 + 3 * number),
            summary=PARAGRAPHS[number % 2],
            pictures=[pictures[number % 4]] if number % 5 != 3 else [],
            source_name="" if number % 3 else "Halyard",
        )
    wire = room.wire_story(pictures=[pictures[0]], urgency=1, summary=PARAGRAPHS[0])
    Correction.objects.create(
        story=wire,
        text="An earlier version gave the bridge a wrong length.",
        at=timezone.now(),
    )
    for hours, text in ((3, "The bridge is 140 yards long."), (1, PARAGRAPHS[0])):
        words = WordsRead(headline=f"Gale, hour {hours}", body=f"<p>{text}</p>")
        StoryVersion.objects.create(
            story=wire,
            at=timezone.now() - timedelta(hours=hours),
            words=words.as_json(),
        )
    rtl = room.story(
        "أمواج عالية تغلق جسر الميناء",
        language="ar",
        dateline="(لودستار) —",
        body="<p>أغلقت المقاطعة الجسر ظهر الاثنين.</p>",
    )
    gone = room.story(
        "A story nobody may read", state=StoryStanding.State.WITHDRAWN, was_public=True
    )
    return {
        "front": "/",
        "wire story": wire.path or "",
        "story from right to left": rtl.path or "",
        "history": f"{wire.path}history/",
        "corrections": "/corrections/",
        "section": "/local/",
        "topic": "/topics/politics/",
        "author": "/authors/imani-castellane/",
        "agency's desk": "/authors/halyard-desk/",
        "search": "/search/?q=bridge&topic=politics",
        "empty search": "/search/?q=xylophone",
        "standing page": "/about-us/",
        "no such page": "/no/such/page/",
        "withdrawn story": gone.path or "",
        "style guide": "/styleguide/",
    }
