"""Gathers what is known of a story that went dark, and says what isn't proved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from wiredesk import __version__
from wiredesk.delivery.actions.record_proof import digest_of
from wiredesk.delivery.certificate.chain import Chain, read_chain
from wiredesk.delivery.models import Proof, Purge, Withdrawal
from wiredesk.logbook.models import Entry
from wiredesk.stories.models import Reference, Story, StoryIdentity, StoryStanding
from wiredesk.stories.queries import status as status_of
from wiredesk.wire.models import Message, Receipt

FORM = 1  # of the JSON; a change that breaks a reader of it counts it up


@dataclass(frozen=True, slots=True)
class SurfaceProof:
    """One surface in one way, and whether its evidence is what the logbook chained."""

    row: Proof
    seconds: float | None
    is_chained: bool
    is_whole: bool

    def as_json(self) -> dict[str, Any]:
        """Give it with the answers it rests on."""
        return {
            "surface": self.row.surface,
            "via": self.row.via,
            "addresses": self.row.urls,
            "attempts": self.row.attempts,
            "proved_at": _time(self.row.proved_at),
            "seconds": self.seconds,
            "confirmed_at": _time(self.row.confirmed_at),
            "lack": self.row.lack,
            "answers": self.row.answers,
            "digest": self.row.digest,
            "in_logbook": self.is_chained,
        }


@dataclass(frozen=True, slots=True)
class Certificate:
    """All that is known of one story since it went dark.

    ``missing`` are sentences; none means that everything is proved. ``withdrawal`` is
    empty for a story that was stopped before anybody could read it.
    """

    made_at: datetime
    story: Story
    standing: StoryStanding
    withdrawal: Withdrawal | None
    messages: list[dict[str, Any]] = field(default_factory=list)
    orders: list[dict[str, Any]] = field(default_factory=list)
    surfaces: list[SurfaceProof] = field(default_factory=list)
    purges: list[Purge] = field(default_factory=list)
    chain: Chain = field(default_factory=Chain)
    missing: list[str] = field(default_factory=list)

    @property
    def is_proved(self) -> bool:
        """Tell whether nothing is missing."""
        return not self.missing

    @property
    def applied_at(self) -> datetime | None:
        """Give when the standing was written that took the story down."""
        return self.chain.applied.at if self.chain.applied else None

    @property
    def message(self) -> dict[str, Any] | None:
        """Give the message of the wire that took it down, the last where several did."""
        deciding = [message for message in self.messages if message["decides"]]
        return deciding[-1] if deciding else None

    @property
    def seconds(self) -> dict[str, float | None]:
        """Give the seconds from the message's arrival to each step."""
        came = self.message["received_at"] if self.message else self.applied_at
        gone = self.withdrawal.gone_at if self.withdrawal else None
        steps = {"applied": self.applied_at, "gone": gone}
        return {name: between(came, at) for name, at in steps.items()}

    def as_json(self) -> dict[str, Any]:
        """Give the whole certificate as plain JSON; times in ISO 8601."""
        withdrawal = self.withdrawal
        return {
            "certificate": "kill",
            "form": FORM,
            "wiredesk": __version__,
            "site": settings.WIREDESK_BASE_URL,
            "made_at": _time(self.made_at),
            "proved": self.is_proved,
            "missing": self.missing,
            "story": {
                "number": self.story.pk,
                "headline": self.story.headline,
                "path": self.story.path,
                "published_at": _time(self.story.published_at),
                "was_public": self.standing.was_public,
                "identities": list(
                    self.story.identities.order_by("pk").values("source", "guid")
                ),
            },
            "standing": {
                "state": self.standing.state,
                "reason": self.standing.reason,
                "since": _time(self.standing.since),
            },
            "withdrawal": withdrawal
            and {
                "kind": withdrawal.kind,
                "at": _time(withdrawal.at),
                "ended_at": _time(withdrawal.ended_at),
                "gone_at": _time(withdrawal.gone_at),
                "confirmed_at": _time(withdrawal.confirmed_at),
            },
            "seconds": self.seconds,
            "messages": [plain(message) for message in self.messages],
            "orders": [plain(order) for order in self.orders],
            "surfaces": [proof.as_json() for proof in self.surfaces],
            "purges": [purge_as_json(purge) for purge in self.purges],
            "logbook": self.chain.as_json(),
        }


def certificates_of(guid: str) -> list[Certificate] | None:
    """Give a certificate for each story of ``guid`` that went dark or was stopped.

    ``None`` for a guid never heard of; empty where nothing of it is withdrawn.
    """
    if not status_of(guid):
        return None
    ids = StoryIdentity.objects.filter(guid=guid).values_list("story", flat=True)
    stories = Story.objects.filter(pk__in=ids).order_by("pk")
    found = [certificate_of(story) for story in stories]
    return [certificate for certificate in found if certificate is not None]


def certificate_of(story: Story) -> Certificate | None:
    """Give the story's certificate; ``None`` where it was never withdrawn."""
    standing = StoryStanding.objects.filter(pk=story.pk).first()
    withdrawal = story.withdrawals.order_by("-pk").first()
    if standing is None:
        return None
    stopped = standing.state == StoryStanding.State.WITHDRAWN
    if withdrawal is None and not stopped:
        return None
    chain = read_chain(
        thing=f"story:{story.pk}",
        since=withdrawal.at if withdrawal else standing.since,
        state=_state_of(withdrawal),
    )
    certificate = Certificate(
        made_at=timezone.now(),
        story=story,
        standing=standing,
        withdrawal=withdrawal,
        messages=_messages(story, chain),
        orders=_orders(story, withdrawal),
        surfaces=surfaces_of(withdrawal, chain.entries),
        purges=_purges(withdrawal),
        chain=chain,
    )
    certificate.missing.extend(_missing(certificate))
    return certificate


def _state_of(withdrawal: Withdrawal | None) -> str:
    """Give the state that the standing's entry names for it."""
    return str(withdrawal.kind) if withdrawal else Withdrawal.Kind.WITHDRAWN.value


def _messages(story: Story, chain: Chain) -> list[dict[str, Any]]:
    """Give what the wire said of the story, by which id, and how it arrived."""
    own = set(story.identities.values_list("source", "guid"))
    sources, guids = {s for s, _guid in own}, {g for _source, g in own}
    named = Reference.objects.filter(source__in=sources, guid__in=guids)
    verbs = {
        message: ("name" if by_name else "reference", guid)
        for message, by_name, source, guid in named.values_list(
            "message_id", "by_name", "source", "guid"
        )
        if (source, guid) in own
    }
    ours = Message.objects.filter(source__in=sources, guid__in=guids)
    wanted = {
        pk
        for pk, source, guid in ours.values_list("pk", "source", "guid")
        if (source, guid) in own
    } | set(verbs)
    rows = Message.objects.filter(pk__in=wanted).order_by("received_at", "pk")
    deciding = set(chain.follows_from)
    return [
        {
            "id": row["id"],
            "guid": row["guid"],
            "source": row["source"],
            "version": row["version"],
            "status": row["status"],
            "headline": row["headline"],
            "received_at": row["received_at"],
            "matched_by": verbs.get(row["id"], ("identity", ""))[0],
            "names": verbs[row["id"]][1] if row["id"] in verbs else row["guid"],
            "decides": row["id"] in deciding,
            "delivery": {
                "number": row["delivery_id"],
                "sha256": row["sha256"],
                "bytes": row["size"],
                "feed": row["feed_slug"],
            },
            "receipts": _receipts(row["delivery_id"]),
        }
        for row in rows.values(
            "id",
            "guid",
            "source",
            "version",
            "status",
            "headline",
            "received_at",
            "delivery_id",
            sha256=F("delivery__sha256"),
            size=F("delivery__size"),
            feed_slug=F("feed__slug"),
        )
    ]


def _receipts(delivery_id: int) -> list[dict[str, Any]]:
    rows = Receipt.objects.filter(delivery=delivery_id).order_by("pk")
    return [dict(row) for row in rows.values("id", "at", "transport", "name")]


def _orders(story: Story, withdrawal: Withdrawal | None) -> list[dict[str, Any]]:
    rows = story.orders.order_by("at", "pk")
    if withdrawal and withdrawal.ended_at:
        rows = rows.filter(at__lte=withdrawal.ended_at)
    named = rows.values(
        "id", "verb", "at", "message_id", "note", by_name=F("by__username")
    )
    return [dict(row) for row in named]


def surfaces_of(
    withdrawal: Withdrawal | None, entries: Sequence[Entry]
) -> list[SurfaceProof]:
    """Give the proofs of a withdrawal; ``entries`` are the logbook's of the same thing."""
    if withdrawal is None:
        return []
    chained = {
        entry.detail.get("proof") for entry in entries if entry.verb == "proved-gone"
    }
    return [
        SurfaceProof(
            row=row,
            seconds=between(withdrawal.at, row.proved_at),
            is_chained=bool(row.digest) and row.digest in chained,
            is_whole=not row.proved_at or digest_of(row) == row.digest,
        )
        for row in withdrawal.proofs.order_by("pk")
    ]


def _purges(withdrawal: Withdrawal | None) -> list[Purge]:
    return list(withdrawal.purges.order_by("pk")) if withdrawal else []


# --- what isn't proved ----------------------------------------------------------------


def _missing(certificate: Certificate) -> list[str]:
    found = list(certificate.chain.faults)
    if certificate.chain.applied is None:
        found.append(_("The logbook has no entry of the story being taken down."))
    elif certificate.chain.unsealed:
        found.append(
            _("%(count)d entries of the logbook are not sealed yet; it takes a second.")
            % {"count": certificate.chain.unsealed}
        )
    withdrawal = certificate.withdrawal
    if withdrawal is None:
        return found
    if withdrawal.ended_at:
        found.append(
            _("The story's standing changed again at %(at)s; this is what was proved.")
            % {"at": _time(withdrawal.ended_at)}
        )
    if withdrawal.listed_at is None:
        found.append(_("No surface has been asked yet: does the worker run?"))
    found += [lack for proof in certificate.surfaces if (lack := lack_of(proof))]
    return found + unconfirmed(certificate.purges, certificate.made_at)


def unconfirmed(purges: Sequence[Purge], now: datetime) -> list[str]:
    """Say which caches haven't confirmed a purge that is due."""
    return [
        _("%(target)s has not yet confirmed the purge of %(at)s.")
        % {"target": purge.target, "at": _time(purge.written_at)}
        for purge in purges
        if purge.done_at is None and (purge.due_at <= now or purge.attempts)
    ]


def lack_of(proof: SurfaceProof) -> str:
    """Say what is missing of one surface's proof; empty where nothing is."""
    named = {"surface": proof.row.surface, "via": proof.row.via}
    if proof.row.proved_at is None:
        lack = proof.row.lack or _("Not asked yet.")
        text = _("Not proved gone: %(surface)s (%(via)s). %(lack)s")
        return text % {**named, "lack": lack}
    if not proof.is_whole:
        return _("The evidence of %(surface)s (%(via)s) was altered.") % named
    if not proof.is_chained:
        return _("The logbook has no entry of %(surface)s (%(via)s).") % named
    return ""


# --- as plain data --------------------------------------------------------------------


def purge_as_json(purge: Purge) -> dict[str, Any]:
    """Give a purge as plain JSON."""
    return {
        "target": purge.target,
        "keys": purge.keys,
        "written_at": _time(purge.written_at),
        "due_at": _time(purge.due_at),
        "done_at": _time(purge.done_at),
        "attempts": purge.attempts,
        "history": purge.history,
    }


def plain(value: Any) -> Any:
    """Give ``value`` with its times in ISO 8601."""
    if isinstance(value, datetime):
        return _time(value)
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def between(start: datetime | None, end: datetime | None) -> float | None:
    """Give the seconds between two moments, where both are known."""
    if start is None or end is None:
        return None
    return round((end - start).total_seconds(), 3)
