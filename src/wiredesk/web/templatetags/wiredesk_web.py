"""What the templates of the public pages need beyond Django's own tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from wiredesk.delivery.pictures.sizes import LARGEST, Shape
from wiredesk.delivery.store.asked import asked_by_store
from wiredesk.lib import places
from wiredesk.web.breaking import known_bar
from wiredesk.web.drawn_cards import draw_card
from wiredesk.web.moments import moment
from wiredesk.web.places import IN_FRAME

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wiredesk.web.byline import Byline, Name
    from wiredesk.web.cards import Card
    from wiredesk.web.frame import Frame
    from wiredesk.web.pictures import PagePicture

register = template.Library()
register.simple_tag(moment)


@register.simple_tag(takes_context=True)
def place(context: template.Context, name: str) -> SafeString:
    """Draw what other parts have for a place; nothing where nobody fills it."""
    flat: dict[Any, Any] = context.flatten()
    return places.draw(name, {str(key): value for key, value in flat.items()})


@register.simple_tag(takes_context=True)
def surround(context: template.Context, part: str) -> SafeString:
    """Draw a part of the frame: "look", "masthead", "footer"; once for as long as it is kept.

    What other parts put into a place of it may differ from page to page: then it is
    drawn for each.
    """
    frame: Frame = context["frame"]
    name = f"web/parts/{part}.html"
    here = _where(context, frame)
    if IN_FRAME.get(part) in places.names():
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
