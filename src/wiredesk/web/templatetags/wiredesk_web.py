"""What the templates of the public pages need beyond Django's own tags."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from django import template
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wiredesk.delivery.pictures.sizes import LARGEST, Shape
from wiredesk.delivery.store.asked import asked_by_store
from wiredesk.lib import places
from wiredesk.lib.truth import true_until
from wiredesk.web.breaking import known_bar
from wiredesk.web.drawn_cards import draw_card
from wiredesk.web.places import IN_FRAME

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.forms import BoundField

    from wiredesk.web.byline import Byline, Name
    from wiredesk.web.cards import Card
    from wiredesk.web.frame import Frame
    from wiredesk.web.pictures import PagePicture

register = template.Library()


@register.simple_tag(takes_context=True)
def place(context: template.Context, name: str) -> SafeString:
    """Draw what other parts have for a place; nothing where nobody fills it."""
    flat: dict[Any, Any] = context.flatten()
    return places.draw(name, {str(key): value for key, value in flat.items()})


@register.simple_tag(takes_context=True)
def surround(context: template.Context, part: str) -> SafeString:
    """Draw a part of the frame: "masthead", "footer"; once for as long as it is kept.

    What other parts put into a place of it may differ from page to page: then it is
    drawn for each.
    """
    frame: Frame = context["frame"]
    name = f"web/parts/{part}.html"
    here = _where(context, frame)
    if IN_FRAME[part] in places.names():
        return _rendered(context, name)
    if (part, *here) not in frame.drawn:
        frame.drawn[part, *here] = _rendered(context, name)
    return frame.drawn[part, *here]


def _where(context: template.Context, frame: Frame) -> tuple[str, int]:
    """Give the section where the reader is, or that of the story: all that differs."""
    path = context.get("path") or ""
    section = getattr(context.get("page"), "section", None)
    is_section = any(link.href == path for link in frame.sections)
    return path if is_section else "", getattr(section, "number", 0)


def _rendered(context: template.Context, name: str) -> SafeString:
    engine = context.template.engine  # type: ignore[union-attr]
    drawn: SafeString = engine.get_template(name).render(context)
    return drawn


@register.simple_tag(takes_context=True)
def story_card(context: template.Context, card: Card, **wanted: Any) -> SafeString:
    """Draw a story in a list; see ``card.html`` for what may be ``wanted``."""
    return draw_card(card, context["frame"], wanted)


@register.simple_tag(takes_context=True)
def breaking_bar(context: template.Context) -> SafeString:
    """Draw the breaking-news bar of the page's site between its markers.

    For the page store, only say where it belongs: it draws the bar once for all pages.
    """
    if asked_by_store():
        return format_html("<!--piece {}-->", reverse("bar_piece"))
    frame: Frame = context["frame"]
    return known_bar(frame.site, timezone.now())


@register.simple_tag
def written_by(byline: Byline) -> SafeString:
    """Give "By Ann Roe and Bo Low, Example Press" with links to those with pages."""
    people = _listed(byline.people)
    organisations = _listed(byline.organisations)
    if not people:
        return format_html(_("By {names}"), names=organisations)
    if not organisations:
        return format_html(_("By {names}"), names=people)
    return format_html(
        _("By {names}, {organisations}"), names=people, organisations=organisations
    )


@register.simple_tag
def moment(value: datetime | None, style: str = "full") -> SafeString:
    """Give a ``<time>`` in the station's zone.

    ``full`` has date, time and zone; ``short`` is for lists: the day and the time, or
    the date alone for a story of another year, and the zone too where a night has the hour
    twice. Never "three hours ago": pages are kept.
    """
    if value is None:
        return SafeString()
    zone = timezone.get_current_timezone()
    local = timezone.localtime(value, zone)
    is_of_this_year = local.year == timezone.now().astimezone(zone).year
    if style != "full" and is_of_this_year:
        # Next year it will say the year.
        true_until(
            local.replace(
                year=local.year + 1, month=1, day=1, hour=0, minute=0, second=0
            )
        )
    # By its UTC: of the hour that an autumn night has twice, local times are alike.
    return _told(
        value.astimezone(UTC),
        str(zone),
        get_language(),
        style,
        is_of_this_year=is_of_this_year,
    )


@lru_cache(maxsize=10_000)
def _told(
    value: datetime,
    zone: str,
    language: str | None,
    style: str,
    *,
    is_of_this_year: bool,
) -> SafeString:
    """Give a moment in words, put together once: lists tell the same ones again and again.

    ``zone`` and ``language`` are the present ones, by which the words differ.
    """
    local = timezone.localtime(value)
    clock = _clock(local.time().replace(second=0, microsecond=0), language)
    day = partial(_day, local.date(), language)
    # Twice in an autumn night. Django's "T" is empty in the hour that needs it most.
    is_twice = local.replace(fold=not local.fold).utcoffset() != local.utcoffset()
    if style != "full" and not is_of_this_year:
        text = day("DATE_FORMAT")
    elif style == "full" or is_twice:
        told = day("DATE_FORMAT" if style == "full" else "MONTH_DAY_FORMAT")
        text = _("{date}, {time} {zone}").format(
            date=told, time=clock, zone=local.tzname()
        )
    else:
        text = _("{date}, {time}").format(date=day("MONTH_DAY_FORMAT"), time=clock)
    stamp = local.replace(microsecond=0).isoformat()
    return format_html('<time datetime="{}">{}</time>', stamp, text)


# Django takes 16 to 28 µs to tell a day, and a search's hits are of twenty.
@lru_cache(maxsize=10_000)
def _day(day: date, language: str | None, style: str) -> str:
    return formats.date_format(day, style)


@lru_cache(maxsize=2_000)
def _clock(clock: time, language: str | None) -> str:
    return formats.time_format(clock, "TIME_FORMAT")


@register.simple_tag
def form_field(field: BoundField) -> SafeString:
    """Draw a field of a form with its label and what is wrong with it."""
    errors = format_html_join(
        "",
        '<p class="field-error" id="{}_error">{}</p>',
        ((field.id_for_label, error) for error in field.errors),
    )
    return format_html(
        '<div class="field{}"><label for="{}">{}</label>{}{}</div>',
        " has-error" if errors else "",
        *(field.id_for_label, field.label, field, errors),
    )


@register.inclusion_tag("web/parts/picture.html")
def picture(
    shown: PagePicture,
    sizes: str,
    shape: str = "",
    most: int = LARGEST,
    load: str = "lazy",
    alt: str | None = None,
) -> dict[str, Any]:
    """Draw a picture, cut to ``shape`` ("16x9", "1x1", "" for whole).

    ``load`` is ``eager`` for the one a reader sees first, which comes before all else,
    ``plain`` for one that is seen at once and may wait its turn, ``lazy`` for others;
    ``most`` is the widest file offered, in pixels.
    """
    sources = shown.sources(sizes, Shape(shape), most, alt)
    return {"sources": sources, "load": load}


@register.filter
def initials(name: str) -> str:
    """Give at most two letters for somebody without a photo."""
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def _listed(names: Iterable[Name]) -> SafeString:
    """Give names as a sentence has them: commas, and the last with "and"."""
    drawn = [
        format_html('<a href="{}">{}</a>', name.href, name.text)
        if name.href
        else format_html("<span>{}</span>", name.text)
        for name in names
    ]
    if not drawn:
        return SafeString()
    marks = [f"{{{number}}}" for number in range(len(drawn))]
    pattern = get_text_list(marks, _("and"))
    return format_html(pattern, *drawn)
