"""Places on a page that a part may fill: a part offers a fragment, a template draws it.

The template names the place and nothing else; whoever has something for it registers
when the apps are ready. A place nobody fills leaves no trace on the page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

# Gets the page's context, gives HTML made by a template or format_html ("" for nothing).
# It must draw the same for every reader: the page is stored whole.
Draw: TypeAlias = Callable[[Mapping[str, Any]], SafeString]


@dataclass(frozen=True, slots=True)
class Fragment:
    """One part's contribution to a place. Lower ``order`` comes first."""

    name: str
    order: int
    draw: Draw


_filled: dict[str, dict[str, Fragment]] = {}


def register(place: str, name: str, draw: Draw, *, order: int = 100) -> None:
    """Let ``draw`` fill ``place``. ``name`` says whose it is; again replaces it."""
    _filled.setdefault(place, {})[name] = Fragment(name, order, draw)


def unregister(place: str, name: str) -> None:
    """Take a fragment back, e.g. after a test; unknown ones are no error."""
    _filled.get(place, {}).pop(name, None)


def names() -> frozenset[str]:
    """Give the places that somebody fills."""
    return frozenset(place for place, fragments in _filled.items() if fragments)


def draw(place: str, context: Mapping[str, Any]) -> SafeString:
    """Give what all parts have for ``place``, in order; "" where there is nothing.

    A fragment that isn't marked safe is escaped, never trusted.
    """
    fragments = sorted(
        _filled.get(place, {}).values(), key=lambda each: (each.order, each.name)
    )
    return format_html_join("", "{}", ((each.draw(context),) for each in fragments))
