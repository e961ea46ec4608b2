"""Which of an install's sites a request is for, and what is set for that station."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.http.request import split_domain_port
from wagtail.models import Site

from wiredesk.lib.prepared import PreparedObjects
from wiredesk.stories.models import StationSettings

# Both are asked for every page that isn't stored, so built once.
_sites = PreparedObjects(
    lambda hosts: (
        Site.objects.filter(Q(hostname__in=hosts) | Q(is_default_site=True))
        .select_related("root_page")
        .order_by("pk")
    )
)
_stations = PreparedObjects(
    lambda sites: StationSettings.objects.select_related("logo").filter(site__in=sites)
)


def site_of(request: HttpRequest) -> Site:
    """Give the site that answers to the request's host; ``Http404`` for none.

    As Wagtail's ``Site.find_for_request``, which builds its question anew each time; it
    finds here what was found. One query, then none for the same request.
    """
    known: Site | None = getattr(request, "_wagtail_site", None)
    if known is None:
        host = split_domain_port(request.get_host())[0]
        known = choose(_sites([host]), host, int(request.get_port()))
        request._wagtail_site = known  # type: ignore[attr-defined]
    if known is None:
        raise Http404
    return known


def station_of(site: Site) -> StationSettings:
    """Give the settings of a site's station, its logo with them; one query.

    Not ``for_site``, which writes the row where there is none.
    """
    return next(iter(_stations([site.pk])), StationSettings(site=site))


def choose(sites: Sequence[Site], host: str, port: int) -> Site | None:
    """Give the site for a host and port among those of that host and the default one.

    The port decides between sites of one host; without it the default site does.
    """
    of_host = [site for site in sites if site.hostname == host]
    exact = [site for site in of_host if site.port == port]
    default = [site for site in sites if site.is_default_site]
    if exact:
        return exact[0]
    if any(site.is_default_site for site in of_host):
        return default[0]
    if default:
        return of_host[0] if len(of_host) == 1 else default[0]
    return of_host[0] if len(of_host) == 1 else None
