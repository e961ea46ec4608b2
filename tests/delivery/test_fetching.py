"""Pictures that wire stories name: fetched from beside the copy or from the network."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from tests.delivery.conftest import Newsroom, drawing
from wiredesk.stories.actions import fetch_picture as fetching
from wiredesk.stories.actions.fetch_picture import fetch_picture
from wiredesk.stories.actions.keep_picture import keep_picture
from wiredesk.stories.actions.order_picture import order_picture
from wiredesk.stories.models import Picture, Story, StoryPicture
from wiredesk.stories.picture_files import (
    RefusedPictureError,
    UnreadablePictureError,
    inspect,
)
from wiredesk.wire.models import Delivery, Feed, Message

pytestmark = pytest.mark.urls("wiredesk.delivery.urls")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox" / "meridian"
    (folder / "pictures").mkdir(parents=True)
    return folder


class Wire:
    """Wire stories whose copy lies in a folder or came from an address."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self.feed = Feed.objects.create(name="M", slug="meridian", source="meridian")
        self.count = 0

    def story(self, href: str, origin: str, **given: Any) -> StoryPicture:
        self.count += 1
        now = timezone.now()
        delivery = Delivery.objects.create(
            feed=self.feed,
            sha256=f"{self.count:064}",
            size=1,
            origin=origin,
            received_at=now,
        )
        message = Message.objects.create(
            delivery=delivery, feed=self.feed, ordinal=0, source="meridian",
            guid=f"urn:{self.count}", received_at=now, kind="story", status="usable",
            publishable=True, item={}, policy={}, digest="x",
        )  # fmt: skip
        story = self.newsroom.story(source="meridian", wire_message=message, **given)
        return StoryPicture.objects.create(
            story=story,
            href=href,
            alt="A ferry at a pier",
            caption="The ferry",
            credit="Mira Holt",
            guid="urn:picture",
        )


@pytest.fixture
def wire(newsroom: Newsroom, media: Path) -> Wire:
    return Wire(newsroom)


class TestFolder:
    @pytest.mark.parametrize(
        ("href", "place"),
        [
            ("ferry.jpg", "ferry.jpg"),
            ("ferry.jpg", "pictures/ferry.jpg"),
            ("pictures/ferry.jpg", "pictures/ferry.jpg"),
            ("images/large/ferry.jpg", "pictures/ferry.jpg"),
            ("file:///mnt/agency/ferry.jpg", "ferry.jpg"),
            ("C:\\agency\\ferry.jpg", "ferry.jpg"),
            ("../ferry%201.jpg", "ferry 1.jpg"),
        ],
    )
    def test_a_picture_is_found_beside_the_copy(
        self, client: Client, wire: Wire, inbox: Path, href: str, place: str
    ) -> None:
        (inbox / place).write_bytes(drawing(400, 300))
        use = wire.story(href, str(inbox))
        assert fetch_picture(story_picture_id=use.pk)
        use.refresh_from_db()
        picture = use.picture
        assert picture is not None
        assert (picture.width, picture.height) == (400, 300)
        assert picture.description == "A ferry at a pier"
        assert (picture.credit, picture.source) == ("Mira Holt", "meridian")
        assert picture.guid == "urn:picture"
        assert client.get(f"/pictures/{picture.pk}/320.webp").status_code == 200

    @pytest.mark.parametrize(
        "href",
        [
            "../../secret.jpg",
            "/etc/hostname",
            "link.jpg",
            "linked/secret.jpg",
            "..",
            "folder",
            "pipe",
            "%00.jpg",
            "%2e%2e/%2e%2e/secret.jpg",
        ],
    )
    def test_nothing_outside_the_folder_is_read(
        self, wire: Wire, inbox: Path, tmp_path: Path, href: str
    ) -> None:
        (tmp_path / "secret.jpg").write_bytes(drawing(400, 300))
        (inbox / "link.jpg").symlink_to(tmp_path / "secret.jpg")
        (inbox / "linked").symlink_to(tmp_path)
        (inbox / "folder").mkdir()
        os.mkfifo(inbox / "pipe")
        use = wire.story(href, str(inbox))
        assert not fetch_picture(story_picture_id=use.pk)
        assert not Picture.objects.exists()

    def test_a_picture_that_comes_later_is_found_then(
        self, wire: Wire, inbox: Path
    ) -> None:
        use = wire.story("ferry.jpg", str(inbox))
        assert not fetch_picture(story_picture_id=use.pk)
        use.refresh_from_db()
        assert (use.attempts, use.failure) == (1, "")
        (inbox / "ferry.jpg").write_bytes(drawing(400, 300)[:2000])
        assert not fetch_picture(story_picture_id=use.pk)
        (inbox / "ferry.jpg").write_bytes(drawing(400, 300))
        assert fetch_picture(story_picture_id=use.pk)

    def test_trying_ends(self, wire: Wire, inbox: Path) -> None:
        use = wire.story("ferry.jpg", str(inbox))
        for _ in range(100):
            fetch_picture(story_picture_id=use.pk)
        use.refresh_from_db()
        assert use.attempts == len(fetching.WAITS) + 1
        assert "isn't beside the copy" in use.failure
        (inbox / "ferry.jpg").write_bytes(drawing(400, 300))
        assert not fetch_picture(story_picture_id=use.pk)

    def test_what_is_no_picture_fails_with_its_reason(
        self, wire: Wire, inbox: Path
    ) -> None:
        (inbox / "ferry.jpg").write_bytes(b"<svg onload=alert(1)>")
        use = wire.story("ferry.jpg", str(inbox))
        for _ in range(10):
            assert not fetch_picture(story_picture_id=use.pk)
        use.refresh_from_db()
        assert "no picture can be read" in use.failure

    def test_a_withdrawn_story_fetches_nothing(self, wire: Wire, inbox: Path) -> None:
        (inbox / "ferry.jpg").write_bytes(drawing(400, 300))
        use = wire.story("ferry.jpg", str(inbox), state="withdrawn")
        assert not fetch_picture(story_picture_id=use.pk)


class TestLibrary:
    def test_the_same_bytes_of_a_source_are_kept_once(
        self, wire: Wire, inbox: Path
    ) -> None:
        for name in ("a.jpg", "b.jpg"):
            (inbox / name).write_bytes(drawing(400, 300))
            use = wire.story(name, str(inbox))
            assert fetch_picture(story_picture_id=use.pk)
        assert Picture.objects.count() == 1

    def test_another_source_s_withdrawal_does_not_reach_the_same_bytes(
        self, media: Path, db: None
    ) -> None:
        content = drawing(400, 300)
        one = keep_picture(content=content, title="x", source="meridian")
        assert keep_picture(content=content, title="x", source="meridian") == one
        assert keep_picture(content=content, title="x", source="lodestar") != one

    def test_a_withdrawn_picture_that_comes_again_stays_dark(
        self, client: Client, wire: Wire, inbox: Path
    ) -> None:
        content = drawing(400, 300)
        dark = keep_picture(content=content, title="x", source="meridian")
        order_picture(picture=dark, verb="withdraw", by=None)
        (inbox / "ferry.jpg").write_bytes(content)
        use = wire.story("ferry.jpg", str(inbox))
        assert fetch_picture(story_picture_id=use.pk)
        assert client.get(f"/pictures/{dark.pk}/320.webp").status_code == 410

    def test_a_picture_a_camera_laid_down_stands_upright(
        self, client: Client, newsroom: Newsroom, media: Path
    ) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6
        picture = keep_picture(content=drawing(800, 400, exif=exif), title="x")
        assert (picture.width, picture.height) == (400, 800)
        newsroom.story(pictures=[picture])
        picture.refresh_from_db()
        assert (picture.width, picture.height) == (400, 800)
        answer = client.get(f"/pictures/{picture.pk}/320.jpeg")
        assert Image.open(io.BytesIO(answer.content)).size == (320, 640)

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
    def test_the_usual_formats_are_taken(self, kind: str) -> None:
        assert inspect(drawing(64, 48, kind)).width == 64

    @pytest.mark.parametrize("kind", ["BMP", "TIFF", "ICO", "PDF", "EPS", "PPM", "TGA"])
    def test_formats_nobody_sends_are_not(self, kind: str) -> None:
        with pytest.raises(UnreadablePictureError):
            inspect(drawing(64, 48, kind))

    def test_a_small_file_that_unpacks_into_gigabytes_is_refused_by_its_header(
        self,
    ) -> None:
        bomb = io.BytesIO()
        Image.new("1", (30_000, 30_000)).save(bomb, "PNG")
        assert len(bomb.getvalue()) < 200_000
        with pytest.raises(RefusedPictureError, match="too many"):
            inspect(bomb.getvalue())

    def test_a_counting_pixel_is_refused(self) -> None:
        with pytest.raises(RefusedPictureError, match="too few"):
            inspect(drawing(1, 1, "GIF"))

    @pytest.mark.parametrize(
        "content", [b"", b"\xff\xd8\xff", b"GIF89a", b"\x89PNG\r\n\x1a\n"]
    )
    def test_a_stump_is_refused(self, content: bytes) -> None:
        with pytest.raises(UnreadablePictureError):
            inspect(content)


class Pictures(BaseHTTPRequestHandler):
    """A server of pictures, some of them bad."""

    def do_GET(self) -> None:
        good = drawing(400, 300)
        status, content = {
            "/news/ferry.jpg": (200, good),
            "/page.html": (200, b"<html>"),
            "/huge.jpg": (200, b"\xff" * (21 * 1024 * 1024)),
        }.get(self.path, (404, b""))
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Type", "image/jpeg")
        self.end_headers()
        try:
            self.wfile.write(content)
        except OSError:
            return  # the client had enough

    def log_message(self, *_args: object) -> None:
        return


@pytest.fixture
def server() -> Iterator[str]:
    http = HTTPServer(("127.0.0.1", 0), Pictures)
    thread = threading.Thread(target=http.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{http.server_port}"
    http.shutdown()
    thread.join()
    http.server_close()


class TestNetwork:
    def fetch(self, wire: Wire, href: str, origin: str = "") -> StoryPicture:
        use = wire.story(href, origin)
        fetch_picture(story_picture_id=use.pk)
        use.refresh_from_db()
        return use

    def test_a_picture_is_fetched_from_its_address(
        self, wire: Wire, server: str, settings: Any
    ) -> None:
        settings.WIREDESK_TRUSTED_HOSTS = ["127.0.0.1"]
        assert self.fetch(wire, f"{server}/news/ferry.jpg").picture
        assert self.fetch(wire, "ferry.jpg", f"{server}/news/feed.xml").picture

    def test_a_picture_that_is_not_there_is_tried_again(
        self, wire: Wire, server: str, settings: Any
    ) -> None:
        settings.WIREDESK_TRUSTED_HOSTS = ["127.0.0.1"]
        assert self.fetch(wire, f"{server}/none.jpg").failure == ""

    def test_a_picture_that_is_too_large_is_refused(
        self, wire: Wire, server: str, settings: Any
    ) -> None:
        settings.WIREDESK_TRUSTED_HOSTS = ["127.0.0.1"]
        assert self.fetch(wire, f"{server}/huge.jpg").failure

    def test_our_own_network_is_never_asked(self, wire: Wire, server: str) -> None:
        use = self.fetch(wire, f"{server}/news/ferry.jpg")
        assert use.picture is None
        assert use.failure

    @pytest.mark.parametrize(
        "href", ["data:image/png;base64,AAAA", "ftp://x.example/a.jpg"]
    )
    def test_other_addresses_are_refused(self, wire: Wire, href: str) -> None:
        assert self.fetch(wire, href).failure


def test_a_story_is_announced_with_its_picture(
    wire: Wire, inbox: Path, django_capture_on_commit_callbacks: Any
) -> None:
    from wiredesk.stories.signals import stories_committed

    heard: list[int] = []

    def hear(story_ids: list[int], **_kwargs: Any) -> None:
        heard.extend(story_ids)

    (inbox / "ferry.jpg").write_bytes(drawing(400, 300))
    use = wire.story("ferry.jpg", str(inbox))
    stories_committed.connect(hear, sender=Story)
    with django_capture_on_commit_callbacks(execute=True):
        fetch_picture(story_picture_id=use.pk)
    stories_committed.disconnect(hear, sender=Story)
    assert heard == [use.story_id]


def test_the_worker_s_round_takes_what_is_due_and_leaves_what_failed_just_now(
    wire: Wire, inbox: Path, server: str, settings: Any
) -> None:
    settings.WIREDESK_TRUSTED_HOSTS = ["127.0.0.1"]
    (inbox / "ferry.jpg").write_bytes(drawing(400, 300))
    here = wire.story("ferry.jpg", str(inbox))
    missing = wire.story("barge.jpg", str(inbox))
    there = wire.story(f"{server}/news/ferry.jpg", str(inbox))
    assert fetching.fetch_pictures_from_folders() == 2
    assert fetching.fetch_pictures_from_folders() == 0
    assert fetching.fetch_pictures_from_network() == 1
    for use in (here, missing, there):
        use.refresh_from_db()
    assert (bool(here.picture), bool(missing.picture), bool(there.picture)) == (
        True,
        False,
        True,
    )
