"""The certificate of a picture that went alone: what came, what followed, what is proved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from wiredesk import __version__
from wiredesk.delivery.certificate.chain import Chain, read_chain
from wiredesk.delivery.certificate.gather import (
    FORM,
    SurfaceProof,
    between,
    lack_of,
    plain,
    purge_as_json,
    surfaces_of,
    unconfirmed,
)
from wiredesk.delivery.models import Purge, Withdrawal
from wiredesk.stories.actions.settle_pictures import identities_of
from wiredesk.stories.desk.pictures import standing_of
from wiredesk.stories.models import (
    Picture,
    PictureIdentity,
    PictureOrder,
    StoryPicture,
)
from wiredesk.stories.picture_words import words_about
from wiredesk.wire.models import Message

_VERBS = ("picture-standing", "picture-ended")
_LETTING = ("usable", "embargoed", "releases")


@dataclass(frozen=True, slots=True)
class PictureCertificate:
    """All that is known of one picture since it went; ``missing`` isn't proved."""

    made_at: datetime
    picture: Picture
    withdrawal: Withdrawal
    chain: Chain
    identities: list[dict[str, str]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    orders: list[dict[str, Any]] = field(default_factory=list)
    surfaces: list[SurfaceProof] = field(default_factory=list)
    purges: list[Purge] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def is_proved(self) -> bool:
        """Tell whether nothing is missing."""
        return not self.missing

    @property
    def standing(self) -> str:
        """Say where the picture stands now."""
        return standing_of(self.picture)

    @property
    def seconds(self) -> dict[str, float | None]:
        """Give the seconds from the deciding message's arrival to each step.

        Without a message of the wire they count from when it was taken down.
        """
        applied = self.chain.applied.at if self.chain.applied else None
        deciding = [each for each in self.messages if each["decides"]]
        came = deciding[-1]["received_at"] if deciding else applied
        steps = {"applied": applied, "gone": self.withdrawal.gone_at}
        return {name: between(came, at) for name, at in steps.items()}

    def as_json(self) -> dict[str, Any]:
        """Give the whole certificate as plain JSON; times in ISO 8601."""
        picture, withdrawal = self.picture, self.withdrawal
        return {
            "certificate": "picture kill",
            "form": FORM,
            "wiredesk": __version__,
            "site": settings.WIREDESK_BASE_URL,
            "made_at": self.made_at.isoformat(),
            "proved": self.is_proved,
            "missing": self.missing,
            "picture": {
                "number": picture.pk,
                "title": picture.title,
                "source": picture.source,
                "guid": picture.guid,
                "identities": self.identities,
                "sha256": picture.sha256,
                "withdrawn_at": _time(picture.withdrawn_at),
                "why": picture.withdrawn_why,
                "ends_at": _time(picture.ends_at()),
                "erased_at": _time(picture.erased_at),
            },
            "withdrawal": {
                "kind": withdrawal.kind,
                "at": _time(withdrawal.at),
                "ended_at": _time(withdrawal.ended_at),
                "gone_at": _time(withdrawal.gone_at),
                "confirmed_at": _time(withdrawal.confirmed_at),
            },
            "seconds": self.seconds,
            "messages": plain(self.messages),
            "orders": plain(self.orders),
            "surfaces": [proof.as_json() for proof in self.surfaces],
            "purges": [purge_as_json(purge) for purge in self.purges],
            "logbook": self.chain.as_json(),
        }


def picture_certificates_of(guid: str) -> list[PictureCertificate] | None:
    """Give a certificate for each picture of ``guid`` that went.

    ``None`` where no picture goes by that id; empty where none of them is withdrawn.
    """
    named = StoryPicture.objects.filter(guid=guid, picture__isnull=False)
    ids = {*Picture.objects.filter(guid=guid).values_list("pk", flat=True)}
    ids |= {
        *PictureIdentity.objects.filter(guid=guid).values_list("picture", flat=True)
    }
    ids |= {*named.values_list("picture_id", flat=True)} if guid else set()
    if not ids:
        return None
    found = [
        picture_certificate_of(each) for each in Picture.objects.filter(pk__in=ids)
    ]
    return [certificate for certificate in found if certificate is not None]


def picture_certificate_of(picture: Picture) -> PictureCertificate | None:
    """Give the picture's certificate; ``None`` where it never went alone."""
    withdrawal = Withdrawal.objects.filter(picture=picture).order_by("-pk").first()
    if withdrawal is None:
        return None
    chain = read_chain(
        thing=withdrawal.thing,
        since=withdrawal.at,
        state=str(withdrawal.kind),
        verbs=_VERBS,
    )
    named = identities_of([picture])[picture.pk]
    certificate = PictureCertificate(
        made_at=timezone.now(),
        picture=picture,
        withdrawal=withdrawal,
        chain=chain,
        identities=[{"source": s, "guid": guid} for s, guid in sorted(named)],
        messages=_messages(named, withdrawal),
        orders=_orders(picture),
        surfaces=surfaces_of(withdrawal, chain.entries),
        purges=list(withdrawal.purges.order_by("pk")),
    )
    certificate.missing.extend(_missing(certificate))
    return certificate


def _messages(
    named: Iterable[tuple[str, str]], withdrawal: Withdrawal
) -> list[dict[str, Any]]:
    """Give what the agency said of the picture, by its id or another's word of it.

    What came up to the withdrawal and doesn't let it show decided.
    """
    said = words_about(named)
    rows = Message.objects.filter(pk__in=said).order_by("received_at", "pk")
    columns = ("id", "guid", "version", "status", "received_at")
    told = rows.values(
        *columns, feed_slug=F("feed__slug"), sha256=F("delivery__sha256")
    )
    return [
        {
            **row,
            "says": said[row["id"]].says,
            "matched_by": said[row["id"]].matched_by,
            "names": said[row["id"]].guid,
            "decides": said[row["id"]].says not in _LETTING
            and row["received_at"] <= withdrawal.at,
        }
        for row in told
    ]


def _orders(picture: Picture) -> list[dict[str, Any]]:
    if not picture.sha256:
        return []
    rows = PictureOrder.objects.filter(sha256=picture.sha256, source=picture.source)
    named = rows.order_by("at", "pk").values(
        "verb", "at", "message_id", by_name=F("by__username")
    )
    return [dict(row) for row in named]


def _missing(certificate: PictureCertificate) -> list[str]:
    found = list(certificate.chain.faults)
    if certificate.chain.applied is None:
        found.append(_("The logbook has no entry of the picture being taken down."))
    elif certificate.chain.unsealed:
        found.append(
            _("%(count)d entries of the logbook are not sealed yet; it takes a second.")
            % {"count": certificate.chain.unsealed}
        )
    if certificate.withdrawal.listed_at is None:
        found.append(_("No surface has been asked yet: does the worker run?"))
    found += [lack for each in certificate.surfaces if (lack := lack_of(each))]
    return found + unconfirmed(certificate.purges, certificate.made_at)


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
