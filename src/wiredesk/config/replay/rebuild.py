"""Make every story anew: each step is done again by what did it the first time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from wagtail.models import Revision

from wiredesk.config.replay import script
from wiredesk.config.replay.databases import SOURCE
from wiredesk.config.replay.findings import Findings
from wiredesk.config.replay.script import Script, Step
from wiredesk.stories.actions.do_again import (
    begin_again,
    carry_again,
    correct_again,
    edit_again,
    end_contract_again,
    erase_again,
    forget_contract_ends,
    order_again,
    pass_contract_end_again,
    publish_version_again,
    take_again,
)
from wiredesk.stories.actions.gather_cases import Identity
from wiredesk.stories.actions.note_expiry import note_expiry
from wiredesk.stories.actions.place_story import Decided
from wiredesk.stories.actions.settle import settle_stories
from wiredesk.stories.actions.settle_pictures import PICTURE_STANDING
from wiredesk.stories.models import (
    Correction,
    LocalEdit,
    Order,
    Picture,
    Placement,
    Reference,
    Story,
    StoryAuthor,
    StoryIdentity,
    StoryPicture,
    StoryTopic,
)
from wiredesk.wire.items import UnreadableError
from wiredesk.wire.models import ContractEnd, Delivery, Feed, LedgerLine, Message
from wiredesk.wire.originals import OriginalError
from wiredesk.wire.reading import Original, kept_as_it_is, says_otherwise

_STEPS = 200  # in one transaction
_ORIGINALS = 16  # kept at hand: a delivery's messages come close together
_EVERYTHING = 10**9
# Wagtail's own marks on a story: the editors', and no part of what readers get.
_MARKS = (
    "latest_revision_id",
    "live_revision_id",
    "has_unpublished_changes",
    "first_published_at",
    "last_published_at",
    "go_live_at",
    "expire_at",
    "expired",
    "locked",
    "locked_at",
    "locked_by_id",
)


@dataclass(slots=True)
class Rebuild:
    """One replay's way through the script. ``heard`` is told how many messages came."""

    findings: Findings
    script: Script
    heard: Callable[[int], None]
    messages: int = 0
    feeds: dict[int, Feed] = field(default_factory=dict)
    numbers: dict[Identity, int] = field(default_factory=dict)
    originals: OrderedDict[int, Original | None] = field(default_factory=OrderedDict)
    erased: list[int] = field(default_factory=list)
    # A version or an edit came onto this story's row; an order may settle it.
    unsettled: tuple[int, datetime] | None = None

    def run(self) -> None:
        """Do it all again, some steps in each transaction."""
        self.feeds = {feed.pk: feed for feed in Feed.objects.all()}
        rows = StoryIdentity.objects.using(SOURCE).values_list(
            "source", "guid", "story_id"
        )
        self.numbers = {(source, guid): story for source, guid, story in rows}
        with transaction.atomic():
            forget_contract_ends()
            _begin_own_stories()
        steps = self.script.steps()
        while some := list(islice(steps, _STEPS)):
            with transaction.atomic():
                for step in some:
                    self._do(step)
        with transaction.atomic():
            self._settle_before(None)
            self._erase()
            _bring_what_was_fetched()

    def _do(self, step: Step) -> None:
        self._settle_before(step)
        if step.kind == script.TAKEN:
            self._take(step)
        elif step.kind == script.ORDERS:
            self._order(step)
        elif step.kind == script.VERSION:
            self._publish_version(step)
        elif step.kind == script.EDIT:
            self._edit(step)
        elif step.kind == script.CORRECTION:
            self._correct(step)
        elif step.kind in (script.ENDED, script.UNDONE, script.PASSED):
            self._end_contract(step)
        else:
            note_expiry(now=step.at, most=_EVERYTHING)

    def _settle_before(self, step: Step | None) -> None:
        """Settle what an editor's version changed, unless this step belongs to it."""
        if self.unsettled is None:
            return
        story_id, at = self.unsettled
        if step is not None and step.at == at and step.kind != script.TAKEN:
            if step.kind == script.ORDERS:
                self.unsettled = None
            return
        self.unsettled = None
        settle_stories([story_id], now=at, decided=self._decided(at))

    def _take(self, step: Step) -> None:
        kept = list(
            Message.objects.using(SOURCE).filter(pk__in=step.ids).order_by("pk")
        )
        deliveries = Delivery.objects.in_bulk({each.delivery_id for each in kept})
        messages = [self._again(each, deliveries[each.delivery_id]) for each in kept]
        for message in messages:
            message.taken_at = step.at
        answers = take_again(messages=messages, decided=self._decided(step.at))
        lines = LedgerLine.objects.using(SOURCE).filter(message__in=step.ids)
        first: dict[int, tuple[str, str]] = {}
        for pk, outcome, path in lines.order_by("pk").values_list(
            "message_id", "outcome", "story_path"
        ):
            first.setdefault(pk, (outcome, path))
        for message in messages:
            taken = answers[message.pk]
            self.findings.compare_message(
                message,
                first.get(message.pk),
                (str(taken.outcome), taken.story_path),
            )
        self.messages += len(messages)
        self.heard(self.messages)

    def _decided(self, at: datetime) -> Decided:
        return Decided(self.numbers, self.script.placed_at(at))

    def _again(self, kept: Message, delivery: Delivery) -> Message:
        """Give the message as its original says it; without one, as it was kept."""
        feed = self.feeds[kept.feed_id]
        if (
            getattr(kept, "erased_at", None) is not None
            or delivery.erased_at is not None
        ):
            self.findings.erased(delivery)
            erased = kept_as_it_is(kept, delivery, feed)
            links = Reference.objects.using(SOURCE).filter(message=kept.pk)
            named = links.order_by("pk").values_list("verb", "guid")
            if kept.erased_at is not None:
                self.erased.append(kept.pk)
                erased.erased_at = erased.erased_by_id = None
                erased.item = {
                    "guid": kept.guid,
                    "links": [{"rel": verb, "guid": guid} for verb, guid in named],
                }
            return erased
        original = self._original(delivery)
        message = original.message(kept, feed) if original is not None else None
        if message is None:
            if original is not None:
                self.findings.missing(delivery, f"It has no item {kept.ordinal} now.")
            return kept_as_it_is(kept, delivery, feed)
        self.findings.note_altered(message, kept, says_otherwise(message, kept))
        return message

    def _original(self, delivery: Delivery) -> Original | None:
        if delivery.pk not in self.originals:
            if len(self.originals) >= _ORIGINALS:
                self.originals.popitem(last=False)
            self.originals[delivery.pk] = None
            try:
                self.originals[delivery.pk] = Original(delivery)
            except (OriginalError, UnreadableError) as error:
                self.findings.missing(delivery, str(error))
        return self.originals[delivery.pk]

    def _order(self, step: Step) -> None:
        orders = []
        for order in _source(Order, step.ids):
            if order.message_id is not None and not _is_there(
                Message, order.message_id
            ):
                self.findings.lost(f"order {order.pk}", "the message that it answers")
                continue
            if not _is_there(Story, order.story_id):
                self._carry(order.story_id)
            orders.append(order)
        if orders:
            order_again(orders=orders, at=step.at, decided=self._decided(step.at))

    def _carry(self, story_id: int) -> None:
        (story,) = _source(Story, [story_id])
        identities = StoryIdentity.objects.using(SOURCE).filter(story=story_id)
        carry_again(
            story=story,
            identities=list(identities.order_by("pk").values_list("source", "guid")),
        )

    def _publish_version(self, step: Step) -> None:
        revisions = Revision.objects.using(SOURCE).filter(pk__in=step.ids)
        for content in revisions.values_list("content", flat=True):
            if _is_there(Story, step.story):
                publish_version_again(story_id=step.story, content=content, at=step.at)
                self.unsettled = step.story, step.at

    def _edit(self, step: Step) -> None:
        for edit in _source(LocalEdit, step.ids):
            if not _is_there(Story, edit.story_id):
                self.findings.lost(f"edit {edit.pk}", "its story")
                continue
            edit_again(edit=edit)
            self.unsettled = edit.story_id, step.at

    def _end_contract(self, step: Step) -> None:
        for end_id in step.ids:
            if step.kind == script.PASSED:
                pass_contract_end_again(end_id=end_id, at=step.at)
            else:
                end_contract_again(
                    end_id=end_id,
                    at=step.at,
                    decided=self._decided(step.at),
                    undo=step.kind == script.UNDONE,
                )

    def _erase(self) -> None:
        """Erase again what a contract had erased; until now its facts counted."""
        for pk in self.erased:
            (kept,) = _source(Message, [pk])
            number = self.numbers.get((kept.source, kept.guid))
            story = _source(Story, [number])[0] if number else None
            if number:
                self.findings.wordless.add(number)
            erase_again(kept=kept, story=story)
        for end in ContractEnd.objects.using(SOURCE):
            ContractEnd.objects.filter(pk=end.pk).update(
                passed_at=end.passed_at,
                undone_at=end.undone_at,
                undone_by=end.undone_by_id,
            )

    def _correct(self, step: Step) -> None:
        for correction in _source(Correction, step.ids):
            if _is_there(Story, correction.story_id):
                correct_again(correction=correction)
            else:
                self.findings.lost(f"correction {correction.pk}", "its story")


def _source(model: Any, ids: Iterable[int]) -> list[Any]:
    """Give rows of the site's, ready to be saved elsewhere under the same ids."""
    rows = list(model.objects.using(SOURCE).filter(pk__in=list(ids)).order_by("pk"))
    for row in rows:
        row._state.db = None
    return rows


def _is_there(model: Any, pk: int) -> bool:
    return bool(model.objects.filter(pk=pk).exists())


def _begin_own_stories() -> None:
    own = list(Story.objects.using(SOURCE).filter(source="").order_by("pk"))
    ids = [story.pk for story in own]
    children = [
        child
        for model in (Placement, StoryTopic, StoryAuthor, StoryPicture)
        for child in model._default_manager.using(SOURCE)
        .filter(story__source="")
        .order_by("pk")
    ]
    if ids:
        begin_again(stories=own, children=children)


def _bring_what_was_fetched() -> None:
    """Give stories the pictures' files that were fetched, as these stand."""
    rows = StoryPicture.objects.using(SOURCE).exclude(href="")
    for story, href, picture, attempts, failure in rows.values_list(
        "story_id", "href", "picture_id", "attempts", "failure"
    ).iterator():
        StoryPicture.objects.filter(story=story, href=href).update(
            picture=picture, attempts=attempts, failure=failure
        )
    # Kills that were taken anew knew nothing of the orders that answered them.
    standings = Picture.objects.using(SOURCE).values("pk", *PICTURE_STANDING)
    for standing in standings.iterator():
        Picture.objects.filter(pk=standing.pop("pk")).update(**standing)


@transaction.atomic
def bring_marks() -> None:
    """Give stories Wagtail's own marks: which versions are newest, locks, schedules."""
    bare: dict[str, Any] = dict.fromkeys(_MARKS)
    bare |= {"has_unpublished_changes": False, "expired": False, "locked": False}
    for marks in Story.objects.using(SOURCE).values("pk", *_MARKS).iterator():
        pk = marks.pop("pk")
        if marks != bare:
            Story.objects.filter(pk=pk).update(**marks)
