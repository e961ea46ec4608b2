"""Addresses, put together."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from wiredesk.config import health
from wiredesk.config.media import desk_media

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("desk/media/<path:name>", desk_media, name="desk_media"),
    path("desk/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("wire/", include("wiredesk.wire.urls")),
    path("", include("wiredesk.delivery.urls")),
    path("", include("wiredesk.web.urls")),
    path("", include(wagtail_urls)),
]

handler403 = "wiredesk.web.views.errors.refused"
handler404 = "wiredesk.web.views.errors.not_found"
handler500 = "wiredesk.web.views.errors.server_error"
