"""A day in a newsroom, for tests of what is made of it afterwards: wire, desk and clock.

Runs in the process of a ``Newsroom``, on its database.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from wagtail.models import Revision, Site

from tests.wire.pipeline import news_item, news_message
from wiredesk.accounts.models import User
from wiredesk.stories.actions.end_contract import end_contract, undo_end
from wiredesk.stories.actions.erase_contract import erase_contracts
from wiredesk.stories.actions.give_order import give_order
from wiredesk.stories.actions.make_author import make_author
from wiredesk.stories.actions.note_ends import note_contract_ends
from wiredesk.stories.actions.note_expiry import note_expiry
from wiredesk.stories.actions.publish_station_story import publish_station_story
from wiredesk.stories.actions.resolve_conflict import question_of, resolve_conflict
from wiredesk.stories.actions.write_correction import write_correction
from wiredesk.stories.desk_words import blocks_of
from wiredesk.stories.merge.three_way import Take
from wiredesk.stories.models import (
    FrontPage,
    Order,
    Placement,
    SectionPage,
    Story,
    StoryIdentity,
    StoryTopic,
)
from wiredesk.topics.models import Topic, TopicRule
from wiredesk.wire.actions.ensure_builtin_feed import ensure_builtin_feed
from wiredesk.wire.actions.receive import Payload, receive
from wiredesk.wire.actions.take import take
from wiredesk.wire.models import Feed, Message

GUID = "tag:harrow.example,2026:{}"
WORDS = "The mayor of Lower Tarn opened the ferry at noon."


def live(name: str, version: int = 1, slug: str = "direct", **values: Any) -> None:
    """Take one version of the story of that name by the feed ``slug``."""
    words = values.pop("words", WORDS)
    raw = news_item(GUID.format(name), version=version, **values)
    come(raw.replace(WORDS.encode(), words.encode()), slug)


def come(raw: bytes, slug: str = "direct") -> None:
    feed = Feed.objects.get(slug=slug)
    take(receipts=receive(feed=feed, payloads=[Payload(raw)], transport="command"))


def story(name: str) -> Story:
    return StoryIdentity.objects.get(guid=GUID.format(name)).story


def message(name: str, version: int) -> Message:
    return Message.objects.get(guid=GUID.format(name), version=str(version))


def order(by: User, name: str, verb: str, version: int) -> None:
    give_order(story=story(name), verb=verb, by=by, message=message(name, version))


def edit(by: User, found: Story, **words: Any) -> None:
    """Publish words, and whatever else, as the editor's form does."""
    version: Story = Story.objects.get(pk=found.pk).get_latest_revision_as_object()
    body = words.pop("body", None)
    for name, value in words.items():
        setattr(version, name, value)
    if body is not None:
        block = Story._meta.get_field("body").stream_block
        version.body = block.to_python(blocks_of(body, "x"))
    revision: Revision = version.save_revision()
    revision.publish(user=by)


def hold_a_day() -> None:
    """Do everything that a wire, a desk and a clock can do to stories."""
    chief = User.objects.create_superuser("chief", password="-")
    sections = _newsroom()
    _wire()
    _desk(chief, sections)
    _edits(chief)
    _own(chief)
    _clock()
    _change_the_rules(chief)
    _contracts(chief)


def _newsroom() -> list[SectionPage]:
    ensure_builtin_feed()
    front = FrontPage.objects.get()
    for slug in ("sport", "town"):
        front.add_child(instance=SectionPage(title=slug.title(), slug=slug))
    for slug, values in (
        ("held", {"publish": "hold"}),
        ("mapped", {"mapping": {"language": "fi", "urgency": 3}, "section": "sport"}),
        ("kept", {"retain_days": 30, "credit": "Kept Press"}),
    ):
        Feed.objects.create(
            **{"name": slug.title(), "slug": slug, "source": slug, "publish": "now"}
            | values
        )
    return list(SectionPage.objects.order_by("pk"))


def _wire() -> None:
    live("plain")
    live("plain", 2, headline="Ferry opens late at Lower Tarn")
    live("late", 2)
    live("late", 1)
    live("killed")
    live("killed", 2, status="canceled")
    live("tombstone", 3, status="canceled")
    live("tombstone", 1)
    live("withheld")
    live("withheld", 2, status="withheld")
    live("back")
    live("back", 2, status="withheld")
    live("back", 3, headline="Ferry runs again")
    live("mapped", slug="mapped", topics=["15000000", "20000337"])
    live("kept", slug="kept")
    # Several versions of one story and others in one delivery, and the same bytes twice.
    many = [
        news_item(GUID.format(name), version=version)
        for name, version in (("a", 1), ("b", 1), ("a", 2), ("c", 1), ("b", 2))
    ]
    come(news_message(many))
    come(news_message(many))
    come(b"no news at all")


def _desk(chief: User, sections: list[SectionPage]) -> None:
    live("waits", slug="held")
    live("waits", 2, slug="held")
    order(chief, "waits", "publish", 1)
    live("ordered")
    order(chief, "ordered", "hold", 1)
    live("ordered", 2)
    order(chief, "ordered", "publish", 2)
    live("gone")
    order(chief, "gone", "withdraw", 1)
    live("released")
    live("released", 2, status="canceled")
    live("released", 3, headline="Ferry: what happened")
    order(chief, "released", "release", 2)
    write_correction(story=story("plain"), text="The ferry opened at one.", by=chief)
    live("placed")
    found = story("placed")
    site = Site.objects.get(is_default_site=True)
    edit(
        chief,
        found,
        placements=[Placement(site=site, section=sections[-1])],
        topics=[StoryTopic(topic=Topic.objects.order_by("pk")[2])],
    )
    live("placed", 2, headline="Ferry opens, placed by hand")


def _edits(chief: User) -> None:
    ours = f"<p>{WORDS}</p><p>Our readers can park at the mill.</p>"
    for name in (
        "merged",
        "conflict",
        "open",
        "killed-edit",
        "taken-back",
        "dark-edit",
    ):
        live(name)
        edit(chief, story(name), headline="Ours", body=ours)
    live("merged", 2, words="The mayor of Lower Tarn opened the ferry at two.")
    live("conflict", 2, headline="Theirs")
    live("open", 2, headline="Theirs")
    question = question_of(story("conflict"))
    assert question is not None
    resolve_conflict(
        story=story("conflict"),
        message=question.message,
        choices=dict.fromkeys(question.merged.conflicts, Take.WIRE),
        fingerprint=question.merged.fingerprint,
        by=chief,
    )
    live("killed-edit", 2, status="canceled")
    edit(chief, story("taken-back"), headline="Ours, again")
    edit(chief, story("taken-back"), headline="Ferry opens at Lower Tarn")
    live("dark-edit", 2, status="withheld")
    edit(chief, story("dark-edit"), headline="Ours while it is dark")


def _own(chief: User) -> None:
    own = Story.objects.create(headline="Our own story", live=False)
    edit(chief, own, body="<p>What the council decided.</p>")
    edit(chief, own, headline="Our own story, changed")
    plain = Story.objects.create(headline="Plain and ours", live=False)
    publish_station_story(story=plain, by=chief)
    give_order(story=plain, verb=Order.Verb.WITHDRAW, by=chief)
    Story.objects.create(headline="Never public", live=False)


def _clock() -> None:
    now = timezone.now()
    soon, past = now + timedelta(seconds=2), now - timedelta(hours=1)
    later = now + timedelta(days=2)

    def until(tag: str, at: Any) -> str:
        return f"<{tag}>{at.isoformat()}</{tag}>"

    live("expires", meta=until("expires", soon))
    live("expired", meta=until("expires", past))
    live("lifts", meta=until("embargoed", soon))
    live("embargoed", meta=until("embargoed", later))
    live("dark-for-ever", meta="<embargoed/>")
    note_expiry(now=soon + timedelta(seconds=1))
    # After that the clock was set back: what was past stays past.
    live("expires", 2, meta=until("expires", soon))


def _change_the_rules(chief: User) -> None:
    """Change what was frozen, and what wasn't but stands in the logbook."""
    make_author(byline="Ilse Marran", by=chief)
    Feed.objects.filter(slug="direct").update(publish="hold", section="sport")
    Feed.objects.filter(slug="held").update(publish="now", name="Renamed")
    Feed.objects.filter(slug="mapped").update(mapping={"signals": {"x": "kill"}})
    topic = Topic.objects.order_by("pk")[1]
    TopicRule.objects.create(
        topic=topic, looks_at=TopicRule.Looks.PHRASE, words="ferry"
    )
    live("after", headline="Held by the new rule")


def _contracts(chief: User) -> None:
    """End one contract and undo that, end another and erase its copy."""
    for name in ("ends", "ends-held"):
        live(name, slug="kept", headline=f"Kept {name}")
    order(chief, "ends-held", "hold", 1)
    live("goes-on", slug="mapped")
    now = timezone.now()
    mapped, kept = (Feed.objects.get(slug=slug) for slug in ("mapped", "kept"))
    end_contract(feed=mapped, at=now - timedelta(seconds=1), by=chief)
    note_contract_ends()
    undo_end(feed=mapped, by=chief)
    live("goes-on-too", slug="mapped")
    end_contract(feed=kept, at=now - timedelta(seconds=100), erase=True, by=chief)
    note_contract_ends()
    note_expiry()
    live("too-late", slug="kept")
    erase_contracts()
