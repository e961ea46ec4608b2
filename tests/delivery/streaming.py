"""Streams pushed to a running site, and what its public surfaces then must show."""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from urllib.parse import urlsplit

import httpx
from django.utils import timezone

from tests.delivery.cached_site import Cached
from tests.delivery.desk_line import FEEDS, DeskLine
from tests.stories.spoken import FORMATS, Speech, heard, raw, received, some_speech
from wiredesk.stories.facts import OrderFact, Standing, State, WireFact
from wiredesk.stories.newer import is_newer
from wiredesk.stories.standing import standing

LISTS = (
    "/",
    "/politics/",
    "/feed.rss",
    "/feed.atom",
    "/feed.json",
    "/politics/feed.rss",
    "/sitemap.xml",
    "/sitemap-news.xml",
)
FRONT_HOLDS = 7  # stories without a picture, with room for other documents' own
SOON = 0.12  # minutes: an embargo or an end that comes while the stream runs
PATIENCE = 30.0  # seconds until the surfaces must agree; how long it took is told
_VERBS = ("publish", "publish", "publish", "hold", "withdraw", "release", "release")

_GONE = (State.WITHDRAWN, State.EXPIRED)
Get = Callable[[str], httpx.Response]


@dataclass(slots=True)
class Run:
    """One stream on its way, and what has come of it so far."""

    number: int
    guid: str
    name: str  # a word that stands in every headline of the story and nowhere else
    steps: list[tuple[str, Speech | str]]  # (feed, speech) or ("", verb)
    words: dict[int, str] = field(default_factory=dict)  # message's place: its word
    facts: list[WireFact] = field(default_factory=list)
    orders: list[OrderFact] = field(default_factory=list)
    message_ids: dict[int, int] = field(default_factory=dict)  # place: the site's id
    shown: set[str] = field(default_factory=set)
    was_public: bool = False
    path: str = ""

    def stands(self, now: datetime) -> Standing:
        return standing(self.facts, self.orders, now)


def a_run(random: Random, seed: int, number: int) -> Run:
    """Give a stream of one story: late, repeated and out of order, orders between."""
    noon = timezone.now()
    name = f"qs{seed}n{number}z"
    guid = f"tag:harrow.example,2026:{name}"
    formats = random.choices(FORMATS, k=1 if random.random() < 0.8 else 3)
    speeches: dict[bytes, tuple[str, Speech]] = {}
    for place in range(random.randint(2, 6)):
        speech = _near(random, some_speech(random, random.choice(formats)))
        speech = replace(
            speech,
            noon=noon,
            # Another document is a story as well, and shows its own words.
            headline="On other copy" if speech.about else f"Ferry {name} stops",
            words="What is meant stands in its head."
            if speech.about
            else f"The ferry stops at noon, they said: {name}v{place}w.",
        )
        slug = random.choices([feed[0] for feed in FEEDS], weights=(5, 2, 2, 1))[0]
        speeches.setdefault(raw(speech, guid), (slug, speech))
    steps: list[tuple[str, Speech | str]] = list(speeches.values())
    steps += random.choices(steps, k=random.randint(0, 2))
    random.shuffle(steps)
    for _ in range(random.randint(0, 4)):
        steps.insert(random.randint(1, len(steps)), ("", random.choice(_VERBS)))
    return Run(number, guid, name, steps)


def _near(random: Random, speech: Speech) -> Speech:
    """Let some embargoes and ends come while the stream runs."""
    if isinstance(speech.embargo, (int, float)) and random.random() < 0.5:
        speech = replace(speech, embargo=SOON)
    if speech.expires is not None and random.random() < 0.3:
        speech = replace(speech, expires=SOON * 2)
    return speech


@dataclass(slots=True)
class Streaming:
    """Pushes runs step by step and compares every surface after each."""

    cached: Cached
    desk: DeskLine
    tokens: dict[str, str]
    random: Random
    seconds: list[float] = field(default_factory=list)
    steps: int = 0
    orders: int = 0
    refused: int = 0
    lit: int = 0

    def go(self, runs: list[Run]) -> None:
        """Bring the runs to their ends, abreast; fails where a surface disagrees."""
        with httpx.Client(headers={"Host": self.cached.host}, timeout=30) as client:
            for number in range(max(len(run.steps) for run in runs)):
                now = [run for run in runs if number < len(run.steps)]
                self._push(client, number, now)
                self._order(number, now)
                self._agree(client, runs)
            # What waits for the clock comes before the last look.
            time.sleep(max(_until_settled(run) for run in runs))
            self._agree(client, runs)

    def _push(self, client: httpx.Client, number: int, runs: list[Run]) -> None:
        accepted: dict[int, Run] = {}
        for run in runs:
            slug, speech = run.steps[number]
            if isinstance(speech, str):
                continue
            self.steps += 1
            at = timezone.now()
            answer = client.post(
                f"{self.cached.address}/wire/{slug}",
                content=raw(speech, run.guid),
                headers={"Authorization": f"Bearer {self.tokens[slug]}"},
            )
            assert answer.status_code == 202, answer.text
            place = int(answer.json()["delivery"])
            accepted[place] = run
            if place not in run.message_ids:
                _slug, publish, is_hard = next(
                    feed for feed in FEEDS if feed[0] == slug
                )
                facts = heard(speech, publish, is_hard)
                run.facts += received(facts, place, at)
                if not speech.about:
                    run.words[place] = speech.words.rpartition(" ")[2].rstrip(".")
                run.message_ids[place] = 0
        taken = self.desk.ask("taken", deliveries=list(accepted))
        for place, message in taken.items():
            accepted[int(place)].message_ids[int(place)] = message

    def _order(self, number: int, runs: list[Run]) -> None:
        for run in runs:
            _feed, verb = run.steps[number]
            if not isinstance(verb, str):
                continue
            place = self._answered(run, verb)
            message = None if place is None else run.message_ids[place]
            at = timezone.now()
            refused = self.desk.ask("order", guid=run.guid, order=verb, message=message)
            self.orders += 1
            if refused:
                self.refused += 1
            else:
                run.orders.append(OrderFact(len(run.orders), verb, place, at))

    def _answered(self, run: Run, verb: str) -> int | None:
        """Give the message an order is about: a release's is a kill, where there is one."""
        kills = [fact.id for fact in run.facts if fact.status == "canceled"]
        if verb == "release" and kills:
            return self.random.choice(kills)
        places = [fact.id for fact in run.facts if fact.kind == "story"]
        return self.random.choice([*places, None]) if verb != "release" else None

    def _agree(self, client: httpx.Client, runs: list[Run]) -> None:
        """Wait until the surfaces agree, at the origin and through the cache."""
        paths = self.desk.ask("paths", guids=[run.guid for run in runs])
        for run in runs:
            run.path = paths.get(run.guid, "")
        began = time.monotonic()

        def settle(address: str) -> None:
            left = runs
            while wrong := _complaints(
                left, _full(runs), lambda path: client.get(address + path)
            ):
                told = "\n".join(text for texts in wrong.values() for text in texts)
                assert time.monotonic() < began + PATIENCE, told
                time.sleep(0.02)
                # One that agreed is asked again after the next step.
                left = [run for run in left if run.number in wrong]

        with ThreadPoolExecutor(2) as pool:
            for done in [
                pool.submit(settle, address)
                for address in (self.cached.site.url, self.cached.address)
            ]:
                done.result()
        self.seconds.append(time.monotonic() - began)
        now = timezone.now()
        self.lit += sum(run.stands(now).state is State.LIVE for run in runs)


def _full(runs: list[Run]) -> set[str]:
    """Give the lists that can't hold all that is live."""
    now = timezone.now()
    live = sum(run.stands(now).state is State.LIVE for run in runs)
    return {"/"} if live > FRONT_HOLDS else set()


def _complaints(runs: list[Run], full: set[str], get: Get) -> dict[int, list[str]]:
    """Give what surfaces show that isn't so, by the stream's number."""
    before = {run.number: run.stands(timezone.now()) for run in runs}
    lists = {path: get(path).text for path in LISTS}
    found: dict[int, list[str]] = {}
    for run in runs:
        seen = [f"stream {run.number} ({run.guid}): {text}"
                for text in _looks(run, lists, full, get)]  # fmt: skip
        now = run.stands(timezone.now())
        if now != before[run.number]:
            # The clock brought it on meanwhile: it is asked once more.
            found[run.number] = [f"stream {run.number}: it moved by the clock"]
            continue
        _note(run, now)
        if seen:
            found[run.number] = seen
    return found


def _until_settled(run: Run) -> float:
    """Give the seconds until no end that was meant to come is still to come."""
    now = timezone.now()
    times = [
        time
        for fact in run.facts
        for time in (fact.embargoed_until, fact.expires, fact.retain_until)
        if time is not None and now < time < now + timedelta(minutes=SOON * 3)
    ]
    return max(((time - now).total_seconds() + 0.1 for time in times), default=0.0)


def _note(run: Run, now: Standing) -> None:
    if now.state is State.LIVE:
        run.was_public = True
        if now.shows is not None:
            run.shown.add(run.words[now.shows])


def _looks(
    run: Run, lists: dict[str, str], full: Container[str], get: Get
) -> Iterator[str]:
    """Say where the surfaces show something else than the run's standing allows.

    Of a list that is ``full`` nobody can say that a live story must be on it.
    """
    now = timezone.now()
    stands = run.stands(now)
    is_live = stands.state is State.LIVE
    word = run.words.get(stands.shows or 0, "") if is_live else ""
    is_listed = is_live and (stands.listed_until is None or stands.listed_until > now)
    yield from _page_looks(run, stands, word, get)
    for path, text in lists.items():
        yield from _words_beside(run, {word} if is_listed else set(), text, path)
        mentions = run.name in text or (run.path and run.path in text)
        if mentions and not is_listed:
            yield f"{path} names it, though it is {stands.state}"
        may_lack = path in full or path.startswith("/sitemap")
        if is_listed and not mentions and not may_lack:
            yield f"{path} doesn't name it, though it is live"
    found = get(f"/search/?q={run.name}").text
    links = bool(run.path) and f'href="{urlsplit(run.path).path}"' in found
    if links != is_listed:
        yield f"search {'finds' if links else 'does not find'} it: {stands.state}"
    yield from _words_beside(run, {word}, found, "search")


def _page_looks(run: Run, stands: Standing, word: str, get: Get) -> Iterator[str]:
    if not run.path:
        if stands.state is State.LIVE:
            yield "it is live and has no address"
        return
    page = get(run.path)
    if stands.state is State.LIVE:
        if page.status_code != 200 or word not in page.text:
            yield f"its page answers {page.status_code} and lacks {word}"
    else:
        if page.status_code not in (404, 410):
            yield f"its page answers {page.status_code}, though it is {stands.state}"
        if run.name in page.text.replace(run.path, ""):
            yield f"its page shows words, though it is {stands.state}"
        kept = page.headers.get("cache-control", "")
        is_gone = page.status_code == 410 and kept == "no-store"
        if run.was_public and not is_gone and stands.state in _GONE:
            yield f"its page answers {page.status_code}, {kept}"
    yield from _words_beside(run, {word}, page.text, "its page")
    history = get(f"{run.path}history/")
    if stands.state is not State.LIVE and history.status_code == 200:
        yield f"its history answers 200, though it is {stands.state}"
    yield from _words_beside(
        run, _allowed_in_history(run, word), history.text, "history"
    )


def _allowed_in_history(run: Run, word: str) -> set[str]:
    """Give the words of versions that were public and that no kill has ended."""
    own = {fact.id: fact for fact in run.facts if fact.kind == "story"}
    kills = [fact for fact in run.facts if fact.status == "canceled"]
    return {word} | {
        run.words[place]
        for place, fact in own.items()
        if run.words[place] in run.shown and all(is_newer(fact, kill) for kill in kills)
    }


def _words_beside(run: Run, allowed: set[str], text: str, where: str) -> Iterator[str]:
    for word in set(run.words.values()) - allowed:
        if word in text:
            yield f"{where} shows {word}, which isn't what stands"
