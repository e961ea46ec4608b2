"""Makes the demo newsroom out of ``wiredesk.demo``'s content, by the parts' own verbs.

Set up once in a data folder; started again, only the password is new.
"""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from wiredesk.config.demo import newsroom, people, station, wire
from wiredesk.config.server.children import Child
from wiredesk.config.server.prepare import Say
from wiredesk.demo.pictures.gallery import draw_all


def furnish(say: Say) -> list[tuple[str, str]]:
    """Set the newsroom up where it isn't yet; give what somebody needs to use it."""
    if not wire.is_set_up():
        pictures = wire.folder() / "pictures"
        say("Drawing the pictures …")
        draw_all(pictures)
        say("Setting up the station …")
        station.make_topics()
        site = station.make_site()
        people.make_authors(pictures)
        people.sign_in()
        wire.make_feeds()
        newsroom.publish_stories(site, pictures, timezone.now())
        wire.deliver_early(say)
    password = people.sign_in()
    base = settings.WIREDESK_BASE_URL
    return [
        ("Site", f"{base}/"),
        ("Desk", f"{settings.WIREDESK_DESK_URL}/desk/"),
        ("Login", people.LOGIN),
        ("Password", f"{password}  (a new one at each start)"),
        ("Inbox", f"{settings.WIREDESK_INBOX}/FEED/  (e.g. meridian)"),
    ]


def live_copy() -> Child:
    """Give the process that brings the last deliveries while somebody watches."""
    return Child("sample copy", wire.deliver_live, keep=False)
