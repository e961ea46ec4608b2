"""A kill certificate tells all that is known, and what isn't proved."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from tests.delivery.conftest import Newsroom
from tests.stories.wires import a_message, story_of, take
from wiredesk.delivery.certificate.draw import page
from wiredesk.delivery.certificate.gather import Certificate, certificates_of
from wiredesk.delivery.models import Proof
from wiredesk.delivery.proof.prove import Prover
from wiredesk.logbook.actions.seal import seal
from wiredesk.logbook.models import Entry, Seal
from wiredesk.stories.actions.erase_addresses import erase_addresses
from wiredesk.stories.models import Story

pytestmark = pytest.mark.django_db(transaction=True)
GUID = "urn:meridian:1"
HEADLINE = "Orrin bridge closes for repairs until the spring"


@pytest.fixture
def prover() -> Iterator[Prover]:
    prover = Prover()
    yield prover
    prover.asker.close()


@pytest.fixture
def killed(live_server: LiveServer, newsroom: Newsroom, settings: Any) -> Story:
    settings.ALLOWED_HOSTS = ["*"]
    settings.WIREDESK_ORIGIN_URL = live_server.url
    take(a_message(GUID, headline=HEADLINE))
    take(a_message(GUID, version="2", status="canceled", headline="Kill"))
    return story_of(GUID)


def prove(prover: Prover) -> None:
    for _round in range(20):
        Proof.objects.filter(proved_at=None).update(due_at=timezone.now())
        if not prover.round():
            break
    seal()


def certificate() -> Certificate:
    found = certificates_of(GUID)
    assert found is not None
    assert len(found) == 1
    return found[0]


def test_it_tells_what_came_what_it_matched_when_it_was_applied_and_each_proof(
    killed: Story, prover: Prover
) -> None:
    prove(prover)
    told = certificate()
    assert told.missing == []
    assert told.is_proved
    plain = json.loads(json.dumps(told.as_json()))
    assert plain["proved"] is True
    kill = next(message for message in plain["messages"] if message["decides"])
    assert (kill["status"], kill["matched_by"]) == ("canceled", "identity")
    assert len(kill["delivery"]["sha256"]) == 64
    applied = next(entry for entry in plain["logbook"]["entries"] if entry["applied"])
    assert applied["detail"]["state"] == "withdrawn"
    assert applied["detail"]["follows_from"] == [kill["id"]]
    for entry in plain["logbook"]["entries"]:
        assert entry["seal"]["first"] <= entry["entry"] <= entry["seal"]["last"]
    own = next(each for each in plain["surfaces"] if each["surface"] == "story page")
    assert own["answers"][0]["status"] == 410
    assert all(each["in_logbook"] for each in plain["surfaces"])
    assert 0 <= plain["seconds"]["applied"] <= plain["seconds"]["gone"]


def test_a_kill_by_another_document_is_told_with_the_id_it_named(
    live_server: LiveServer, newsroom: Newsroom
) -> None:
    take(a_message(GUID))
    killer = a_message(
        "urn:meridian:advisory-9",
        kind="advisory",
        links=[{"rel": "kills", "guid": GUID}],
    )
    take(killer)
    message = certificate().message
    assert message is not None
    assert message["matched_by"] == "reference"
    assert (message["guid"], message["names"]) == ("urn:meridian:advisory-9", GUID)


def test_before_anything_is_asked_it_says_that_nothing_is_proved(killed: Story) -> None:
    told = certificate()
    assert not told.is_proved
    assert any("No surface has been asked yet" in each for each in told.missing)
    assert any("not sealed yet" in each for each in told.missing)
    assert "Not everything is proved yet." in page([told])


def test_a_surface_not_proved_is_named_with_the_reason(
    killed: Story, prover: Prover, settings: Any
) -> None:
    settings.WIREDESK_CACHE_URL = "http://127.0.0.1:9"
    prove(prover)
    told = certificate()
    assert not told.is_proved
    assert any("front (cache)" in each and "asked" in each for each in told.missing)


def test_evidence_that_was_altered_is_found(killed: Story, prover: Prover) -> None:
    prove(prover)
    row = Proof.objects.get(surface="story page")
    row.answers[0]["status"] = 404
    row.save()
    assert any(
        "story page" in each and "altered" in each for each in certificate().missing
    )


def test_what_was_proved_still_verifies_once_a_contract_took_the_words_of_addresses(
    killed: Story, prover: Prover
) -> None:
    prove(prover)
    assert killed.slug in json.dumps(certificate().as_json()["surfaces"])
    with transaction.atomic():
        erase_addresses(story_ids=[killed.pk])
    told = certificate()
    assert told.is_proved
    assert killed.slug not in json.dumps(told.as_json()["surfaces"])
    assert told.as_json()["story"]["path"].endswith(f"/{killed.pk}/")


def test_an_entry_of_the_logbook_that_was_altered_is_found(
    killed: Story, prover: Prover
) -> None:
    prove(prover)
    entry = Entry.objects.filter(verb="proved-gone").latest("pk")
    Entry.objects.filter(pk=entry.pk).update(detail={**entry.detail, "via": "cache"})
    told = certificate()
    assert any(f"Entry {entry.pk}" in each for each in told.missing)
    assert told.as_json()["logbook"]["holds"] is False


def test_an_entry_taken_out_and_a_seal_made_anew_are_found(
    killed: Story, prover: Prover
) -> None:
    prove(prover)
    Entry.objects.filter(verb="proved-gone").latest("pk").delete()
    told = certificate()
    assert any("doesn't fit the entries" in each for each in told.missing)
    assert any("has no entry" in each for each in told.missing)
    Entry.objects.create(
        at=timezone.now(), verb="late", thing="x:1", detail={}, digest="0" * 64
    )
    seal()
    last = Seal.objects.latest("pk")
    Seal.objects.filter(pk=last.pk).update(previous="f" * 64)
    assert any("doesn't follow" in each for each in certificate().missing)


def test_a_story_that_is_live_or_never_came_has_none(newsroom: Newsroom) -> None:
    assert certificates_of("urn:meridian:unheard") is None
    take(a_message(GUID))
    assert certificates_of(GUID) == []


def test_a_story_killed_before_anybody_could_read_it_is_told_as_such(
    newsroom: Newsroom,
) -> None:
    take(a_message(GUID, version="2", status="canceled"))
    take(a_message(GUID))
    seal()
    told = certificate()
    assert told.withdrawal is None
    assert told.is_proved
    assert "never public" in page([told])


def test_the_page_needs_nothing_but_itself_and_has_no_word_of_the_text(
    killed: Story, prover: Prover
) -> None:
    prove(prover)
    html = page([certificate()])
    assert HEADLINE in html  # what it is about
    assert "closes on Monday" not in html
    assert not re.search(r"<(?:script|link|img)\b", html)
    assert "&gt;" not in html[html.index("<style>") : html.index("</style>")]


def test_an_editor_reads_it_on_the_desk_and_keeps_it_as_json(
    killed: Story, prover: Prover, client: Client
) -> None:
    prove(prover)
    address = f"/desk/kill-certificates/{killed.pk}/"
    assert client.get(address).status_code == 302  # to the sign-in
    client.force_login(get_user_model().objects.create_superuser("chief", "", "pw"))
    answer = client.get(address)
    assert "Proved: the story is gone" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    kept = client.get(f"/desk/kill-certificates/{killed.pk}.json")
    assert kept.json()["story"]["number"] == killed.pk
    assert client.get("/desk/kill-certificates/99999/").status_code == 404
    listed = client.get("/desk/withdrawals/").content.decode()
    assert HEADLINE in listed
    assert address in listed
    stories = client.get("/desk/stories/").content.decode()
    assert address in stories
