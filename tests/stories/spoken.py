"""What agencies say of one story, as real bytes in every format, and read as the wire does."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from random import Random
from xml.sax.saxutils import escape

from wiredesk.stories.actions.gather_cases import facts_about
from wiredesk.stories.facts import WireFact
from wiredesk.wire.actions.take_group import Work, build_messages
from wiredesk.wire.formats.detect import read
from wiredesk.wire.models import Delivery, Feed

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NEVER_ENDS = "without end"
STORY = "tag:harrow.example,2026:1"
# Formats, and what each has to tell versions apart. The two last have neither number
# nor time: the first receipt is part of such a message.
FORMATS = (
    "newsml-g2",
    "nitf",
    "nitf by time",
    "ninjs",
    "ninjs by number",
    "rss",
    "atom",
    "rss undated",
    "nitf undated",
)
UNDATED = frozenset({"rss undated", "nitf undated"})
NUMBERED = frozenset({"newsml-g2", "nitf", "ninjs", "ninjs by number"})
UNTIMED = UNDATED | {"ninjs by number"}
VERSIONS = (0, 1, 2, 3, 9, 10, 1618095828, 2**70)
_STATUSES = {
    "newsml-g2": ("usable", "withheld", "canceled", "pending"),
    "ninjs": ("usable", "withheld", "canceled", "pending"),
    "nitf": ("usable", "withheld", "canceled", "embargoed", "pending"),
    "rss": ("usable",),
    "atom": ("usable", "canceled"),
}
_WORDS = "The ferry of Lower Tarn stops at noon, the harbour master said."


@dataclass(frozen=True, slots=True)
class Speech:
    """One thing said. ``minutes`` is its version's time, counted from noon.

    ``about``: what another document (NITF) does to the story, as a status. Minutes may
    have parts.
    """

    format: str
    version: int | None
    minutes: float | None
    status: str = "usable"
    embargo: float | str | None = None
    expires: float | None = None
    about: str = ""
    words: str = _WORDS
    headline: str = "Ferry stops"
    noon: datetime = NOON

    @property
    def kind(self) -> str:
        return self.format.split(" ", maxsplit=1)[0]

    @property
    def at(self) -> datetime | None:
        return None if self.minutes is None else after(self.minutes, self.noon)

    def iso(self, minutes: float | str | None) -> str:
        """Give a time in the words of XML and JSON formats."""
        assert isinstance(minutes, (int, float))
        return after(minutes, self.noon).isoformat()


def after(minutes: float, noon: datetime = NOON) -> datetime:
    return noon + timedelta(minutes=minutes)


def some_speech(random: Random, format_: str) -> Speech:
    """Give a speech of this format; what the format can't say it doesn't say."""
    statuses = _STATUSES[format_.split(" ", maxsplit=1)[0]]
    status = random.choice((*["usable"] * 5, *statuses))
    embargo: float | str | None = None
    expires = None
    if not format_.startswith(("rss", "atom")):
        if status == "embargoed" or random.random() < 0.15:
            embargo = random.choice((-60, 30, 90, NEVER_ENDS))
        expires = random.choice((None, None, None, -30, 60, 120))
    if format_.startswith("nitf") and status == "usable" and embargo is not None:
        status = "embargoed"  # its one way to say so
    about = ""
    if format_.startswith("nitf") and random.random() < 0.12:
        about = random.choice(("canceled", "withheld", "usable"))
    words = random.choice((_WORDS, _WORDS + " It comes back at three."))
    if format_ == "atom" and status == "canceled":
        words = _WORDS  # a tombstone has none: two would be the same bytes
    return Speech(
        format=format_,
        version=random.choice(VERSIONS) if format_ in NUMBERED else None,
        minutes=None if format_ in UNTIMED else random.randint(-4, 4) * 20,
        status=status,
        embargo=embargo,
        expires=expires,
        about=about,
        words=words,
    )


def raw(speech: Speech, guid: str = STORY) -> bytes:
    """Give the speech as its format's bytes; another document has an id of its own."""
    if speech.about:
        named = f"{speech.version}:{speech.minutes}:{speech.status}:{speech.about}"
        return _WRITERS[speech.kind](speech, f"{guid}:other:{named}", guid)
    return _WRITERS[speech.kind](speech, guid, guid)


def _newsml_g2(speech: Speech, guid: str, story: str) -> bytes:
    meta = ""
    if speech.embargo == NEVER_ENDS:
        meta += "<embargoed/>"
    elif speech.embargo is not None:
        meta += f"<embargoed>{speech.iso(speech.embargo)}</embargoed>"
    if speech.expires is not None:
        meta += f"<expires>{speech.iso(speech.expires)}</expires>"
    return (
        '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" standard="NewsML-G2"'
        f' standardversion="2.35" guid="{guid}" version="{speech.version}"'
        ' xml:lang="en"><itemMeta><itemClass qcode="ninat:text"/>'
        f"<versionCreated>{speech.iso(speech.minutes)}</versionCreated>"
        f'<pubStatus qcode="stat:{speech.status}"/>{meta}</itemMeta>'
        f"<contentMeta><headline>{escape(speech.headline)}</headline></contentMeta>"
        '<contentSet><inlineXML contenttype="application/xhtml+xml">'
        '<html xmlns="http://www.w3.org/1999/xhtml"><body>'
        f"<p>{escape(speech.words)}</p></body></html></inlineXML></contentSet></newsItem>"
    ).encode()


def _nitf(speech: Speech, guid: str, story: str) -> bytes:
    data = f'<doc-id id-string="{guid}"/>'
    if speech.version is not None:
        data += f'<du-key key="ferry" version="{speech.version}"/>'
    for name, minutes in (
        ("date.issue", speech.minutes),
        ("date.expire", speech.expires),
    ):
        if minutes is not None:
            data += f'<{name} norm="{speech.iso(minutes)}"/>'
    status = speech.status
    if speech.embargo is not None:
        status = "embargoed" if status == "usable" else status
        if speech.embargo != NEVER_ENDS:
            data += f'<date.release norm="{speech.iso(speech.embargo)}"/>'
    other = ""
    if speech.about:
        other = (
            f' management-doc-idref="{story}" management-idref-status="{speech.about}"'
        )
    return (
        f'<nitf><head><docdata management-status="{status}"{other}>{data}</docdata>'
        f"</head><body><body.head><hedline><hl1>{escape(speech.headline)}</hl1></hedline>"
        f"</body.head>"
        f"<body.content><p>{escape(speech.words)}</p></body.content></body></nitf>"
    ).encode()


def _ninjs(speech: Speech, guid: str, story: str) -> bytes:
    item: dict[str, object] = {
        "uri": guid,
        "type": "text",
        "version": str(speech.version),
        "pubstatus": speech.status,
        "headline": speech.headline,
        "body_text": speech.words,
    }
    if speech.minutes is not None:
        item["versioncreated"] = speech.iso(speech.minutes)
    if speech.embargo is not None:
        ends = speech.embargo
        item["embargoed"] = "" if ends == NEVER_ENDS else speech.iso(ends)
    if speech.expires is not None:
        item["expires"] = speech.iso(speech.expires)
    return json.dumps(item).encode()


def _rss(speech: Speech, guid: str, story: str) -> bytes:
    dated = ""
    if speech.at is not None:
        dated = f"<pubDate>{format_datetime(speech.at)}</pubDate>"
    return (
        '<rss version="2.0"><channel><title>Harrow</title><item>'
        f'<title>{escape(speech.headline)}</title><guid isPermaLink="false">{guid}</guid>{dated}'
        f"<description>{escape(speech.words)}</description></item></channel></rss>"
    ).encode()


def _atom(speech: Speech, guid: str, story: str) -> bytes:
    when = speech.iso(speech.minutes)
    if speech.status == "canceled":
        entry = f'<at:deleted-entry ref="{guid}" when="{when}"/>'
    else:
        entry = (
            f"<entry><id>{guid}</id><title>{escape(speech.headline)}</title>"
            f"<updated>{when}</updated>"
            f"<content>{escape(speech.words)}</content></entry>"
        )
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom"'
        ' xmlns:at="http://purl.org/atompub/tombstones/1.0"><id>urn:harrow:feed</id>'
        f"<title>Harrow</title><updated>{speech.iso(0)}</updated>{entry}</feed>"
    ).encode()


_WRITERS = {
    "newsml-g2": _newsml_g2,
    "nitf": _nitf,
    "ninjs": _ninjs,
    "rss": _rss,
    "atom": _atom,
}


# --- heard: what the wire makes of it -------------------------------------------------


@cache
def heard(speech: Speech, publish: str, hard_expiry: bool) -> tuple[WireFact, ...]:
    """Give what the story is told by the speech under a feed's policy; receipt unset."""
    feed = Feed(
        slug="harrow", source="harrow", publish=publish, hard_expiry=hard_expiry
    )
    work = Work(Delivery(received_at=NOON), feed, [])
    work.items = read(raw(speech))
    (message,) = build_messages(work, [0])
    return tuple(
        fact
        for _verb, (_source, guid), fact in facts_about(message, {})
        if guid == STORY
    )


def received(
    facts: tuple[WireFact, ...], number: int, at: datetime
) -> Iterator[WireFact]:
    """Give the facts as the message ``number``, first received ``at``."""
    for fact in facts:
        yield dataclasses.replace(fact, id=number, received_at=at)


def pools(seed: int, size: int) -> dict[str, list[Speech]]:
    """Give ``size`` different speeches a format; the same for the same seed."""
    random = Random(seed)  # noqa: S311 - the same streams again, no secrets
    found: dict[str, list[Speech]] = {}
    for format_ in FORMATS:
        speeches = [some_speech(random, format_) for _ in range(size)]
        found[format_] = list(dict.fromkeys(speeches))
    return found
