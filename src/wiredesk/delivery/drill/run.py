"""Runs a kill drill on the running site, through the wire and back by HTTP."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.utils import timezone
from wagtail.models import Site

from wiredesk.delivery.actions.open_drill import SLUG, open_drill
from wiredesk.delivery.drill.copy import Copy, write_copy
from wiredesk.delivery.drill.watch import Watch
from wiredesk.delivery.models import Proof, Withdrawal
from wiredesk.delivery.proof.asking import Asker, Question, Reply, ways
from wiredesk.delivery.proof.gone import lack
from wiredesk.delivery.proof.prove import story_traces
from wiredesk.delivery.surfaces import Expects, Surface, surfaces
from wiredesk.lib.own_servers import OwnServers
from wiredesk.stories.models import SectionPage, Story, StoryIdentity
from wiredesk.topics.models import Topic
from wiredesk.wire.actions.receive import Payload, receive
from wiredesk.wire.models import Feed

ORIGIN_BOUND = 1.0  # seconds after the kill was accepted
CACHE_BOUND = 5.0
PROOF_BOUND = 30.0
# Two addresses a surface are timed, so that asking isn't what takes the time; the
# worker's own proof asks all of them.
TIMED = 2
CONNECTIONS = 200  # one for every address that is timed
_LOOK = 0.05

Say = Callable[[str], None]


class DrillFailedError(Exception):
    """The drill couldn't be held; the text says why. Nothing of it is left public."""


@dataclass(slots=True)
class Line:
    """One surface in one way: seconds till gone, and till the worker had proved it."""

    surface: str
    via: str
    addresses: int
    seconds: float | None = None
    proved: float | None = None

    @property
    def bound(self) -> float:
        """The seconds it may take."""
        return ORIGIN_BOUND if self.via == Proof.Via.ORIGIN else CACHE_BOUND

    @property
    def is_within(self) -> bool:
        """Tell whether it was gone and proved in time."""
        return (
            self.seconds is not None
            and self.seconds <= self.bound
            and self.proved is not None
            and self.proved <= PROOF_BOUND
        )

    def as_json(self) -> dict[str, Any]:
        """Give it as the command prints it."""
        return {
            "surface": self.surface,
            "via": self.via,
            "addresses": self.addresses,
            "seconds": None if self.seconds is None else round(self.seconds, 3),
            "bound": self.bound,
            "proved_seconds": None if self.proved is None else round(self.proved, 3),
            "within": self.is_within,
        }


@dataclass(slots=True)
class Drill:
    """One drill: what was watched, and how it went. ``idle`` surfaces had no story."""

    guid: str = ""
    path: str = ""
    live_seconds: float = 0.0
    lines: list[Line] = field(default_factory=list)
    idle: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Tell whether every surface was gone and proved in time."""
        return bool(self.lines) and all(line.is_within for line in self.lines)

    def as_json(self) -> dict[str, Any]:
        """Give the whole drill as plain data."""
        return {
            "guid": self.guid,
            "path": self.path,
            "live_seconds": round(self.live_seconds, 3),
            "surfaces": [line.as_json() for line in self.lines],
            "not_exercised": self.idle,
            "passed": self.passed,
        }


def run_drill(*, in_feeds: bool = True, patience: float = 30.0, say: Say) -> Drill:
    """Publish a made-up story, kill it, and tell how long each surface took.

    Works on the running site from another process: its worker takes the copy. The story
    is killed whatever happens meanwhile, and ends by the clock if even that fails.
    Raises ``DrillFailedError`` where it never was on the surfaces; ``patience`` are the
    seconds it has to get there.
    """
    asker = Asker(client=OwnServers(seconds=PROOF_BOUND, connections=CONNECTIONS))
    with tempfile.TemporaryDirectory(prefix="wiredesk-drill-") as folder:
        held = _Held(asker, Path(folder), in_feeds, patience, say)
        try:
            return held.run()
        finally:
            held.kill()
            asker.close()


@dataclass(slots=True)
class _Held:
    """A drill while it is held."""

    asker: Asker
    folder: Path
    in_feeds: bool
    patience: float
    say: Say
    copy: Copy | None = None
    feed: Feed | None = None
    killed_at: float = 0.0
    drill: Drill = field(default_factory=Drill)

    def run(self) -> Drill:
        self._see_that_it_runs()
        section = _first_section()
        self.copy = write_copy(
            name=uuid4().hex[:10],
            folder=self.folder,
            now=timezone.now(),
            topic=_a_topic(),
        )
        self.drill.guid = self.copy.guid
        self.feed = open_drill(
            section=section, in_feeds=self.in_feeds, guid=self.copy.guid
        )
        self.say("A drill's story goes on the site for some seconds.")
        began = time.monotonic()
        self._send(self.copy.story)
        story = self._wait_for_story(began)
        timed = self._wait_until_seen(story, began)
        self.drill.live_seconds = time.monotonic() - began
        self.say(f"It is on all surfaces after {self.drill.live_seconds:.1f} s. Kill.")
        traces = story_traces(story)
        expects = {url: surface.expects for surface, urls in timed for url in urls}

        def is_gone(question: Question, reply: Reply) -> bool:
            told = expects[question[1]], traces, reply.status, reply.body
            return not reply.failure and not lack(*told)

        accepted = self.kill()
        dark = Withdrawal.objects.filter(story=story, ended_at=None)
        watch = Watch(
            self.asker,
            _questions(timed),
            is_gone,
            began=self.killed_at,
            limit=PROOF_BOUND,
            ready=dark.exists,
        )
        self._add_up(timed, watch.run())
        self._wait_for_proof(story, accepted)
        return self.drill

    def kill(self) -> datetime:
        """Send the kill, once; gives when it was accepted."""
        if self.copy is not None and not self.killed_at:
            self._send(self.copy.kill)
            self.killed_at = time.monotonic()
        return timezone.now()

    def _send(self, raw: bytes) -> None:
        if self.feed is not None:
            payload = Payload(raw, name="drill.json", origin=str(self.folder))
            receive(feed=self.feed, payloads=[payload], transport="drill")

    def _see_that_it_runs(self) -> None:
        site = Site.objects.filter(is_default_site=True).first()
        if site is None:
            raise DrillFailedError("There is no site to hold a drill on.")
        for via in ways():
            reply = self.asker.ask_one((via, f"{site.root_url}/"))
            if reply.status != 200:
                what = reply.failure or f"It answered {reply.status}."
                where = (
                    settings.WIREDESK_ORIGIN_URL
                    if via == Proof.Via.ORIGIN
                    else settings.WIREDESK_CACHE_URL
                )
                raise DrillFailedError(f"The site's {via}, {where}: {what}")

    def _wait_for_story(self, began: float) -> Story:
        while time.monotonic() - began < self.patience:
            found = StoryIdentity.objects.filter(source=SLUG, guid=self.drill.guid)
            public = Story.objects.public().filter(identities__in=found)
            story = public.filter(path__isnull=False).first()
            if story is not None:
                self.drill.path = story.path or ""
                return story
            time.sleep(_LOOK)
        raise DrillFailedError(
            f"The story wasn't public after {self.patience:g} s: does the worker run?"
        )

    def _wait_until_seen(
        self, story: Story, began: float
    ) -> list[tuple[Surface, list[str]]]:
        """Wait until the surfaces show the story; gives them with what is to be timed."""
        self._wait_for_pictures(story, began)
        timed, now = [], timezone.now()
        for surface in surfaces():
            urls = surface.urls_of(story)
            if urls and surface.shows(story, now):
                timed.append((surface, urls[:TIMED]))
                self.drill.lines += [
                    Line(surface.name, via, len(urls)) for via in ways()
                ]
            else:
                self.drill.idle.append(surface.name)
        gone = {u for s, urls in timed if s.expects is Expects.GONE for u in urls}
        path = (story.path or "").encode()

        def is_seen(question: Question, reply: Reply) -> bool:
            named = question[1] in gone or path in reply.body
            return reply.status == 200 and named

        questions = _questions(timed)
        seen = Watch(self.asker, questions, is_seen, began, self.patience).run()
        unseen = [question for question in questions if question not in seen]
        if unseen:
            raise DrillFailedError(
                f"The story never showed at {unseen[0][1]} ({unseen[0][0]})"
                + (f" and {len(unseen) - 1} more." if unseen[1:] else ".")
            )
        return timed

    def _wait_for_pictures(self, story: Story, began: float) -> None:
        while time.monotonic() - began < self.patience / 2:
            if not story.pictures.filter(picture=None, failure="").exists():
                return
            time.sleep(_LOOK)

    def _add_up(
        self,
        timed: list[tuple[Surface, list[str]]],
        seconds: dict[Question, float],
    ) -> None:
        urls = {surface.name: found for surface, found in timed}
        for line in self.drill.lines:
            took = [seconds.get((line.via, url)) for url in urls[line.surface]]
            reached = [each for each in took if each is not None]
            if len(reached) == len(took):
                line.seconds = max(reached)

    def _wait_for_proof(self, story: Story, accepted: datetime) -> None:
        limit = accepted + timedelta(seconds=PROOF_BOUND)
        withdrawals = Withdrawal.objects.filter(story=story, ended_at=None)
        while timezone.now() < limit:
            if withdrawals.filter(gone_at__isnull=False).exists():
                break
            time.sleep(_LOOK)
        proofs = Proof.objects.filter(
            withdrawal__in=withdrawals, proved_at__isnull=False
        )
        proved = {
            (name, via): (at - accepted).total_seconds()
            for name, via, at in proofs.values_list("surface", "via", "proved_at")
            if at is not None
        }
        for line in self.drill.lines:
            line.proved = proved.get((line.surface, line.via))


def _questions(timed: list[tuple[Surface, list[str]]]) -> list[Question]:
    return [(via, url) for via in ways() for _surface, urls in timed for url in urls]


def _first_section() -> str:
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        return ""
    sections = SectionPage.objects.live().descendant_of(site.root_page)
    return str(sections.order_by("path").values_list("slug", flat=True).first() or "")


def _a_topic() -> str:
    """Give the code of a topic with a page, so that the story stands there, too."""
    known = Topic.objects.filter(public=True, parent__isnull=True).exclude(code="")
    return known.order_by("pk").values_list("code", flat=True).first() or ""
