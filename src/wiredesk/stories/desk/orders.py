"""Publish, hold, withdraw, release: the desk's orders on a wire message's story."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from wiredesk.stories.actions.gather_cases import gather_for_stories
from wiredesk.stories.actions.give_order import PERMISSIONS, give_order
from wiredesk.stories.models import Order, Reference, Story, StoryIdentity
from wiredesk.wire.desk.message_actions import MessageAction, MessageNote
from wiredesk.wire.models import Message

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

LABELS = {
    Order.Verb.PUBLISH: gettext_lazy("Publish"),
    Order.Verb.HOLD: gettext_lazy("Hold"),
    Order.Verb.WITHDRAW: gettext_lazy("Withdraw"),
    Order.Verb.RELEASE: gettext_lazy("Release after this kill"),
}

_ENDING = (Reference.Verb.KILLS, Reference.Verb.DOUBTS)
_MOST = 20  # buttons on one message


def story_of(message: Message) -> Story | None:
    """Give the story that the message is a version of, with its standing, if any."""
    identity = (
        StoryIdentity.objects.filter(source=message.source, guid=message.guid)
        .select_related("story__standing")
        .first()
    )
    return identity.story if identity else None


def order_actions(message: Message, user: AbstractUser) -> list[MessageAction]:
    """Give the orders that ``user`` may give on the message's story as it stands."""
    story = story_of(message)
    if story is None:
        return _actions_on_others(message, user)
    actions = [
        MessageAction(
            label=_label(verb, message, user),
            address=reverse("story_order", args=[message.pk, verb]),
            is_primary=verb is Order.Verb.PUBLISH,
        )
        for verb in _sensible(message, story)
        if user.has_perm(PERMISSIONS[verb]) and not _has_given(verb, message, user)
    ]
    if user.has_perm("stories.change_story"):
        actions.append(
            MessageAction(
                label=_("Open in the editor"),
                address=reverse("wagtailsnippets_stories_story:edit", args=[story.pk]),
                is_link=True,
            )
        )
    return actions + _ways_to_kills(message, story) + _actions_on_others(message, user)


def _ways_to_kills(message: Message, story: Story) -> list[MessageAction]:
    """Lead from a version that a kill keeps dark to the kill, where it is released."""
    standing = getattr(story, "standing", None)
    if standing is None or standing.state != standing.State.WITHDRAWN:
        return []
    answered = Order.objects.filter(
        verb=Order.Verb.RELEASE, story=story, message__isnull=False
    )
    kills = kills_of(story).exclude(pk=message.pk)
    kills = kills.exclude(pk__in=answered.values("message")).order_by("-pk")
    return [
        MessageAction(
            label=_("See the kill of %(moment)s")
            % {
                "moment": date_format(
                    timezone.localtime(kill.received_at), "DATETIME_FORMAT"
                )
            },
            address=reverse("wire_messages:inspect", args=[kill.pk]),
            is_link=True,
        )
        for kill in kills[:_MOST]
    ]


def kills_of(story: Story) -> QuerySet[Message]:
    """Give the messages that end the story: of its own, and of documents that name it."""
    own = Q()
    for source, guid in story.identities.values_list("source", "guid"):
        named = Reference.objects.filter(
            message__source=source, guid=guid, verb__in=_ENDING
        )
        own |= Q(source=source, guid=guid, status="canceled")
        own |= Q(pk__in=named.values("message"))
    return Message.objects.filter(own) if own else Message.objects.none()


def stories_ended(message: Message) -> QuerySet[Story]:
    """Give the stories that this message of another document kills, or may kill."""
    named = Reference.objects.filter(message=message, verb__in=_ENDING)
    return Story.objects.filter(
        identities__source=message.source, identities__guid__in=named.values("guid")
    ).distinct()


def _actions_on_others(message: Message, user: AbstractUser) -> list[MessageAction]:
    if not user.has_perm(PERMISSIONS[Order.Verb.RELEASE]):
        return []
    stories = stories_ended(message).exclude(pk__in=releases(message).values("story"))
    return [
        MessageAction(
            label=_("Release “%(headline)s”") % {"headline": story.headline[:60]},
            address=reverse("story_order", args=[message.pk, Order.Verb.RELEASE])
            + f"?story={story.pk}",
        )
        for story in stories.order_by("pk")[:_MOST]
    ]


def _chosen(request: HttpRequest, message: Message) -> Story | None:
    """Give the story an order is about: the message's own, else one that it ends."""
    chosen = request.GET.get("story", "")
    if not chosen.isdecimal():
        return story_of(message)
    return stories_ended(message).filter(pk=int(chosen)).first()


def _sensible(message: Message, story: Story) -> list[Order.Verb]:
    """Give the orders that would change something, the likeliest first."""
    if message.status == "canceled":
        return [Order.Verb.RELEASE]
    standing = getattr(story, "standing", None)
    # Where words must be chosen first, the other screen publishes.
    publish = [] if must_choose(story, message) else [Order.Verb.PUBLISH]
    if standing is None or standing.state != standing.State.LIVE:
        return publish
    verbs = [Order.Verb.HOLD, Order.Verb.WITHDRAW]
    return verbs if standing.shows_id == message.pk else [*publish, *verbs]


def must_choose(story: Story, message: Message) -> bool:
    """Tell whether the desk and this message changed the same words."""
    if story.edited_at is None:
        return False
    (case,) = gather_for_stories([story.pk])
    return message.pk in case.asks


def _has_given(verb: Order.Verb, message: Message, user: AbstractUser) -> bool:
    """Tell whether a release was given, or this person asked and another must confirm."""
    if verb is not Order.Verb.RELEASE:
        return False
    if releases(message).exists():
        return True
    asked = set(askers(message).values_list("by", flat=True))
    return settings.WIREDESK_RELEASE_TAKES_TWO and asked == {user.pk}


def _label(verb: Order.Verb, message: Message, user: AbstractUser) -> str:
    if verb is Order.Verb.RELEASE and settings.WIREDESK_RELEASE_TAKES_TWO:
        if askers(message).exclude(by=user.pk).exists():
            return _("Confirm the release after this kill")
        return _("Ask for a release after this kill")
    return str(LABELS[verb])


def askers(message: Message) -> QuerySet[Order]:
    """Give the orders that ask for a release after this kill, by known people."""
    return Order.objects.filter(
        verb=Order.Verb.ASK, message=message, by__isnull=False
    ).select_related("by")


def releases(message: Message) -> QuerySet[Order]:
    """Give the releases after this kill."""
    given = Order.objects.filter(verb=Order.Verb.RELEASE, message=message)
    return given.select_related("by")


def release_note(message: Message) -> MessageNote | None:
    """Say who released after this kill, or who asked, so that another must confirm."""
    if message.status != "canceled":
        return None
    if released := releases(message).order_by("at", "pk").last():
        by = released.by or _("Somebody")
        return MessageNote(
            _("%(person)s released it after this kill.") % {"person": by}
        )
    asked = askers(message).order_by("at", "pk").last()
    if asked is None or not settings.WIREDESK_RELEASE_TAKES_TWO:
        return None
    return MessageNote(
        _("%(person)s asked for a release after this kill. Somebody else must confirm.")
        % {"person": asked.by}
    )


def standing_note(message: Message) -> MessageNote | None:
    """Say where the message's story stands now, and where its page is."""
    story = story_of(message)
    standing = getattr(story, "standing", None)
    if story is None or standing is None:
        return None
    words = _("The story is %(standing)s. %(reason)s") % {
        "standing": standing.in_words(),
        "reason": standing.reason,
    }
    is_live = standing.is_live(timezone.now())
    if story.has_unpublished_changes:
        words += " " + _("An editor's draft of it is not published.")
    return MessageNote(words, story.path if is_live and story.path else "")


@require_POST
def order_view(request: HttpRequest, message_id: int, verb: str) -> HttpResponse:
    """Give the order and say where the story stands now; back to the message."""
    if verb not in LABELS:
        raise Http404
    message = get_object_or_404(Message, pk=message_id)
    story = _chosen(request, message)
    if story is None:
        raise Http404(_("This message is not a version of a story."))
    if not request.user.has_perm(PERMISSIONS[Order.Verb(verb)]):
        raise PermissionDenied
    try:
        order = give_order(story=story, verb=verb, by=request.user, message=message)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        if order.verb == Order.Verb.ASK:
            messages.info(request, _("Asked for. Somebody else must confirm it."))
        _say_standing(
            request, Story.objects.select_related("standing").get(pk=story.pk)
        )
    return redirect("wire_messages:inspect", message_id)


def _say_standing(request: HttpRequest, story: Story) -> None:
    words = _("“%(headline)s” is now %(standing)s. %(reason)s") % {
        "headline": story.headline,
        "standing": story.standing.in_words(),
        "reason": story.standing.reason,
    }
    say = (
        messages.success if story.standing.is_live(timezone.now()) else messages.warning
    )
    say(request, words)
