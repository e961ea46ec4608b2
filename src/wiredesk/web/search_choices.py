"""Topics, authors and agencies to which a search may be narrowed: those the site shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from wiredesk.delivery.purge.keys import FRAME, list_key
from wiredesk.delivery.store.known import Known
from wiredesk.lib.prepared import PreparedQuery
from wiredesk.stories.models import Author, StoryAuthor, StoryTopic
from wiredesk.stories.queries import are_few, authors_on, topics_on
from wiredesk.web.widgets import LongSelect, draw_options

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise as StrPromise
    from django.utils.safestring import SafeString
    from wagtail.models import Site


class Choice(NamedTuple):
    """What a field may be set to: what a search is given by slug, and the options."""

    wanted: dict[str, Any]
    options: SafeString


@dataclass(frozen=True, slots=True)
class Choices:
    """What a site's searches may be narrowed to, by the name of the field."""

    of: dict[str, Choice]
    # The fields of a form in which nothing is chosen, by what else is printed in them.
    drawn: dict[Any, SafeString] = field(
        default_factory=dict, compare=False, repr=False
    )

    @property
    def weight(self) -> int:
        """Give how many may be chosen, and one."""
        return sum(len(each.wanted) for each in self.of.values()) + 1


def _topics(sites: Iterable[int], now: datetime, few: bool) -> QuerySet[Any]:
    return topics_on(sites, now, few=few).values_list("slug", "name", "pk")


def _authors(sites: Iterable[int], now: datetime, few: bool) -> QuerySet[Any]:
    found = authors_on(sites, now, few=few).exclude(kind=Author.Kind.AGENCY)
    return found.values_list("slug", "name", "pk")


def _agencies(sites: Iterable[int], now: datetime, few: bool) -> QuerySet[Any]:
    found = authors_on(sites, now, few=few).filter(kind=Author.Kind.AGENCY)
    return found.exclude(source="").values_list("slug", "name", "source")


# Every search page has all of them. By whether the site's stories are few among others.
AMONG = {
    name: {
        few: PreparedQuery(partial(build, few=few), has_moment=True)
        for few in (False, True)
    }
    for name, build in (
        ("topic", _topics),
        ("author", _authors),
        ("agency", _agencies),
    )
}
# Tells how choices are read, not which: nothing need be said when it changes.
_are_few: Known[int, bool] = Known(most=1_000)
_AS_LONG = timedelta(minutes=10)
_MOST_NAMES = 50_000  # some 400 bytes each
_known: Known[int, Choices] = Known(_MOST_NAMES, weigh=lambda choices: choices.weight)
# A name of its own is said with the frame, a first or last story with the front's list.
_KNOWN_OF = (FRAME, list_key("/"))
# The worker says when a story comes or ends by the clock, and nobody when it only leaves
# the lists: so much later its topic's name goes.
_LATEST = timedelta(minutes=1)


def choices(site: Site) -> Choices:
    """Give what a search of the site may be narrowed to: what a listed story names."""

    def read() -> tuple[Choices, tuple[str, ...], datetime]:
        now, few = timezone.now(), _is_small(site)
        of = {name: _choice(ask[few]([site.pk], at=now)) for name, ask in AMONG.items()}
        return Choices(of), _KNOWN_OF, now + _LATEST

    return _known.find_or_keep(site.pk, read)


def _choice(rows: list[tuple[str, str, Any]]) -> Choice:
    wanted = {slug: wanted for slug, _, wanted in rows}
    return Choice(wanted, draw_options((slug, said) for slug, said, _ in rows))


def _is_small(site: Site) -> bool:
    until = timezone.now() + _AS_LONG
    return _are_few.find_or_keep(site.pk, lambda: (are_few([site.pk]), (), until))


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
        self._every = every

    def narrow_to(self, asked: Callable[[], Choices]) -> None:
        """Say how its choices are asked for, where they are needed."""
        self._asked = asked
        self.widget.drawn = self._options

    def _choice(self) -> Choice:
        return self._asked().of[self._name]

    def to_python(self, value: Any) -> Any:
        """Give what a search wants. Raises ``ValidationError`` for what isn't a choice."""
        if not value:
            return None
        wanted = self._choice().wanted.get(value) or _was_named(self._name, value)
        if wanted:
            return wanted
        raise ValidationError(
            self.error_messages["invalid_choice"], code="invalid_choice"
        )

    def _options(self) -> SafeString:
        return draw_options([("", self._every)]) + self._choice().options
