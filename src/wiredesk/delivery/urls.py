"""Delivery's own addresses, from the root of a site."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from wiredesk.delivery.feeds import views as feeds
from wiredesk.delivery.pictures.views import picture
from wiredesk.delivery.purge.views import indexnow_key
from wiredesk.delivery.robots import robots, security
from wiredesk.delivery.sitemaps import views as sitemaps

_KIND = r"feed\.(?P<kind>rss|atom|json)$"
_PART = r"(?P<part>0|[1-9][0-9]{0,11})"
_SLUG = r"(?P<slug>[-a-zA-Z0-9_]+)"

urlpatterns: list[URLPattern] = [
    re_path(r"^(?P<key>[A-Za-z0-9-]{8,128})\.txt$", indexnow_key, name="indexnow_key"),
    path("pictures/<int:picture_id>/<int:width>.<slug:kind>", picture, name="picture"),
    path(
        "pictures/<int:picture_id>/<slug:shape>/<int:width>.<slug:kind>",
        picture,
        name="picture_cut",
    ),
    path("robots.txt", robots, name="robots"),
    path(".well-known/security.txt", security, name="security"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemaps/pages.xml", sitemaps.pages, name="sitemap_pages"),
    path("sitemaps/news.xml", sitemaps.news, name="sitemap_news"),
    re_path(
        rf"^sitemaps/stories-{_PART}\.xml$", sitemaps.stories, name="sitemap_stories"
    ),
    re_path(
        rf"^sitemaps/news-{_PART}\.xml$", sitemaps.news_part, name="sitemap_news_part"
    ),
    re_path(rf"^{_KIND}", feeds.site_feed, name="site_feed"),
    re_path(rf"^corrections/{_KIND}", feeds.corrections_feed, name="corrections_feed"),
    re_path(rf"^topics/{_SLUG}/{_KIND}", feeds.topic_feed, name="topic_feed"),
    re_path(rf"^authors/{_SLUG}/{_KIND}", feeds.author_feed, name="author_feed"),
    re_path(rf"^{_SLUG}/{_KIND}", feeds.section_feed, name="section_feed"),
]
