"""Pictures: at one address of ours, in fixed sizes, as long as they are allowed."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.images import ImageFile
from django.db import connections
from django.test import Client
from django.utils import timezone
from PIL import Image

from tests.delivery.conftest import Newsroom, drawing
from wiredesk.delivery.pictures.renditions import rendition
from wiredesk.delivery.pictures.sizes import Shape, filter_spec
from wiredesk.delivery.pictures.sources import picture_sources
from wiredesk.stories.models import (
    Author,
    Picture,
    PictureRendition,
    StandingPage,
    StationSettings,
    StoryStanding,
)

Draw = Callable[..., Picture]
pytestmark = pytest.mark.urls("wiredesk.delivery.urls")


def status(client: Client, picture: Picture, size: str = "640.webp") -> int:
    return client.get(f"/pictures/{picture.pk}/{size}").status_code


class TestGate:
    def test_a_public_story_shows_its_picture(
        self, client: Client, newsroom: Newsroom, draw: Draw
    ) -> None:
        picture = draw()
        newsroom.story(pictures=[picture])
        answer = client.get(f"/pictures/{picture.pk}/640.webp")
        assert answer.status_code == 200
        assert answer["Content-Type"] == "image/webp"
        assert answer["Cache-Control"] == "public, max-age=300"
        image = Image.open(io.BytesIO(answer.content))
        assert (image.format, image.size) == ("WEBP", (640, 320))

    def test_newer_formats_are_offered_and_are_smaller(
        self, client: Client, newsroom: Newsroom, draw: Draw
    ) -> None:
        picture = draw()
        newsroom.story(pictures=[picture])
        offered = picture_sources(picture)
        assert offered.avif.count(" ") == offered.webp.count(" ")
        size = {}
        for kind in ("avif", "webp", "jpeg"):
            answer = client.get(f"/pictures/{picture.pk}/640.{kind}")
            assert answer["Content-Type"] == f"image/{kind}"
            image = Image.open(io.BytesIO(answer.content))
            assert (image.format, image.size) == (kind.upper(), (640, 320))
            size[kind] = len(answer.content)
        assert max(size["avif"], size["webp"]) < size["jpeg"]

    def test_a_picture_nobody_published_is_not_there(
        self, client: Client, newsroom: Newsroom, draw: Draw
    ) -> None:
        picture = draw()
        assert status(client, picture) == 404
        newsroom.story(pictures=[picture], state=StoryStanding.State.HELD)
        assert status(client, picture) == 404

    def test_with_its_last_public_story_a_picture_is_gone_in_every_size(
        self, client: Client, newsroom: Newsroom, draw: Draw
    ) -> None:
        picture = draw()
        first = newsroom.story(pictures=[picture])
        second = newsroom.story(pictures=[picture])
        assert status(client, picture, "320.jpeg") == 200
        newsroom.withdraw(first)
        assert status(client, picture, "320.jpeg") == 200
        newsroom.withdraw(second)
        for size in ("320.jpeg", "1600.webp", "16x9/1280.jpeg"):
            answer = client.get(f"/pictures/{picture.pk}/{size}")
            assert answer.status_code == 410
            assert answer["Cache-Control"] == "no-store"
            assert answer["X-Robots-Tag"] == "noindex"

    def test_a_picture_within_the_text_goes_with_its_story(
        self, client: Client, newsroom: Newsroom, draw: Draw
    ) -> None:
        picture = draw()
        block = {"type": "picture", "value": {"picture": picture.pk, "caption": ""}}
        story = newsroom.story(blocks=[block])
        assert status(client, picture) == 200
        newsroom.withdraw(story)
        assert status(client, picture) == 410

    def test_a_withdrawn_picture_is_gone_and_its_story_stays(
        self, client: Client, newsroom: Newsroom, draw: Draw
    ) -> None:
        picture = draw()
        newsroom.story(pictures=[picture])
        Picture.objects.filter(pk=picture.pk).update(withdrawn_at=timezone.now())
        assert status(client, picture) == 410

    def test_a_picture_expires_by_the_clock(
        self, client: Client, newsroom: Newsroom, draw: Draw
    ) -> None:
        picture = draw(expires=timezone.now() + timedelta(seconds=60))
        newsroom.story(pictures=[picture])
        answer = client.get(f"/pictures/{picture.pk}/640.webp")
        age = int(answer["Cache-Control"].rpartition("=")[2])
        assert 50 <= age <= 60
        Picture.objects.update(expires=timezone.now())
        assert status(client, picture) == 410

    def test_an_end_that_was_once_past_stays_past_when_the_clock_goes_back(
        self, client: Client, newsroom: Newsroom, draw: Draw
    ) -> None:
        end = timezone.now() + timedelta(hours=1)
        picture = draw(usable_until=end, past_end=end)
        newsroom.story(pictures=[picture])
        assert status(client, picture) == 410
        Picture.objects.update(usable_until=end + timedelta(hours=1))
        assert status(client, picture) == 200

    def test_an_embargoed_story_does_not_show_its_picture_yet(
        self, client: Client, newsroom: Newsroom, draw: Draw
    ) -> None:
        picture = draw()
        story = newsroom.story(
            pictures=[picture], visible_from=timezone.now() + timedelta(hours=1)
        )
        StoryStanding.objects.filter(story=story).update(was_public=False)
        assert status(client, picture) == 404

    def test_authors_logos_and_standing_pages_show_theirs(
        self, client: Client, newsroom: Newsroom, draw: Draw
    ) -> None:
        photo, logo, chart, other = draw(), draw(), draw(), draw()
        Author.objects.filter(pk=newsroom.author.pk).update(photo=photo)
        StationSettings.objects.update(logo=logo)
        embed = f'<embed alt="" embedtype="image" format="fullwidth" id="{chart.pk}"/>'
        link = f'<a linktype="page" id="{other.pk}">x</a>'
        newsroom.site.root_page.add_child(
            instance=StandingPage(title="About", slug="about", body=embed + link)
        )
        assert [status(client, one) for one in (photo, logo, chart, other)] == [
            *(200, 200, 200),
            404,
        ]


class TestAddress:
    @pytest.mark.parametrize(
        "size",
        [
            "641.webp",
            "0.webp",
            "99999.jpeg",
            "640.png",
            "640.gif",
            "640.svg",
            "2x1/640.webp",
            "original.jpeg",
        ],
    )
    def test_only_sizes_on_the_list_are_drawn(
        self, client: Client, newsroom: Newsroom, draw: Draw, size: str
    ) -> None:
        picture = draw(100, 100)
        newsroom.story(pictures=[picture])
        assert status(client, picture, size) == 404
        assert not PictureRendition.objects.exists()

    def test_a_browser_that_has_it_gets_304_and_only_while_it_is_allowed(
        self, client: Client, newsroom: Newsroom, draw: Draw
    ) -> None:
        picture = draw()
        story = newsroom.story(pictures=[picture])
        address = f"/pictures/{picture.pk}/640.webp"
        etag = client.get(address)["ETag"]
        assert client.get(address, headers={"if-none-match": etag}).status_code == 304
        newsroom.withdraw(story)
        assert client.get(address, headers={"if-none-match": etag}).status_code == 410

    def test_head_tells_the_same_and_post_is_refused(
        self, client: Client, newsroom: Newsroom, draw: Draw
    ) -> None:
        picture = draw()
        newsroom.story(pictures=[picture])
        assert client.head(f"/pictures/{picture.pk}/640.webp").status_code == 200
        assert client.post(f"/pictures/{picture.pk}/640.webp").status_code == 405

    @pytest.mark.parametrize("shape", [Shape.SQUARE, Shape.CLASSIC, Shape.WIDE])
    def test_a_cut_has_its_ratio(
        self, client: Client, newsroom: Newsroom, draw: Draw, shape: Shape
    ) -> None:
        picture = draw()
        newsroom.story(pictures=[picture])
        answer = client.get(f"/pictures/{picture.pk}/{shape.value}/640.jpeg")
        width, height = Image.open(io.BytesIO(answer.content)).size
        assert shape.ratio is not None
        assert width * shape.ratio[1] == height * shape.ratio[0]


class TestDrawing:
    def test_where_a_picture_was_taken_stays_with_us(
        self, client: Client, newsroom: Newsroom, media: Path
    ) -> None:
        exif = Image.Exif()
        exif[0x010F] = "Secret camera"
        exif.get_ifd(0x8825)[1] = "N"
        content = drawing(900, 600, exif=exif, comment=b"Secret comment")
        assert b"Secret" in content
        file = ImageFile(io.BytesIO(content), "x.jpg")
        picture = Picture.objects.create(title="x", file=file)
        newsroom.story(pictures=[picture])
        for size in ("640.jpeg", "960.jpeg", "640.webp", "640.avif", "1x1/480.jpeg"):
            answer = client.get(f"/pictures/{picture.pk}/{size}")
            assert b"Secret" not in answer.content
            assert not Image.open(io.BytesIO(answer.content)).getexif()

    def test_a_picture_too_large_to_draw_is_refused_before_it_is_opened(
        self, client: Client, newsroom: Newsroom, draw: Draw, settings: object
    ) -> None:
        picture = draw(400, 400)
        newsroom.story(pictures=[picture])
        settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 1000  # type: ignore[attr-defined]
        assert status(client, picture) == 404

    def test_a_lost_file_is_an_answer_not_an_accident(
        self, client: Client, newsroom: Newsroom, draw: Draw
    ) -> None:
        picture = draw()
        newsroom.story(pictures=[picture])
        Path(picture.file.path).unlink()
        assert status(client, picture) == 404

    def test_a_herd_draws_a_picture_once(self, newsroom: Newsroom, draw: Draw) -> None:
        picture = draw()
        made: list[int] = []
        shared = connections["default"]

        def ask() -> None:
            connections["default"] = shared  # the test's own, with what it has written
            one = Picture.objects.get(pk=picture.pk)
            made.append(rendition(one, filter_spec(640, "webp")).pk)

        herd = [threading.Thread(target=ask) for _ in range(8)]
        shared.inc_thread_sharing()
        for thread in herd:
            thread.start()
        for thread in herd:
            thread.join()
        shared.dec_thread_sharing()
        assert len(made) == 8
        assert len(set(made)) == 1
        folder = Path(picture.file.path).parents[1] / "images"
        assert len(list(folder.iterdir())) == 1


class TestSources:
    def test_every_source_says_what_will_come(
        self, client: Client, newsroom: Newsroom, draw: Draw
    ) -> None:
        picture = draw(1000, 500)
        newsroom.story(pictures=[picture])
        sources = picture_sources(picture, "50vw", alt="A ferry")
        assert (sources.width, sources.height, sources.alt) == (1000, 500, "A ferry")
        for candidate in (sources.webp + ", " + sources.jpeg).split(", "):
            address, _, width = candidate.partition(" ")
            answer = client.get(address)
            assert Image.open(io.BytesIO(answer.content)).width == int(width[:-1])
        assert sources.webp.endswith("1280.webp 1000w")

    def test_a_small_picture_is_offered_once(self, draw: Draw) -> None:
        sources = picture_sources(draw(100, 50))
        assert sources.jpeg == sources.src + " 100w"
        assert (sources.width, sources.height) == (100, 50)

    def test_a_cut_keeps_its_ratio_in_width_and_height(self, draw: Draw) -> None:
        sources = picture_sources(draw(1000, 400), shape=Shape.WIDE)
        assert (sources.width, sources.height) == (711, 400)
