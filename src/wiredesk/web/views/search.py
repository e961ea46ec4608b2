"""The search page: one form that works without a script."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache, partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import Http404
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from wiredesk.delivery.search import MOST, SearchPage, search
from wiredesk.delivery.store.asked import remembering
from wiredesk.stories.models import Author, SectionPage
from wiredesk.topics.models import Topic
from wiredesk.web.draw import draw
from wiredesk.web.drawn_hits import draw_hits
from wiredesk.web.frame import Frame, frame_for
from wiredesk.web.lists import PAGE_SIZE, page_number
from wiredesk.web.search_choices import AMONG, AmongField, choices
from wiredesk.web.widgets import LongSelect, QuickInput, draw_field, draw_options

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise as StrPromise
    from django.utils.safestring import SafeString

LONGEST_QUERY = 200


# Beyond these no newsroom has copy and no clock counts the seconds.
FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2200, 12, 31)


ORDERS = (("newest", _("Newest first")), ("best", _("Best first")))
# Asks for nothing by itself.
_MANNER = frozenset({"order"})


def _day(label: StrPromise) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=QuickInput(kind="date"),
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
    )


class SearchForm(forms.Form):
    """What a reader may ask for; everything may stay empty."""

    q = forms.CharField(
        label=_("Search for"),
        required=False,
        max_length=LONGEST_QUERY,
        widget=QuickInput(
            {"autocomplete": "off", "enterkeyhint": "search"}, kind="search"
        ),
    )
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=ORDERS,
        widget=forms.RadioSelect,
    )
    section = forms.TypedChoiceField(
        label=_("Section"),
        required=False,
        coerce=int,
        empty_value=None,
        widget=LongSelect,
    )
    topic = AmongField("topic", _("Topic"), _("All topics"))
    author = AmongField("author", _("Author"), _("All authors"))
    agency = AmongField("agency", _("Agency"), _("All agencies"))
    since = _day(_("From"))
    until = _day(_("To"))

    def __init__(self, data: Any, frame: Frame) -> None:
        # One of two buttons is always pressed; an order that isn't one is the first.
        if data.get("order") not in dict(ORDERS):
            data = {**data.dict(), "order": ORDERS[0][0]}
        super().__init__(data, auto_id="search-%s", use_required_attribute=False)
        fields: dict[str, Any] = self.fields
        fields["section"].choices = [
            ("", _("All sections")),
            *((link.number, link.name) for link in frame.sections),
        ]
        fields["section"].widget.drawn = partial(_section_options, fields, frame)
        self._sections = frame.sections
        self._choices = cache(partial(choices, frame.site))
        for name in AMONG:
            fields[name].narrow_to(self._choices)

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything but words was asked for, be it right or wrong."""
        return any(self.data.get(name) for name in _NARROWING)

    def narrowing(self) -> SafeString:
        """Draw the fields that narrow a search.

        With nothing chosen, as in most searches, once for as long as the choices are known.
        """
        if self.is_narrowed:
            return self._draw_narrowing()
        drawn, printed = self._choices().drawn, (get_language(), self._sections)
        if printed not in drawn:
            drawn[printed] = self._draw_narrowing()
        return drawn[printed]

    def _draw_narrowing(self) -> SafeString:
        fields = ((draw_field(self[name]),) for name in _NARROWING)
        return format_html_join("", "{}", fields)


_NARROWING = tuple(
    name for name in SearchForm.base_fields if name not in {"q", *_MANNER}
)


def _section_options(fields: dict[str, Any], frame: Frame) -> SafeString:
    here = "section options", "", 0
    if here not in frame.drawn:
        frame.drawn[here] = draw_options(fields["section"].choices)
    return frame.drawn[here]


@require_safe
@remembering()
def search_page(request: HttpRequest) -> HttpResponse:
    """Show the form, and what it finds. Nobody keeps the answer, nobody indexes it."""
    frame = frame_for(request)
    number = page_number(request)
    form = SearchForm(request.GET, frame)
    found = find(form, frame, number) if form.is_valid() else SearchPage()
    if number > 1 and not found.hits:
        raise Http404
    more = min(found.total, MOST) > number * PAGE_SIZE
    context = {
        "form": form,
        "found": found,
        # Drawn by the template, where the station's language and zone are in force.
        "draw_hits": partial(draw_hits, found.hits, frame.language),
        "asked": form.is_valid() and asks_for_anything(form),
        "number": number,
        "newer": number - 1,
        "older": number + 1 if more else 0,
        "question": question_of(request),
        "path": request.path,
    }
    response = draw(request, "web/search.html", context, frame=frame)
    response["Cache-Control"] = "no-store"
    return response


def asks_for_anything(form: SearchForm) -> bool:
    """Tell whether a valid form has a word or a filter."""
    return any(form.cleaned_data[name] for name in form.fields if name not in _MANNER)


def find(form: SearchForm, frame: Frame, number: int) -> SearchPage:
    """Give a page of what a valid form asks for."""
    asked = form.cleaned_data
    since, until = asked["since"], asked["until"]
    return search(
        query=asked["q"],
        now=timezone.now(),
        site=frame.site,
        section=SectionPage(pk=asked["section"]) if asked["section"] else None,
        topic=Topic(pk=asked["topic"]) if asked["topic"] else None,
        author=Author(pk=asked["author"]) if asked["author"] else None,
        source=asked["agency"],
        since=datetime.combine(since, time.min, frame.zone) if since else None,
        until=(
            datetime.combine(until + timedelta(days=1), time.min, frame.zone)
            if until
            else None
        ),
        order=asked["order"],
        limit=PAGE_SIZE,
        offset=(number - 1) * PAGE_SIZE,
    )


def question_of(request: HttpRequest) -> str:
    """Give the reader's own parameters, for the links to other pages of the answer."""
    kept = {
        name: request.GET[name]
        for name in SearchForm.base_fields
        if request.GET.get(name)
    }
    return urlencode(kept)
