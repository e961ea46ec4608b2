"""What the tests of the wire's pipeline share: copy to send, and a plain settler."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wiredesk.wire.models import Feed, Message, Outcome
from wiredesk.wire.signals import Taken

if TYPE_CHECKING:
    from collections.abc import Iterable

_ITEM = """<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" standard="NewsML-G2"
 standardversion="2.35" conformance="power" guid="{guid}" version="{version}"
 xml:lang="en">
<itemMeta><itemClass qcode="ninat:text"/>
<provider literal="{provider}"><name>{provider}</name></provider>
<versionCreated>2026-03-02T10:{version:02d}:00Z</versionCreated>
<pubStatus qcode="stat:{status}"/>{meta}</itemMeta>
<contentMeta><urgency>{urgency}</urgency><headline>{headline}</headline>{subjects}
</contentMeta>
<contentSet><inlineXML contenttype="application/xhtml+xml">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title></head>
<body><p>The mayor of Lower Tarn opened the ferry at noon.</p></body></html>
</inlineXML></contentSet></newsItem>"""


def news_item(
    guid: str = "tag:harrow.example,2026:1",
    *,
    version: int = 1,
    status: str = "usable",
    headline: str = "Ferry opens at Lower Tarn",
    urgency: int = 5,
    provider: str = "harrow.example",
    topics: Iterable[str] = (),
    meta: str = "",
) -> bytes:
    """Give a NewsML-G2 news item."""
    subjects = "".join(f'<subject qcode="medtop:{code}"/>' for code in topics)
    return _ITEM.format(
        guid=guid,
        version=version,
        status=status,
        headline=headline,
        urgency=urgency,
        provider=provider,
        subjects=subjects,
        meta=meta,
    ).encode()


def news_message(items: Iterable[bytes]) -> bytes:
    """Give the items as one NewsML-G2 news message."""
    return (
        b'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><header>'
        b"<sent>2026-03-02T11:00:00Z</sent></header><itemSet>"
        + b"".join(items)
        + b"</itemSet></newsMessage>"
    )


def make_feed(slug: str = "harrow", **values: object) -> Feed:
    """Give a saved feed that publishes at once."""
    fields: dict[str, object] = {
        "name": slug.title(),
        "source": slug,
        "publish": Feed.Publish.NOW,
    }
    return Feed.objects.create(slug=slug, **(fields | values))


class Settler:
    """Answers as the part above would: kills withdraw, stories are published.

    ``seen`` holds every message in the order it was handed over. A headline in
    ``breaks_on`` makes it fail as a bug would.
    """

    def __init__(self) -> None:
        self.seen: list[Message] = []
        self.breaks_on: set[str] = set()

    def settle(self, messages: list[Message]) -> dict[int, Taken]:
        """Give one answer a message."""
        for message in messages:
            if message.headline in self.breaks_on:
                raise KeyError(message.headline)
        self.seen += messages
        return {message.pk: self._answer(message) for message in messages}

    def _answer(self, message: Message) -> Taken:
        if message.kind != "story":
            return Taken(Outcome.FILED)
        if message.status == "canceled":
            return Taken(Outcome.WITHDRAWN, "killed by the agency")
        if message.policy["publish"] == "hold":
            return Taken(Outcome.HELD, message.policy["why"])
        return Taken(Outcome.PUBLISHED, "", f"/2026/03/02/story-{message.pk}/")
