"""Addresses of the public pages."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from wiredesk.delivery.purge.keys import STORY_ASKED
from wiredesk.web.views import (
    api,
    corrections,
    history,
    lists,
    pieces,
    search,
    story,
    styleguide,
    tree,
)

# The slash at the end may be missing: the view leads to the story's own address in one
# step.
STORY = rf"^{STORY_ASKED}/?$"
HISTORY = rf"^{STORY_ASKED}/history/?$"

urlpatterns: list[URLPattern] = [
    re_path(STORY, story.story, name="story"),
    re_path(HISTORY, history.story_history, name="story_history"),
    path("topics/<slug:slug>/", lists.topic, name="topic"),
    path("authors/<slug:slug>/", lists.author, name="author"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("api/stories/", api.stories, name="api_stories"),
    re_path(r"^api/stories/(?P<number>[0-9]{1,19})/$", api.story, name="api_story"),
    path("search/", search.search_page, name="search"),
    path("-/bar/", pieces.bar, name="bar_piece"),
    path("-/related/", pieces.related, name="newest_piece"),
    path("-/related/<slug:slug>/", pieces.related, name="related_piece"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    # The front and sections; whatever else the tree has is Wagtail's, which comes next.
    re_path(r"^((?:[\w-]+/)?)$", tree.serve),
]
