"""The wire's public address; mounted at ``wire/``."""

from __future__ import annotations

from django.urls import path

from wiredesk.wire.views import push_view

urlpatterns = [
    path("<slug:slug>", push_view, name="wire_push"),
    # Senders can't be redirected: most would send the second time without the bytes.
    path("<slug:slug>/", push_view),
]
