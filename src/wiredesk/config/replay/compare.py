"""Lay the stories made anew beside the site's, and the pages that readers get of both."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from django.db import DEFAULT_DB_ALIAS

from wiredesk.config.replay.databases import SOURCE, reading_the_site
from wiredesk.config.replay.findings import Findings
from wiredesk.config.replay.pages import page_digest, pages
from wiredesk.config.replay.portraits import portraits, references, story_numbers

_AT_ONCE = 200
# What can be the same of a story whose words a contract had erased: where it stands.
_WITHOUT_WORDS = frozenset(
    {
        "identities",
        "path",
        "source",
        "standing.state",
        "standing.visible_from",
        "standing.visible_until",
        "standing.was_public",
    }
)


def compare_stories(findings: Findings, heard: Callable[[int], None]) -> int:
    """Note every difference between the two; gives how many stories were compared."""
    numbers = iter(sorted({*story_numbers(SOURCE), *story_numbers(DEFAULT_DB_ALIAS)}))
    done = 0
    while some := list(islice(numbers, _AT_ONCE)):
        site, replayed = portraits(SOURCE, some), portraits(DEFAULT_DB_ALIAS, some)
        for number in some:
            _compare(findings, number, site.get(number), replayed.get(number))
        done += len(some)
        heard(done)
    was, now = references(SOURCE), references(DEFAULT_DB_ALIAS)
    for one in sorted(was ^ now):
        message, verb, source, guid = one
        findings.differ(
            f"message {message}", f"{verb} {source} {guid}", one in was, one in now
        )
    return done


def _compare(
    findings: Findings,
    number: int,
    site: dict[str, object] | None,
    replayed: dict[str, object] | None,
) -> None:
    if site is None or replayed is None:
        findings.differ(f"story {number}", "it", bool(site), bool(replayed))
        return
    path = site["path"] or replayed["path"] or site["headline"]
    for name in sorted({*site, *replayed}):
        if number in findings.wordless and name not in _WITHOUT_WORDS:
            continue
        was, now = site.get(name), replayed.get(name)
        if was != now:
            findings.differ(f"story {number} ({path})", name, was, now)


def compare_pages(findings: Findings, heard: Callable[[int], None]) -> int:
    """Draw each page that readers ever had from both; gives how many."""
    done = 0
    for host, path in pages():
        with reading_the_site():
            site = page_digest(host, path)
        replayed = page_digest(host, path)
        if site != replayed:
            findings.differ(f"page {path}", "what readers get", site, replayed)
        done += 1
        heard(done)
    return done
