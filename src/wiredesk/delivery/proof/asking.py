"""Asks our own addresses as a reader would: at the origin, and through the cache."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from wiredesk.delivery.models import Proof
from wiredesk.lib.own_servers import NoAnswerError, OwnServers

SECONDS = 5.0  # the longest an answer may take
AT_ONCE = 6  # addresses asked at the same time: readers come first
PUBLIC = "public"  # the cache stands at the site's own public address
# Of the headers, those that tell whether and where an answer may be kept.
HEADERS = (
    "cache-control",
    "x-robots-tag",
    "age",
    "via",
    "x-cache",
    "location",
    "retry-after",
)


@dataclass(frozen=True)
class Reply:
    """One answer, or why there was none. ``sha256`` is of the body, in hex."""

    at: datetime
    status: int = 0
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    failure: str = ""

    @cached_property
    def sha256(self) -> str:
        """Give the digest of the body; one list's proves it for all that was killed."""
        return hashlib.sha256(self.body).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """Give what is kept as evidence, without its time."""
        if self.failure:
            return {"failure": self.failure}
        kept = {name: self.headers[name] for name in HEADERS if name in self.headers}
        return {"status": self.status, "sha256": self.sha256, "headers": kept}


Question = tuple[str, str]  # (via, address)


def ways() -> list[str]:
    """Give the ways on which readers can be reached: the origin, and a cache if any."""
    cache = [Proof.Via.CACHE.value] if settings.WIREDESK_CACHE_URL else []
    return [Proof.Via.ORIGIN.value, *cache]


@dataclass(slots=True)
class Asker:
    """Connections and threads for asking many addresses; ``ask`` may be repeated."""

    client: OwnServers = field(
        default_factory=lambda: OwnServers(seconds=SECONDS, connections=2 * AT_ONCE)
    )
    threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(AT_ONCE, thread_name_prefix="proof")
    )

    def ask(self, questions: Iterable[Question]) -> dict[Question, Reply]:
        """Give the answer to each question."""
        wanted = list(dict.fromkeys(questions))
        return dict(zip(wanted, self.threads.map(self.ask_one, wanted), strict=True))

    def ask_one(self, question: Question) -> Reply:
        """Ask one address in one way."""
        via, address = question
        base, headers = _route(via, address)
        parts = urlsplit(address)
        query = f"?{parts.query}" if parts.query else ""
        try:
            answer = self.client.ask(
                "GET", f"{base}{parts.path}{query}", headers=headers
            )
        except NoAnswerError as error:
            return Reply(timezone.now(), failure=str(error)[:300])
        return Reply(timezone.now(), answer.status, answer.body, answer.headers)

    def close(self) -> None:
        """End threads and connections."""
        self.threads.shutdown()
        self.client.close()


def _route(via: str, address: str) -> tuple[str, dict[str, str]]:
    """Give where to connect and as whom: the site is known by its ``Host``."""
    site = urlsplit(address)
    headers = {"Host": site.netloc}
    if via == Proof.Via.CACHE:
        cache: str = settings.WIREDESK_CACHE_URL
        if cache == PUBLIC:
            return f"{site.scheme}://{site.netloc}", headers
        return cache, headers
    origin: str = settings.WIREDESK_ORIGIN_URL
    # All codings there are made of one answer, which the page store keeps in this one. A
    # cache may keep each by itself, so it is asked as by a browser.
    headers["Accept-Encoding"] = "gzip"
    if settings.WIREDESK_PROXIES:
        # As the innermost of our proxies would ask on behalf of this machine.
        hops = ", ".join(["127.0.0.1"] * settings.WIREDESK_PROXIES)
        headers |= {"X-Forwarded-For": hops, "X-Forwarded-Proto": "https"}
    return origin, headers
