"""Follow stories' standings outside: note what went dark, and ask caches to drop it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from wagtail.models import Site

from wiredesk.delivery.actions.ask_purge import (
    Asked,
    ask_purge,
    tell_of_news,
    tell_of_withdrawals,
)
from wiredesk.delivery.addresses import absolute
from wiredesk.delivery.models import BodyPicture, Proof, Withdrawal
from wiredesk.delivery.purge.keys import OVERFULL, picture_key, story_key
from wiredesk.delivery.purge.targets import indexnow, targets
from wiredesk.delivery.surroundings import Surroundings, lists_of
from wiredesk.lib.batches import in_batches
from wiredesk.lib.prepared import PreparedQuery
from wiredesk.stories.models import (
    Placement,
    Story,
    StoryPicture,
    StoryStanding,
)

# Fresh copy is live without an end: it is passed over before any row is built.
_not_plainly_live = PreparedQuery(
    lambda stories: (
        StoryStanding.objects.filter(story_id__in=stories, was_public=True)
        .exclude(
            state=StoryStanding.State.LIVE,
            visible_from__isnull=True,
            visible_until__isnull=True,
            expired_at__isnull=True,
        )
        .values_list("story_id")
    )
)
_withdrawals = PreparedQuery(
    lambda stories: Withdrawal.objects.filter(
        story_id__in=stories, ended_at__isnull=True
    ).values_list("story_id", "kind")
)


@transaction.atomic(savepoint=False)
def follow_standing(
    *, story_ids: Sequence[int], around: Mapping[int, Surroundings], at: datetime
) -> list[str]:
    """Bring withdrawals to the standings of these stories, and write the purges.

    Gives the surrogate keys of the stories and pictures that go dark with it. Call
    inside the transaction that changed the stories: what went dark and the word
    to the caches are durable together or not at all. The number of queries doesn't
    grow with the stories up to a batch.
    """
    dark: list[str] = []
    for batch in in_batches(story_ids):
        dark += _follow(batch, around, at)
    return dark


def _follow(
    story_ids: list[int], around: Mapping[int, Surroundings], at: datetime
) -> list[str]:
    begun = _note(story_ids, _dark(story_ids, at), at)
    went = [each.story_id for each in begun if each.story_id is not None]
    pictures = _pictures(went) if went else {}
    gone = {
        story: [story_key(story), *pictures.get(story, ()), OVERFULL] for story in went
    }
    if targets():
        _ask(story_ids, begun, gone, around, at)
    if indexnow() is not None:
        _tell(story_ids, begun, at)
    return [key for keys in gone.values() for key in keys]


def _dark(story_ids: list[int], at: datetime) -> dict[int, str]:
    """Give, of the stories that were public once, those that aren't now, and how."""
    kinds = Withdrawal.Kind
    found: dict[int, str] = {}
    doubtful = [pk for (pk,) in _not_plainly_live(story_ids)]
    if not doubtful:
        return found
    for row in StoryStanding.objects.filter(story__in=doubtful, was_public=True):
        if row.is_live(at):
            continue
        if row.state == StoryStanding.State.WITHDRAWN:
            kind = kinds.WITHDRAWN
        elif row.state == StoryStanding.State.HELD:
            kind = kinds.HELD
        elif row.visible_from is not None and row.visible_from > at:
            kind = kinds.EMBARGOED
        else:
            kind = kinds.EXPIRED
        found[row.pk] = kind.value
    return found


def _note(story_ids: list[int], dark: dict[int, str], at: datetime) -> list[Withdrawal]:
    """Begin and end withdrawals; gives those that began."""
    known = dict(_withdrawals(story_ids))
    over = [story for story, kind in known.items() if dark.get(story) != kind]
    if over:
        Proof.objects.filter(
            withdrawal__story__in=over, withdrawal__ended_at__isnull=True
        ).update(due_at=None)
        Withdrawal.objects.filter(story__in=over, ended_at__isnull=True).update(
            ended_at=at
        )
    new = [
        Withdrawal(story_id=story, kind=kind, at=at)
        for story, kind in dark.items()
        if known.get(story) != kind
    ]
    return Withdrawal.objects.bulk_create(new) if new else []


def _ask(
    story_ids: list[int],
    begun: list[Withdrawal],
    gone: Mapping[int, list[str]],
    around: Mapping[int, Surroundings],
    at: datetime,
) -> None:
    purges = [
        Asked([*gone[each.story_id], *lists_of(each.story_id, around)], each)
        for each in begun
        if each.story_id is not None
    ]
    keys: dict[str, None] = {}
    for story in story_ids:
        if story not in gone:
            keys[story_key(story)] = None
            keys |= dict.fromkeys(lists_of(story, around))
    if keys:
        purges.append(Asked(list(keys)))
    ask_purge(purges=purges, at=at)


def _pictures(story_ids: list[int]) -> dict[int, dict[str, None]]:
    """Give the surrogate keys of the stories' pictures."""
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for uses in (StoryPicture.objects.all(), BodyPicture.objects.all()):
        numbers = uses.filter(story__in=story_ids, picture__isnull=False).order_by()
        for story, picture in numbers.values_list("story_id", "picture_id"):
            found[story][picture_key(picture)] = None
    return found


def _tell(story_ids: list[int], begun: list[Withdrawal], at: datetime) -> None:
    """Tell search engines what went, and of the rest what they are to keep."""
    if begun:
        gone = _addresses([each.story_id for each in begun if each.story_id])
        tell_of_withdrawals(addresses=gone, withdrawals=begun, at=at)
    live = Story.objects.listed(at).filter(pk__in=story_ids)
    # What the source is to be found with isn't ours to announce.
    live = live.exclude(canonical="source", source_address__gt="")
    news = list(live.order_by("pk").values_list("pk", flat=True))
    # Where it stands elsewhere, the page names its home as the address to keep.
    at_home = {story: each[:1] for story, each in _addresses(news).items()}
    tell_of_news(addresses=at_home, at=at)


def _addresses(wanted: list[int]) -> dict[int, list[str]]:
    """Give the addresses that search engines may know, that on its home first.

    Not of what is kept from them.
    """
    sites = {site.pk: site for site in Site.objects.select_related("root_page")}
    stories = Story.objects.filter(pk__in=wanted, noindex=False, path__isnull=False)
    paths = dict(stories.values_list("pk", "path"))
    found: dict[int, dict[str, None]] = defaultdict(dict)
    placed = Placement.objects.filter(story__in=paths).order_by("-canonical", "pk")
    for story, site in placed.values_list("story_id", "site_id"):
        found[story][absolute(sites[site], paths[story] or "")] = None
    return {story: list(addresses) for story, addresses in found.items()}
