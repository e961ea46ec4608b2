"""What a search found, drawn without a template, which takes 40 µs for one of twenty."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString

from wiredesk.web.moments import moment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wiredesk.delivery.search import SearchHit


def draw_hits(hits: Iterable[SearchHit], language: str) -> SafeString:
    """Give the hits in order as items of a list; ``language`` is the page's own."""
    return SafeString("".join(_hit(hit, language) for hit in hits))


def _hit(hit: SearchHit, language: str) -> str:
    """Give one as HTML: its headline and words are it already, all else is escaped here."""
    story = hit.story
    headline: SafeString = hit.headline
    words: SafeString = hit.snippet
    said: SafeString = moment(story.published_at, "short")
    spoken = agency = ""
    if story.language and story.language != language:
        spoken = f' lang="{escape(story.language)}" dir="auto"'
    if story.source_name:
        agency = f' <span class="card-agency">{escape(story.source_name)}</span>'
    return f"""
      <li>
        <article class="card card-hit">
          <div class="card-words">
            <h2 class="card-title">
              <a href="{escape(story.path)}"{spoken}>{headline}</a>
            </h2>
            <p class="card-summary"{spoken}>{words}</p>
            <p class="card-meta">{said}{agency}</p>
          </div>
        </article>
      </li>"""
