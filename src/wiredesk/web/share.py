"""Links by which a reader passes a story on: plain addresses, nothing loaded from there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


@dataclass(frozen=True, slots=True)
class ShareLink:
    """A way to share. ``name`` is the service's own, or our word for mail."""

    name: str | StrPromise
    href: str
    mail: bool = False


def share_links(headline: str, address: str) -> tuple[ShareLink, ...]:
    """Give the ways to share the page at ``address`` (absolute)."""
    both = f"{headline} {address}"
    mail = urlencode({"subject": headline, "body": address}, quote_via=quote)
    return (
        ShareLink(_("Mail"), f"mailto:?{mail}", mail=True),
        ShareLink("WhatsApp", f"https://wa.me/?{urlencode({'text': both})}"),
        ShareLink(
            "Facebook",
            f"https://www.facebook.com/sharer/sharer.php?{urlencode({'u': address})}",
        ),
        ShareLink(
            "Bluesky", f"https://bsky.app/intent/compose?{urlencode({'text': both})}"
        ),
        ShareLink(
            "X",
            f"https://x.com/intent/post?{urlencode({'text': headline, 'url': address})}",
        ),
    )
