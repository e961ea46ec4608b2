from __future__ import annotations

from tests.wire.pipeline import news_item
from wiredesk.wire.actions.ensure_builtin_feed import ensure_builtin_feed
from wiredesk.wire.actions.issue_token import issue_token
from wiredesk.wire.actions.receive import Payload, receive
from wiredesk.wire.models import Feed, FeedRule


def test_a_form_that_was_open_never_revives_an_old_token(feed: Feed) -> None:
    issue_token(feed=feed)
    open_form = Feed.objects.get(pk=feed.pk)
    issue_token(feed=feed)
    receive(feed=feed, payloads=[Payload(news_item())], transport="push")
    now = Feed.objects.get(pk=feed.pk)
    open_form.name = "New name"
    open_form.save()
    after = Feed.objects.get(pk=feed.pk)
    assert after.name == "New name"
    assert after.token_digest == now.token_digest
    assert after.last_received_at == now.last_received_at


def test_saving_a_feed_saves_its_rules(feed: Feed) -> None:
    feed.rules.add(FeedRule(publish="hold", urgency_to=2))
    feed.save()
    assert FeedRule.objects.get().feed == feed


def test_the_builtin_feed_publishes_at_once_and_is_never_set_back(
    db: None,
) -> None:
    feed = ensure_builtin_feed()
    assert (feed.slug, feed.publish) == ("direct", "now")
    Feed.objects.filter(pk=feed.pk).update(publish="hold")
    assert ensure_builtin_feed().publish == "hold"
