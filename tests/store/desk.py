"""A station that draws before commits, and what happens to it meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import transaction

from tests.web.newsroom import Newsroom
from wiredesk.delivery.store.ahead import Ahead
from wiredesk.delivery.store.clock import Clock
from wiredesk.delivery.store.joining import Joiner
from wiredesk.delivery.store.page import Page, pack, unpack
from wiredesk.delivery.store.store import PageStore
from wiredesk.lib.databases.ending import committing
from wiredesk.stories.actions.announce import announce
from wiredesk.stories.models import Story, StoryStanding

HOST = "testserver"


@dataclass
class Desk:
    """A station with a page store, and whoever changes it; ``drawn`` are paths."""

    newsroom: Newsroom
    clock: Clock
    store: PageStore
    handler: WSGIHandler
    ahead: Ahead = field(init=False)
    drawn: list[str] = field(default_factory=list)
    # What happens while a page is drawn before a commit.
    meanwhile: Callable[[], object] = lambda: None

    def __call__(self, environment: dict[str, Any], start: Callable[..., Any]) -> Any:
        path = environment["PATH_INFO"]
        if not path.startswith("/-/"):  # what stands on many pages
            self.drawn.append(path)
            self.meanwhile()
        return self.handler(environment, start)

    def asked(self) -> tuple[Story, str]:
        """Give a story that somebody asked for, and its path."""
        story = self.newsroom.story("The ferry sails")
        path = story.path or ""
        self.ask(path)
        return story, path

    def ask(self, path: str) -> str:
        """Ask the store as a reader does; gives what the page says."""
        found = self.found(path)
        if found is None:
            old = self.store.memory.get(HOST + path)
            joiner = Joiner(self.clock, self.handler)
            page = joiner.make(HOST, path, old.page if old else None).page
            assert page is not None
            self.store.disk.write(HOST + path, pack(page, self.clock.era))
            found = self.found(path)
        assert found is not None
        return found.plain().decode()

    def on_disk(self, path: str) -> str:
        """Give what the disk has, true or not."""
        raw = self.store.disk.read(HOST + path)
        page = unpack(raw, self.clock.era) if raw else None
        return page.plain().decode() if page else ""

    def found(self, path: str) -> Page | None:
        """Give the page if it is there and true; nothing is drawn."""
        kept = self.store.find(HOST, path, "gzip", time.time())
        return kept.page if kept else None

    def update(self, story: Story, headline: str, **standing: Any) -> None:
        with transaction.atomic():
            self.change(story, headline, **standing)

    def change(self, story: Story, headline: str, **standing: Any) -> None:
        Story.objects.filter(pk=story.pk).update(headline=headline)
        StoryStanding.objects.filter(pk=story.pk).update(**standing)
        announce([story.pk])

    def kill(self, story: Story) -> None:
        self.update(story, story.headline, state=StoryStanding.State.WITHDRAWN)


@contextmanager
def before_the_commit(happens: Callable[[], object]) -> Iterator[None]:
    """Have something happen once everything is drawn."""

    def hear(**_: Any) -> None:
        happens()

    committing.connect(hear)
    try:
        yield
    finally:
        committing.disconnect(hear)
