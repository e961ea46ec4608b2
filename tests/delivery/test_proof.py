"""What went dark is fetched back from every surface until it is proved gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from tests.delivery.caches import SmallCache, small_cache
from tests.delivery.conftest import Newsroom
from wiredesk.delivery import surfaces as registry
from wiredesk.delivery.actions.record_proof import digest_of
from wiredesk.delivery.models import Proof, Purge, Withdrawal
from wiredesk.delivery.proof import prove as prove_step
from wiredesk.delivery.proof.gone import lack, traces_of
from wiredesk.delivery.proof.prove import ALARM, Prover
from wiredesk.delivery.surfaces import Expects, Surface, surfaces
from wiredesk.logbook.models import Alarm, Entry
from wiredesk.stories.models import Picture, Story, StoryStanding
from wiredesk.stories.signals import stories_changed

pytestmark = pytest.mark.django_db(transaction=True)
HEADLINE = "Ferry returns to Harbour Street after nine years"
WORDS = "<p>The zephyrine boat came back to the old pier on Monday at noon.</p>"


@pytest.fixture
def prover() -> Iterator[Prover]:
    prover = Prover()
    yield prover
    prover.asker.close()


@pytest.fixture
def origin(live_server: LiveServer, settings: Any) -> str:
    settings.ALLOWED_HOSTS = ["*"]
    settings.WIREDESK_ORIGIN_URL = live_server.url
    return str(live_server.url)


@pytest.fixture
def cache(settings: Any) -> Iterator[SmallCache]:
    with small_cache() as cache:
        settings.WIREDESK_CACHE_URL = cache.address
        yield cache


@pytest.fixture
def story(origin: str, newsroom: Newsroom, draw: Callable[..., Picture]) -> Story:
    return newsroom.story(HEADLINE, body=WORDS, pictures=[draw()])


def prove(prover: Prover, *, rounds: int = 20) -> None:
    """Go on until nothing is due, as the worker does."""
    for _round in range(rounds):
        Proof.objects.filter(proved_at=None).update(due_at=timezone.now())
        if not prover.round():
            break


def unproved() -> set[str]:
    return set(Proof.objects.filter(proved_at=None).values_list("surface", flat=True))


def back(story: Story) -> None:
    with transaction.atomic():
        StoryStanding.objects.filter(story=story).update(state="live")
        stories_changed.send(sender=Story, story_ids=[story.pk])


def test_every_registered_surface_is_proved_and_its_evidence_is_in_the_logbook(
    prover: Prover, newsroom: Newsroom, story: Story
) -> None:
    newsroom.withdraw(story)
    prove(prover)
    proofs = {proof.surface: proof for proof in Proof.objects.all()}
    assert set(proofs) == {surface.name for surface in surfaces()}
    chained = {
        entry.detail["proof"]
        for entry in Entry.objects.filter(verb="proved-gone", thing=f"story:{story.pk}")
    }
    for surface in surfaces():
        proof = proofs[surface.name]
        assert proof.proved_at is not None, (surface.name, proof.lack)
        assert proof.digest == digest_of(proof), surface.name
        assert proof.digest in chained, surface.name
        assert sorted(url for a in proof.answers for url in a["urls"]) == sorted(
            set(surface.urls_of(story))
        ), surface.name
    page = proofs["story page"].answers[0]
    assert page["status"] == 410
    assert page["headers"]["cache-control"] == "no-store"
    assert page["headers"]["x-robots-tag"] == "noindex"
    assert {answer["status"] for answer in proofs["pictures"].answers} == {410}
    withdrawal = Withdrawal.objects.get()
    assert withdrawal.gone_at is not None
    assert withdrawal.confirmed_at is not None
    assert Entry.objects.filter(verb="gone-everywhere").count() == 1


def test_a_surface_that_still_has_the_story_is_not_proved(
    prover: Prover,
    newsroom: Newsroom,
    story: Story,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    elsewhere = newsroom.story(
        "A long list of what ran in the town this week",
        body=(f'<p>Read <a href="{story.path}">{HEADLINE}</a>.</p>'),
    )
    # It stays readable and has left the lists, so that only its page tells.
    StoryStanding.objects.filter(story=elsewhere).update(listed_until=timezone.now())
    monkeypatch.setitem(
        registry._surfaces,
        "round-up",
        Surface(
            "round-up",
            lambda _story: [f"http://testserver{elsewhere.path}"],
            lambda _story, _now: False,
        ),
    )
    newsroom.withdraw(story)
    prove(prover, rounds=3)
    assert unproved() == {"round-up"}
    assert "links to the story" in Proof.objects.get(surface="round-up").lack
    assert Withdrawal.objects.get().gone_at is None


def test_of_two_withdrawals_each_is_gone_when_its_own_surfaces_are(
    prover: Prover,
    newsroom: Newsroom,
    story: Story,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = newsroom.story("Bridge closes for a week")
    page = registry._surfaces["story page"]
    is_left = [True]

    def shows(asked: Story, now: datetime) -> bool:
        return (asked == other and is_left[0]) or page.shows(asked, now)

    monkeypatch.setitem(registry._surfaces, "story page", replace(page, shows=shows))
    newsroom.withdraw(story)
    newsroom.withdraw(other)
    prove(prover, rounds=3)
    gone, open_ = Withdrawal.objects.order_by("pk")
    assert (gone.story, gone.gone_at is None, gone.confirmed_at is None) == (
        *(story, False, False),
    )
    assert (open_.story, open_.gone_at, open_.confirmed_at) == (other, None, None)
    is_left[0] = False
    prove(prover)
    open_.refresh_from_db()
    last = max(proof.proved_at for proof in open_.proofs.all() if proof.proved_at)
    assert open_.gone_at == last > (gone.gone_at or last)
    assert Entry.objects.filter(verb="gone-everywhere").count() == 2


def test_what_is_withdrawn_closely_together_is_proved_by_the_same_answers_of_lists(
    prover: Prover,
    newsroom: Newsroom,
    story: Story,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gathered = timedelta(minutes=10)  # however slow the machine is
    monkeypatch.setattr(prove_step, "GATHERED", gathered)
    newsroom.withdraw(story)
    prover.round()
    first = Proof.objects.get(surface="front")
    assert first.proved_at is not None  # the first waits for nobody
    others = [newsroom.story(f"Another ferry that came to town, {n}") for n in "AB"]
    for other in others:
        newsroom.withdraw(other)
        prover.round()
    later = Proof.objects.filter(withdrawal__story__in=others)
    # Its own page is nobody else's.
    assert later.filter(surface="story page", proved_at__isnull=False).count() == 2
    fronts = list(later.filter(surface="front"))
    assert {front.proved_at for front in fronts} == {None}
    (due,) = {front.due_at for front in fronts}
    assert due is not None
    assert timezone.now() < due <= first.proved_at + gathered
    prove(prover)
    one, other = (proof.answers for proof in later.filter(surface="front"))
    assert one == other
    assert not unproved()


@pytest.mark.parametrize("more", ["", ", and the pier is full", " — Live"])
def test_a_headline_that_is_part_of_another_story_is_no_trace(
    prover: Prover, newsroom: Newsroom, story: Story, more: str
) -> None:
    newsroom.story(f"{HEADLINE}{more}", body="<p>It will sail again on Friday.</p>")
    newsroom.withdraw(story)
    prove(prover)
    assert not unproved()


def test_a_surface_that_nobody_can_fetch_is_proved_by_asking_it(
    prover: Prover,
    newsroom: Newsroom,
    story: Story,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting = {story.pk}
    monkeypatch.setitem(
        registry._surfaces,
        "pending mail",
        Surface("pending mail", lambda _story: [], lambda s, _now: s.pk in waiting),
    )
    newsroom.withdraw(story)
    prove(prover, rounds=3)
    assert unproved() == {"pending mail"}
    waiting.clear()
    prove(prover)
    assert not unproved()


def test_a_cache_that_still_shows_it_is_told_again_and_proved_only_when_it_stops(
    prover: Prover, newsroom: Newsroom, story: Story, cache: SmallCache, settings: Any
) -> None:
    settings.WIREDESK_VARNISH = [cache.address]
    cache.body = f'<a href="{story.path}">{HEADLINE}</a>'.encode()  # 200, for anything
    newsroom.withdraw(story)
    Purge.objects.update(
        done_at=timezone.now(), written_at=timezone.now() - timedelta(seconds=5)
    )
    told = Purge.objects.count()
    prove(prover, rounds=2)
    left = Proof.objects.filter(proved_at=None)
    assert {proof.via for proof in left} == {"cache"}
    assert Purge.objects.count() == told + 1
    cache.status, cache.body = 410, b""
    prove(prover)
    assert not unproved()
    # Another copy may have been under way to the cache: it is looked at once more.
    assert Withdrawal.objects.get().confirmed_at is None


def test_a_story_that_comes_back_in_a_cache_is_proved_no_longer(
    prover: Prover, newsroom: Newsroom, story: Story, cache: SmallCache
) -> None:
    cache.status = 410
    newsroom.withdraw(story)
    prove(prover)
    assert Withdrawal.objects.get().gone_at is not None
    cache.status, cache.body = 200, str(story.path).encode()
    Proof.objects.filter(via="cache").update(due_at=timezone.now())
    prover.round()
    assert "story page" in unproved()
    assert Withdrawal.objects.get().gone_at is None
    assert Entry.objects.filter(verb="shown-again").exists()


def test_what_is_not_proved_in_half_a_minute_alarms_until_it_is(
    prover: Prover, newsroom: Newsroom, story: Story, cache: SmallCache
) -> None:
    cache.body = str(story.path).encode()
    newsroom.withdraw(story)
    prove(prover, rounds=2)
    prover.watch()
    assert not Alarm.objects.filter(cleared_at=None).exists()
    Withdrawal.objects.update(at=timezone.now() - timedelta(seconds=31))
    prover.watch()
    alarm = Alarm.objects.get(key=ALARM, cleared_at=None)
    assert f"#{story.pk}" in alarm.text
    assert alarm.address == f"/desk/kill-certificates/{story.pk}/"
    cache.status, cache.body = 404, b""
    prove(prover)
    prover.watch()
    assert not Alarm.objects.filter(cleared_at=None).exists()


def test_a_site_that_does_not_answer_proves_nothing(
    prover: Prover, newsroom: Newsroom, story: Story, settings: Any
) -> None:
    settings.WIREDESK_ORIGIN_URL = "http://127.0.0.1:9"
    newsroom.withdraw(story)
    prove(prover, rounds=1)
    assert not Proof.objects.exclude(proved_at=None).exclude(urls=[]).exists()
    assert "can't be asked" in Proof.objects.filter(surface="story page")[0].lack


def test_proving_goes_on_where_another_worker_was_killed(
    newsroom: Newsroom, story: Story, cache: SmallCache
) -> None:
    cache.body = str(story.path).encode()
    newsroom.withdraw(story)
    prove(Prover(), rounds=1)
    assert unproved()
    cache.status, cache.body = 410, b""
    prove(Prover())
    assert not unproved()


def test_a_story_that_may_show_again_is_asked_for_no_longer(
    prover: Prover, newsroom: Newsroom, story: Story, cache: SmallCache
) -> None:
    cache.body = str(story.path).encode()
    newsroom.withdraw(story)
    prove(prover, rounds=1)
    back(story)
    asked = len(cache.told)
    prover.round()
    prover.watch()
    assert len(cache.told) == asked
    assert not Alarm.objects.filter(cleared_at=None).exists()


def test_of_what_only_expired_its_own_addresses_are_proved(
    prover: Prover, story: Story
) -> None:
    with transaction.atomic():
        StoryStanding.objects.update(expired_at=timezone.now())
        stories_changed.send(sender=Story, story_ids=[story.pk])
    prove(prover)
    own = {each.name for each in surfaces() if each.expects is Expects.GONE}
    assert {proof.surface for proof in Proof.objects.all()} == own
    assert not unproved()


# --- what an answer proves ------------------------------------------------------------

TRACES = traces_of("/2026/11/23/ferry-12/", HEADLINE, [WORDS])


@pytest.mark.parametrize(
    ("expects", "status", "body", "is_gone"),
    [
        (Expects.GONE, 410, "No longer available", True),
        (Expects.GONE, 404, "", True),
        (Expects.GONE, 200, "No longer available", False),
        (Expects.GONE, 301, "", False),
        (Expects.GONE, 503, "", False),
        (Expects.GONE, 410, f"<h1>{HEADLINE}</h1>", False),
        (Expects.GONE, 410, "<p>The <b>zephyrine</b> boat came back to the old pier "
            "on Monday at noon.</p>", False),
        (Expects.UNLISTED, 200, "<a href='/2026/11/23/other-13/'>x</a>", True),
        (Expects.UNLISTED, 200, "<a href='/2026/11/23/ferry-12/'>x</a>", False),
        (Expects.UNLISTED, 200, f"<li>{HEADLINE.upper()}</li>", False),
        (Expects.UNLISTED, 200, "&lt;b&gt;Ferry returns to&lt;/b&gt; Harbour&#32;Street "
            "after nine years", False),
        (Expects.UNLISTED, 500, "", False),
        (Expects.UNLINKED, 200, f"You searched for {HEADLINE}", True),
        (Expects.UNLINKED, 200, "https://x.example/2026/11/23/ferry-12/", False),
    ],
)  # fmt: skip
def test_an_answer_proves_a_story_gone_only_if_nothing_of_it_is_there(
    expects: Expects, status: int, body: str, is_gone: bool
) -> None:
    assert (lack(expects, TRACES, status, body.encode()) == "") is is_gone
