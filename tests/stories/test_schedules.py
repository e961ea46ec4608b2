"""What an editor scheduled happens by itself, and lifts nothing the wire stopped."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.stories.wires import a_message, story_of, take
from wiredesk.stories.actions.keep_schedules import keep_schedules
from wiredesk.stories.models import Story

pytestmark = pytest.mark.django_db


def schedule(story: Story, headline: str) -> None:
    story.headline = headline
    story.go_live_at = timezone.now() + timedelta(hours=1)
    revision = story.save_revision()
    story.publish(revision)
    # An hour later, as far as anybody can tell.
    past = timezone.now() - timedelta(minutes=1)
    content = {**revision.content, "go_live_at": past.isoformat()}
    story.revisions.filter(pk=revision.pk).update(
        approved_go_live_at=past, content=content
    )


def test_a_scheduled_version_goes_live_when_its_time_has_come() -> None:
    take(a_message())
    schedule(story_of(), "Orrin bridge opens again")
    assert story_of().headline != "Orrin bridge opens again"
    keep_schedules()
    assert story_of().headline == "Orrin bridge opens again"


def test_a_schedule_never_revives_a_killed_story() -> None:
    take(a_message())
    schedule(story_of(), "Orrin bridge opens again")
    take(a_message(version="2", status="canceled", publishable=False))
    keep_schedules()
    assert not Story.objects.public().exists()


def test_an_end_that_an_editor_set_takes_the_story_down() -> None:
    take(a_message())
    Story.objects.update(expire_at=timezone.now() - timedelta(minutes=1))
    keep_schedules()
    assert not Story.objects.public().exists()
    assert story_of().standing.state == "withdrawn"
