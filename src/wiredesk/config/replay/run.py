"""One replay, from an empty database to the list of what differs."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction

from wiredesk.config.replay import script
from wiredesk.config.replay.compare import compare_pages, compare_stories
from wiredesk.config.replay.copying import copy_rows, set_counters, set_up_and_rest
from wiredesk.config.replay.databases import SOURCE
from wiredesk.config.replay.findings import Findings
from wiredesk.config.replay.rebuild import Rebuild, bring_marks
from wiredesk.stories.models import Order, Picture, Story
from wiredesk.wire.models import Delivery, Message

Say = Callable[[str], None]
_EVERY = 2.0  # seconds between two words on how far it is


class ReplayError(Exception):
    """It can't be done; the text says why and what to do."""


@dataclass(slots=True)
class Replayed:
    """What was done again, and what was found."""

    findings: Findings = field(default_factory=Findings)
    messages: int = 0
    stories: int = 0
    pages: int = 0
    orders: int = 0
    waiting: int = 0  # deliveries that were not taken yet
    set_aside: int = 0
    seconds: float = 0.0


def replay(say: Say, *, with_pages: bool = True) -> Replayed:
    """Make every story of the site anew in the usual database, and compare.

    The site's database is read as it is at one moment. Raises ``ReplayError`` where the
    database to write to isn't empty.
    """
    began = time.monotonic()
    done = Replayed()
    try:
        _refuse_full()
        settings.WIREDESK_RUN.mkdir()
        say("Preparing the empty database …")
        call_command("migrate", interactive=False, verbosity=0)
        with transaction.atomic(using=SOURCE):
            _make_anew(done, say)
            say("Comparing …")
            told = _Rarely(say, "Compared {:,} stories")
            done.stories = compare_stories(done.findings, told)
            if with_pages:
                told = _Rarely(say, "Compared {:,} pages")
                done.pages = compare_pages(done.findings, told)
            _count(done)
    finally:
        connections.close_all()
        shutil.rmtree(settings.WIREDESK_RUN.parent)
    done.seconds = time.monotonic() - began
    return done


def _make_anew(done: Replayed, say: Say) -> None:
    set_up, rest = set_up_and_rest()
    say("Copying the newsroom's set-up …")
    copy_rows(set_up)
    set_counters()
    total = script.count_messages()
    say(f"Taking {total:,} messages again …")
    told = _Rarely(say, f"Took {{:,}} of {total:,} messages again")
    rebuild = Rebuild(done.findings, script.Script(), told)
    rebuild.run()
    done.messages = rebuild.messages
    # What was ordered of pictures was done a second time to those that were copied.
    copy_rows([*rest, Picture])
    bring_marks()
    set_counters()


def _count(done: Replayed) -> None:
    deliveries = Delivery.objects.using(SOURCE)
    done.orders = Order.objects.using(SOURCE).count()
    done.waiting = deliveries.filter(state=Delivery.State.WAITING).count()
    done.set_aside = deliveries.filter(state=Delivery.State.SET_ASIDE).count()


def _refuse_full() -> None:
    if _is_same_database():
        raise ReplayError(
            "That is the site's own database. Name an empty one: an SQLite file that "
            "isn't there yet, or the address of an empty PostgreSQL database."
        )
    tables = set(connection.introspection.table_names())
    for model in (Delivery, Message, Story):
        if model._meta.db_table in tables and model._base_manager.exists():
            raise ReplayError(
                f"The database {connection.settings_dict['NAME']} isn't empty: a replay "
                "writes into an empty one, so that nothing of it can come from elsewhere."
            )


def _is_same_database() -> bool:
    own, site = connection.settings_dict, connections[SOURCE].settings_dict
    if connection.vendor != connections[SOURCE].vendor:
        return False
    if connection.vendor == "sqlite":
        path = str(site["NAME"]).removeprefix("file://").removesuffix("?mode=ro")
        return Path(own["NAME"]).resolve() == Path(path).resolve()
    names: tuple[Any, ...] = ("NAME", "HOST", "PORT")
    return all((own.get(name) or "") == (site.get(name) or "") for name in names)


class _Rarely:
    """Says how far it is, at most every other second."""

    def __init__(self, say: Say, words: str) -> None:
        self.say, self.words, self.last = say, words, time.monotonic()

    def __call__(self, done: int) -> None:
        if time.monotonic() - self.last >= _EVERY:
            self.last = time.monotonic()
            self.say(self.words.format(done))
