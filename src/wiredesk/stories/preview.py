"""How a story's preview and the tree's pages are drawn: by whoever owns the look.

The templates live above this part, so the web part registers its renderers here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from wagtail.models import Page

if TYPE_CHECKING:
    from wiredesk.stories.models import Story

Renderer = Callable[["Story", HttpRequest], HttpResponse]

# Gets a page of the kind it was registered for.
PageRenderer = Callable[[Any, HttpRequest], HttpResponse]

_renderers: list[Renderer] = []
_page_renderers: dict[type[Page], PageRenderer] = {}


def register_preview(renderer: Renderer) -> None:
    """Let ``renderer`` draw previews; there is one story page, so one renderer."""
    _renderers[:] = [renderer]


def draw_preview(story: Story, request: HttpRequest) -> HttpResponse:
    """Give the story's page as ``request`` would see it, were the story live."""
    if not _renderers:
        raise ImproperlyConfigured("No part has registered a renderer of story pages.")
    return _renderers[0](story, request)


def register_page(kind: type[Page], renderer: PageRenderer) -> None:
    """Let ``renderer`` draw pages of that kind, for readers and as a preview."""
    _page_renderers[kind] = renderer


def draw_page(page: Page, request: HttpRequest) -> HttpResponse:
    """Give a page of the tree as a reader sees it."""
    renderer = _page_renderers.get(type(page))
    if renderer is None:
        raise ImproperlyConfigured(f"Nobody draws pages of {type(page).__name__}.")
    return renderer(page, request)
