"""Uploaded files as the desk sees them; the public gets pictures by the gated address."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import cache_control
from django.views.static import serve


@permission_required("wagtailadmin.access_admin", login_url="wagtailadmin_login")
@cache_control(private=True, max_age=300)
def desk_media(request: HttpRequest, name: str) -> HttpResponseBase:
    """Give one file of the media folder to somebody who may enter the desk."""
    return serve(request, name, document_root=str(settings.MEDIA_ROOT))
