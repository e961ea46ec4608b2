"""A picture that went: caches are told, and every surface is asked until it is gone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from tests.delivery.conftest import Newsroom
from tests.stories.wires import a_message, take
from wiredesk.config.cli.kill import kill
from wiredesk.delivery import surfaces as registry
from wiredesk.delivery.actions.list_proofs import list_proofs
from wiredesk.delivery.certificate.draw import page
from wiredesk.delivery.certificate.picture import picture_certificates_of
from wiredesk.delivery.models import Proof, Purge, Withdrawal
from wiredesk.delivery.picture_surfaces import picture_traces, shows_picture
from wiredesk.delivery.proof.gone import lack
from wiredesk.delivery.surfaces import Expects, Surface, register
from wiredesk.logbook.actions.seal import seal
from wiredesk.stories.actions.note_ends import note_picture_ends
from wiredesk.stories.actions.order_picture import order_picture
from wiredesk.stories.models import Picture

Draw = Callable[..., Picture]


def withdraw(picture: Picture) -> Withdrawal:
    order_picture(picture=picture, verb="withdraw", by=None)
    return Withdrawal.objects.get(picture=picture, ended_at=None)


class TestFollowed:
    def test_it_is_a_withdrawal_of_its_own_and_ends_when_it_comes_back(
        self, newsroom: Newsroom, draw: Draw, media: Path
    ) -> None:
        picture = draw()
        newsroom.story(pictures=[picture])
        withdrawal = withdraw(picture)
        assert (withdrawal.kind, withdrawal.story) == ("withdrawn", None)
        assert not Withdrawal.objects.filter(story__isnull=False).exists()
        order_picture(picture=picture, verb="publish", by=None)
        withdrawal.refresh_from_db()
        assert withdrawal.ended_at is not None

    def test_one_nobody_ever_saw_needs_no_proof(
        self, newsroom: Newsroom, draw: Draw, media: Path
    ) -> None:
        order_picture(picture=draw(), verb="withdraw", by=None)
        assert not Withdrawal.objects.exists()

    def test_caches_drop_the_picture_and_every_page_that_names_it(
        self, newsroom: Newsroom, draw: Draw, media: Path, settings: Any
    ) -> None:
        settings.WIREDESK_VARNISH = ["http://127.0.0.1:9"]
        picture = draw()
        newsroom.story(pictures=[picture])
        Purge.objects.all().delete()
        withdrawal = withdraw(picture)
        rows = Purge.objects.filter(withdrawal=withdrawal)
        assert all(f"picture-{picture.pk}" in row.keys for row in rows)
        assert [row.first for row in rows] == [True, True]  # at once, and once more

    def test_a_picture_within_a_text_announces_its_story(
        self, newsroom: Newsroom, draw: Draw, media: Path, settings: Any
    ) -> None:
        settings.WIREDESK_VARNISH = ["http://127.0.0.1:9"]
        picture = draw()
        block = {"type": "picture", "value": {"picture": picture.pk, "caption": ""}}
        story = newsroom.story(blocks=[block])
        Purge.objects.all().delete()
        withdraw(picture)
        assert any(f"story-{story.pk}" in row.keys for row in Purge.objects.all())

    def test_an_end_is_followed_too(
        self, newsroom: Newsroom, draw: Draw, media: Path
    ) -> None:
        end = timezone.now() - timedelta(seconds=1)
        picture = draw(expires=end)
        newsroom.story(pictures=[picture])
        note_picture_ends()
        assert Withdrawal.objects.get(picture=picture).kind == "expired"


class TestProved:
    def test_its_addresses_and_every_surface_of_its_stories_are_asked(
        self, newsroom: Newsroom, draw: Draw, media: Path
    ) -> None:
        picture = draw()
        story = newsroom.story(pictures=[picture])
        register(
            Surface("brand-new", lambda _story: ["http://x/new/"], lambda *_: False)
        )
        try:
            gone = withdraw(picture)
            list_proofs(withdrawal=gone, at=timezone.now())
        finally:
            del registry._surfaces["brand-new"]
        asked = {row.surface: row.urls for row in gone.proofs.all()}
        assert f"/pictures/{picture.pk}/16x9/1280.webp" in " ".join(asked["picture"])
        assert story.path
        assert story.path in " ".join(asked["story page"])
        assert asked["brand-new"] == ["http://x/new/"]
        assert {"front", "site rss", "site atom", "site json"} <= asked.keys()
        assert "pictures" not in asked

    def test_a_page_that_still_names_it_is_no_proof(
        self, draw: Draw, media: Path
    ) -> None:
        picture = draw()
        traces = picture_traces(picture)
        page = f'<meta property="og:image" content="/pictures/{picture.pk}/1280.jpeg">'
        other = page.replace(f"/{picture.pk}/", f"/{picture.pk}0/")
        assert lack(Expects.UNLISTED, traces, 200, page.encode())
        assert not lack(Expects.UNLISTED, traces, 200, other.encode())
        assert lack(Expects.GONE, traces, 200, b"")
        assert not lack(Expects.GONE, traces, 410, b"")

    def test_it_is_asked_directly_as_well(
        self, newsroom: Newsroom, draw: Draw, media: Path
    ) -> None:
        picture = draw()
        newsroom.story(pictures=[picture])
        now = timezone.now()
        assert shows_picture(picture, now)
        withdraw(picture)
        assert not shows_picture(picture, now)
        assert Proof.objects.count() == 0


class TestCertified:
    def test_its_certificate_says_what_is_proved_and_what_is_missing(
        self, newsroom: Newsroom, draw: Draw, media: Path
    ) -> None:
        picture = draw(guid="urn:picture:pier", source="meridian")
        newsroom.story(pictures=[picture])
        assert picture_certificates_of("urn:picture:pier") == []
        assert picture_certificates_of("urn:never") is None
        withdraw(picture)
        seal()
        (certificate,) = picture_certificates_of("urn:picture:pier") or []
        told = certificate.as_json()
        assert told["withdrawal"]["kind"] == "withdrawn"
        assert told["picture"]["number"] == picture.pk
        assert told["orders"][0]["verb"] == "withdraw"
        assert told["logbook"]["holds"]
        assert not told["proved"]
        assert told["missing"] == [
            "No surface has been asked yet: does the worker run?"
        ]

    def test_the_page_says_what_came_and_needs_nothing_but_itself(
        self, newsroom: Newsroom, draw: Draw, media: Path
    ) -> None:
        picture = draw(guid="urn:picture:pier", source="meridian")
        newsroom.story(pictures=[picture])
        killed = {"kind": "picture", "status": "canceled", "version": "2"}
        take(a_message("urn:picture:pier", **killed))
        seal()
        (certificate,) = picture_certificates_of("urn:picture:pier") or []
        assert certificate.seconds["applied"] is not None
        html = page([], [certificate])
        assert "Kill certificate of a picture" in html
        assert "A ferry" in html
        assert "<strong>canceled</strong>" in html
        assert "identity: urn:picture:pier" in html
        assert "The logbook does NOT hold" not in html
        assert not re.search(r"<(?:script|link|img)\b", html)

    def test_the_command_prints_the_page_and_json_where_asked(
        self, newsroom: Newsroom, draw: Draw, media: Path, tmp_path: Path
    ) -> None:
        picture = draw(guid="urn:picture:pier", source="meridian")
        newsroom.story(pictures=[picture])
        withdraw(picture)
        given = CliRunner().invoke(kill, ["certificate", "urn:picture:pier"])
        assert given.output.startswith("<!DOCTYPE html>")
        assert "Kill certificate of a picture" in given.output
        place = tmp_path / "certificate.json"
        words = ["certificate", "urn:picture:pier", "--json", "--to", str(place)]
        assert CliRunner().invoke(kill, words).exit_code == 0
        assert json.loads(place.read_text())["picture"]["number"] == picture.pk

    def test_an_editor_finds_it_on_the_desk(
        self, newsroom: Newsroom, draw: Draw, media: Path, client: Client
    ) -> None:
        picture = draw()
        newsroom.story(pictures=[picture])
        address = f"/desk/picture-certificates/{picture.pk}/"
        assert client.get(address).status_code == 302  # to the sign-in
        client.force_login(get_user_model().objects.create_superuser("chief", "", "pw"))
        screen = f"/desk/pictures/{picture.pk}/order/"
        assert client.get(address).status_code == 404  # it never went
        assert address not in client.get(screen).content.decode()
        withdraw(picture)
        answer = client.get(address)
        assert "Kill certificate of a picture" in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
        kept = client.get(f"/desk/picture-certificates/{picture.pk}.json")
        assert kept.json()["picture"]["title"] == "A ferry"
        assert address in client.get(screen).content.decode()
        assert address in client.get("/desk/withdrawals/").content.decode()
