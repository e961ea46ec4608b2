"""Where the sitemaps are."""

from __future__ import annotations

from wiredesk.delivery.sitemaps.contents import part_of

INDEX = "/sitemap.xml"
PAGES = "/sitemaps/pages.xml"
NEWS = "/sitemaps/news.xml"


def stories_path(part: int) -> str:
    """Give the path of the file of so many story numbers."""
    return f"/sitemaps/stories-{part}.xml"


def news_path(part: int) -> str:
    """Give the path of the file of the news among so many story numbers."""
    return f"/sitemaps/news-{part}.xml"


def paths_of(story_id: int) -> tuple[str, ...]:
    """Give the paths of all that changes with the story."""
    part = part_of(story_id)
    return INDEX, PAGES, NEWS, stories_path(part), news_path(part)
