"""A request is for the site that Wagtail would find for it."""

from __future__ import annotations

import itertools

import pytest
from django.http import Http404, HttpRequest
from django.test import RequestFactory
from wagtail.models import Page, Site

from wiredesk.delivery.sites import site_of

pytestmark = pytest.mark.django_db

NEWS, SPORT, OTHER = "news.example", "sport.example", "other.example"
ASKED = list(itertools.product((NEWS, SPORT, OTHER), (80, 8080, 9090)))
# The sites an install has: host, port, whether it is the default one.
INSTALLS = [
    [],
    [(NEWS, 80, False)],
    [(NEWS, 80, True)],
    [(NEWS, 80, False), (NEWS, 8080, False)],
    [(NEWS, 80, True), (NEWS, 8080, False)],
    [(NEWS, 80, True), (SPORT, 80, False)],
    [(NEWS, 80, True), (SPORT, 80, False), (SPORT, 8080, False)],
    [(NEWS, 80, False), (SPORT, 8080, False)],
]


def request(host: str, port: int) -> HttpRequest:
    # As a server tells it: the port is its own, and not in the request's head.
    return RequestFactory(SERVER_PORT=str(port)).get("/", headers={"host": host})


def install(sites: list[tuple[str, int, bool]]) -> None:
    Site.objects.all().delete()
    root = Page.get_first_root_node()
    for host, port, is_default in sites:
        Site.objects.create(
            hostname=host, port=port, is_default_site=is_default, root_page=root
        )


@pytest.mark.parametrize("sites", INSTALLS)
def test_the_site_is_the_one_that_wagtail_finds(
    sites: list[tuple[str, int, bool]], settings: object
) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # type: ignore[attr-defined]
    install(sites)
    for host, port in ASKED:
        expected = Site.find_for_request(request(host, port))
        if expected is None:
            with pytest.raises(Http404):
                site_of(request(host, port))
        else:
            found = site_of(request(host, port))
            assert (found.pk, found.root_url) == (expected.pk, expected.root_url)


def test_a_request_asks_once_and_wagtail_not_again(
    settings: object, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # type: ignore[attr-defined]
    install([(NEWS, 80, True)])
    asked = request(NEWS, 80)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert site_of(asked).root_page.pk
        assert site_of(asked) == Site.find_for_request(asked)
