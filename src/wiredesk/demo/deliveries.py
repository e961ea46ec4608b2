"""What the agencies send, and when: most before the start, the last twenty after it.

Every file is written anew for a given start, so that the demo's news is always fresh.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from wiredesk.demo.agencies import AGENCIES, HALYARD, Agency
from wiredesk.demo.story import Dispatch, copies, dispatch
from wiredesk.demo.writers import feeds as feed_writer
from wiredesk.demo.writers import newsml_g2, ninjs, nitf

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

_ALONE: dict[str, Callable[[Dispatch, Agency], bytes]] = {
    "g2": newsml_g2.news_item,
    "nitf": nitf.document,
    "ninjs1": ninjs.ninjs_1,
    "ninjs2": ninjs.ninjs_2,
    "ninjs3": ninjs.ninjs_3,
}
_SUFFIX = {"ninjs1": "json", "ninjs2": "json", "ninjs3": "json", "rss": "rss"}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file for one feed's inbox.

    ``delay`` is in seconds after the start; ``None`` for a file that was there before.
    """

    feed: str
    name: str
    content: bytes
    delay: float | None


def deliveries(start: datetime) -> list[Delivery]:
    """Give every file of the demo in the order it arrives: oldest first, live ones last.

    ``start`` must be aware. The twenty with a ``delay`` follow all that have none.
    """
    written: list[tuple[datetime, Delivery]] = []
    for agency in AGENCIES.values():
        for group in _groups(agency, start):
            moment = max(entry.version_created for entry in group)
            written.append((moment, _deliver(group, agency, moment)))
    written.append((start + timedelta(seconds=104), _torn(start)))
    written.append((start - timedelta(hours=1), _repeated(written)))
    before = sorted(
        (pair for pair in written if pair[1].delay is None), key=lambda pair: pair[0]
    )
    live = [delivery for _, delivery in written if delivery.delay is not None]
    live.sort(key=lambda delivery: delivery.delay or 0.0)
    return [delivery for _, delivery in before] + live


def _groups(agency: Agency, start: datetime) -> list[list[Dispatch]]:
    """Put the versions that travel in one file together."""
    groups: dict[str, list[Dispatch]] = defaultdict(list)
    for copy in copies(agency.slug):
        key = copy.bundle or f"{copy.slug}.{copy.version}"
        groups[key].append(dispatch(copy, start))
    return list(groups.values())


def _deliver(group: list[Dispatch], agency: Agency, moment: datetime) -> Delivery:
    first = group[0].copy
    if first.form in _ALONE:
        content = _ALONE[first.form](group[0], agency)
    else:
        content = _together(group, agency, moment)
    label = first.bundle or f"{first.slug}-v{first.version}"
    suffix = _SUFFIX.get(first.form, "xml")
    name = f"{agency.slug}-{moment:%Y%m%d-%H%M%S}-{label}.{suffix}"
    return Delivery(agency.slug, name, content, first.delay)


def _together(group: list[Dispatch], agency: Agency, moment: datetime) -> bytes:
    form, label = group[0].copy.form, group[0].copy.bundle
    if form == "g2-message":
        return newsml_g2.news_message(group, agency, moment, label)
    if form == "g2-package":
        return newsml_g2.picture_package(group, agency, moment, label)
    if form == "rss":
        return feed_writer.rss(group, agency, moment)
    if form == "atom":
        return feed_writer.atom(group, agency, moment)
    raise ValueError(f"no writer for {form}")


def _torn(start: datetime) -> Delivery:
    """Give a NITF file whose transfer broke off, for the desk to see set aside."""
    copy = next(c for c in copies("halyard") if c.slug == "truck-rollover")
    whole = nitf.document(dispatch(copy, start), HALYARD)
    return Delivery("halyard", "halyard-transfer-0417.xml", whole[:1400], 106)


def _repeated(written: list[tuple[datetime, Delivery]]) -> Delivery:
    """Give a file a second time under another name, as senders do after a time-out."""
    original = next(entry for _, entry in written if "wind-lease" in entry.name)
    return Delivery(
        original.feed, f"resend-{original.name}", original.content, original.delay
    )
