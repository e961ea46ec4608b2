"""What a site says to robots and to those who find a hole: two files of plain text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from wiredesk.delivery.addresses import absolute
from wiredesk.delivery.sitemaps.addresses import INDEX, NEWS
from wiredesk.delivery.sites import site_of, station_of
from wiredesk.lib.truth import true_until

PLAIN = "text/plain; charset=utf-8"
# Less than a year ahead, as RFC 9116 asks (2.5.5); said anew each day.
VALID = timedelta(days=180)
_CONTACTS = ("mailto:", "https://", "tel:")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Name the sitemaps; keep robots from the desk, from endless searches and JSON."""
    site = site_of(request)
    lines = [
        "User-agent: *",
        "Disallow: /desk/",
        "Disallow: /search/",
        "Disallow: /api/",
        "",
        f"Sitemap: {absolute(site, INDEX)}",
        f"Sitemap: {absolute(site, NEWS)}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Say whom to tell of a hole (RFC 9116); 404 where nobody is named."""
    site = site_of(request)
    station = station_of(site)
    contacts = security_contacts()
    if not contacts and station.contact_mail:
        contacts = [f"mailto:{station.contact_mail}"]
    if not contacts:
        raise Http404
    today = (
        timezone.now()
        .astimezone(UTC)
        .replace(hour=0, minute=0, second=0, microsecond=0)
    )
    true_until(today + timedelta(days=1))
    lines = [
        *(f"Contact: {contact}" for contact in contacts),
        f"Expires: {_zulu(today + VALID)}",
        f"Preferred-Languages: {_languages(station.language)}",
        f"Canonical: {absolute(site, request.path)}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)


def security_contacts() -> list[str]:
    """Give the settings' contacts; raises ``ImproperlyConfigured`` for what is none."""
    contacts: list[str] = settings.WIREDESK_SECURITY_CONTACT
    for contact in contacts:
        if not contact.startswith(_CONTACTS) or contact.split() != [contact]:
            raise ImproperlyConfigured(
                f"WIREDESK_SECURITY_CONTACT has {contact!r}: say addresses that begin "
                "with mailto:, https:// or tel:, by comma."
            )
    return contacts


def _languages(own: str) -> str:
    return ", ".join(dict.fromkeys((own, "en")))


def _zulu(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
