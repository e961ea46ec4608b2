"""The texts of the station's standing pages: about, guidelines, corrections, contact."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files

from wiredesk.demo.markup import parse, xhtml


@dataclass(frozen=True, slots=True)
class PageSeed:
    """One standing page; ``body_html`` is well-formed, with h2, p, ul and ol."""

    slug: str
    title: str
    summary: str
    body_html: str


def standing_pages() -> list[PageSeed]:
    """Give the standing pages in the order of the footer."""
    found: list[tuple[int, PageSeed]] = []
    for entry in files("wiredesk.demo").joinpath("pages").iterdir():
        if not entry.name.endswith(".md"):
            continue
        _, front, body = entry.read_text("utf-8").split("+++\n", 2)
        fields = tomllib.loads(front)
        page = PageSeed(
            slug=entry.name.removesuffix(".md"),
            title=fields["title"],
            summary=fields["summary"],
            body_html=xhtml(parse(body)),
        )
        found.append((fields["order"], page))
    return [page for _, page in sorted(found, key=lambda pair: pair[0])]
