"""Topics, authors and agencies to which a search may be narrowed: those the site shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from wiredesk.delivery.purge.keys import FRAME, list_key
from wiredesk.delivery.store.known import Known
from wiredesk.lib.prepared import PreparedQuery
from wiredesk.stories.models import Author, StoryAuthor, StoryTopic
from wiredesk.stories.queries import authors_on, topics_on
from wiredesk.web.widgets import LongSelect

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise as StrPromise
    from wagtail.models import Site


class Choice(NamedTuple):
    """What may be chosen. ``wanted`` is what a search is given: a number, or a source."""

    slug: str
    name: str
    wanted: Any


def _topics(sites: Iterable[int], now: datetime) -> QuerySet[Any]:
    return topics_on(sites, now).values_list("slug", "name", "pk")


def _authors(sites: Iterable[int], now: datetime) -> QuerySet[Any]:
    found = authors_on(sites, now).exclude(kind=Author.Kind.AGENCY)
    return found.values_list("slug", "name", "pk")


def _agencies(sites: Iterable[int], now: datetime) -> QuerySet[Any]:
    found = authors_on(sites, now).filter(kind=Author.Kind.AGENCY).exclude(source="")
    return found.values_list("slug", "name", "source")


# Every search page has all of them.
AMONG = {
    "topic": PreparedQuery(_topics, has_moment=True),
    "author": PreparedQuery(_authors, has_moment=True),
    "agency": PreparedQuery(_agencies, has_moment=True),
}
_MOST_NAMES = 50_000  # some 200 bytes each
_known: Known[tuple[str, int], list[Choice]] = Known(
    _MOST_NAMES, weigh=lambda choices: len(choices) + 1
)
# A name of its own is said with the frame, a first or last story with the front's list.
_KNOWN_OF = (FRAME, list_key("/"))
# The worker says when a story comes or ends by the clock, and nobody when it only leaves
# the lists: so much later its topic's name goes.
_LATEST = timedelta(minutes=1)


def choices(name: str, site: Site) -> list[Choice]:
    """Give what the field of that name may be set to: what a listed story names."""
    key, now = (name, site.pk), timezone.now()
    found = _known.find(key)
    if found is None:
        found = [Choice(*row) for row in AMONG[name]([site.pk], at=now)]
        _known.keep(key, found, of=_KNOWN_OF, until=now + _LATEST)
    return found


def _was_named(name: str, slug: str) -> Any:
    """Give what a search wants of what isn't a choice any more, or on another station.

    It finds nothing, but who asks for it again and again isn't told that he errs.
    """
    public = {"story__standing__was_public": True}
    agency = {"author__kind": Author.Kind.AGENCY}
    written = StoryAuthor.objects.filter(author__slug=slug, **public)
    found: QuerySet[Any, Any]
    if name == "topic":
        about = StoryTopic.objects.filter(topic__slug=slug, topic__public=True)
        found = about.filter(**public).values_list("topic_id", flat=True)
    elif name == "author":
        found = written.exclude(**agency).values_list("author_id", flat=True)
    else:
        found = written.filter(**agency).exclude(author__source="")
        found = found.values_list("author__source", flat=True)
    return found.order_by().first()


class AmongField(forms.Field):
    """One of the choices, by its slug; gives what a search wants of it, or ``None``."""

    widget = LongSelect
    default_error_messages = forms.ModelChoiceField.default_error_messages

    def __init__(self, name: str, label: StrPromise, every: StrPromise) -> None:
        super().__init__(label=label, required=False)
        self._name = name
        self._every = ("", every)

    def on(self, site: Site) -> None:
        """Say whose choices these are; they are asked for once at most."""
        self._choices = cache(partial(choices, self._name, site))
        self.widget.rows = self._rows

    def to_python(self, value: Any) -> Any:
        """Give what a search wants. Raises ``ValidationError`` for what isn't a choice."""
        if not value:
            return None
        for choice in self._choices():
            if choice.slug == value:
                return choice.wanted
        if wanted := _was_named(self._name, value):
            return wanted
        raise ValidationError(
            self.error_messages["invalid_choice"], code="invalid_choice"
        )

    def _rows(self) -> list[tuple[str, Any]]:
        return [self._every, *((each.slug, each.name) for each in self._choices())]
