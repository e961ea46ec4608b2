"""The application as WSGI servers know it."""

from __future__ import annotations

from django.core.handlers.wsgi import WSGIHandler

from wiredesk.config.boot import set_up

set_up()
application = WSGIHandler()
