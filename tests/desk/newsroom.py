"""A newsroom at work: staff, a feed, and copy that comes through the real pipeline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.test import Client

from wiredesk.accounts.actions.create_staff import create_staff
from wiredesk.accounts.models import User
from wiredesk.stories.models import Story
from wiredesk.wire.actions.receive import Payload, receive
from wiredesk.wire.actions.take import take
from wiredesk.wire.models import Feed, LedgerLine

SAMPLES = Path(__file__).resolve().parents[1] / "wire" / "samples"

# Everything that a rich-text editor likes to change, and what it can't hold at all.
RICH = (
    "<p>The <b>Orrin</b> bridge<br>closes at <i>noon</i>&#160;sharp, 5&#160;km away "
    '&amp; &lt;more&gt;, <a href="https://example.org/a?b=1&amp;c=2">the county said</a>.'
    "</p><p>Water is H<sub>2</sub>O, area is x<sup>2</sup>.</p>"
    "<p>Plain <strong>bold <em>and both</em></strong>, two&#160;&#160;hard blanks. “So” — "
    "and… \u05e9\u05dc\u05d5\u05dd \U0001f6a2</p><p>One<br><br>two</p>"
    "<h2>What <em>stays</em> open</h2><h3>Here</h3><h4>There</h4>"
    "<ul><li>One</li><li>Two <b>bold</b><ul><li>nested</li></ul></li></ul>"
    "<ol><li>a</li><li>b</li></ol><blockquote><p>Said</p><p>twice.</p></blockquote>"
    '<table><caption>Wards</caption><tr><th scope="col">Ward</th></tr>'
    "<tr><td>1<br>2</td></tr></table><p>Between</p>"
    "<figure><figcaption>The quay at noon.</figcaption></figure>"
    "<pre>first   line\n  second</pre>"
    '<p dir="rtl" lang="he">\u05e9\u05dc\u05d5\u05dd</p><p>tab\there</p><hr>'
    '<p>End <cite>cite</cite>, <q>q</q>, <a href="mailto:desk@example.org">mail</a></p>'
)


def make_feed(slug: str = "meridian", **values: Any) -> Feed:
    """Make a feed that publishes at once, with rights of its own."""
    given: dict[str, Any] = {
        "name": "Meridian Press Agency",
        "source": slug,
        "publish": "now",
        "credit": "Meridian Press Agency",
        "copyright_notice": "© 2026 Meridian Press Agency. All rights reserved.",
        **values,
    }
    return Feed.objects.create(slug=slug, **given)


def item(guid: str = "urn:meridian:1", version: int = 1, **values: Any) -> bytes:
    """Give one ninjs item: a usable story, unless ``values`` differ."""
    given: dict[str, Any] = {
        "uri": guid,
        "version": str(version),
        "type": "text",
        "versioncreated": f"2026-03-02T10:{version:02d}:00Z",
        "pubstatus": "usable",
        "language": "en",
        "headline": "Orrin bridge closes for repairs",
        "byline": "Ida Marlow",
        "body_xhtml": "<p>The Orrin bridge closes on Monday.</p>",
        **values,
    }
    return json.dumps(given).encode()


def bring(feed: Feed, *raws: bytes) -> list[LedgerLine]:
    """Take deliveries to the end, as a transport would bring them."""
    payloads = [Payload(raw, f"{place}.json") for place, raw in enumerate(raws)]
    return take(receipts=receive(feed=feed, payloads=payloads, transport="push"))


def story_of(guid: str = "urn:meridian:1") -> Story:
    """Give the story of a guid, fresh from the table."""
    return Story.objects.select_related("standing").get(identities__guid=guid)


def staff(role: str, name: str = "") -> User:
    """Make somebody with a role."""
    user, _password = create_staff(username=name or role, role=role)
    return user


def desk_of(role: str, name: str = "") -> Client:
    """Give a browser's stand-in in which somebody with that role is signed in."""
    client = Client()
    client.force_login(staff(role, name))
    return client
