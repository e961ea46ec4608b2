"""What every test may use; ``tests/README.md`` shows how."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection
from django.db.backends.signals import connection_created
from pytest_django import DjangoDbBlocker

from tests import live, prepared, requires
from tests.browsing import Axe, Chromium
from tests.live import LiveSite
from tests.postgres import TEMPLATE, new_database, server

# What a test that commits must leave in the tables.
FIRST = pytest.StashKey[tuple[DjangoDbBlocker, str]]()
SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """Have each worker's tables copied, not made anew by all migrations."""
    connection_created.connect(prepared.fill)
    connection.settings_dict["TEST"]["TEMPLATE"] = os.environ.get(TEMPLATE)


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Have what threads of page stores left open closed, or PostgreSQL keeps the tables."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="session")
def _first_rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> str:
    with django_db_blocker.unblock():
        return connection.creation.serialize_db_to_string()


@pytest.fixture(autouse=True)
def _will_be_emptied(request: pytest.FixtureRequest) -> None:
    """Note for a test that commits what its tables had: Django empties them after it."""
    if _commits(request.node):
        blocker = request.getfixturevalue("django_db_blocker")
        request.node.stash[FIRST] = (blocker, request.getfixturevalue("_first_rows"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Iterator[None]:
    """Give the tables back what the migrations put there, for whichever test is next.

    After the last one there are none: the session's end took the tests' database away,
    and the connection points to the one that the settings name.
    """
    yield
    if nextitem is not None and FIRST in item.stash:
        blocker, rows = item.stash[FIRST]
        with blocker.unblock():
            call_command(
                "flush", interactive=False, verbosity=0, inhibit_post_migrate=True
            )
            connection.creation.deserialize_db_from_string(rows)
            # Django's own emptying made them anew, under other numbers, and remembers.
            ContentType.objects.clear_cache()
            # Rows with numbers of their own don't move PostgreSQL's counters.
            models = apps.get_models(include_auto_created=True)
            with connection.cursor() as cursor:
                for sql in connection.ops.sequence_reset_sql(no_style(), models):
                    cursor.execute(sql)


def _commits(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    fixtures = set(getattr(item, "fixturenames", ()))
    return "transactional_db" in fixtures or bool(
        mark and mark.kwargs.get("transaction")
    )


@pytest.fixture
def own_clock(settings: Any, tmp_path: Path) -> Path:
    """Give the folder of a clock of changes that no thread of another test has open."""
    settings.WIREDESK_RUN = tmp_path
    return tmp_path


@pytest.fixture(scope="session")
def wire_samples() -> Path:
    """Give the folder of real wire files; skip by name where it isn't there."""
    folder = SHARED / "wire-samples"
    if not folder.is_dir():
        pytest.skip(f"needs real wire files in {folder.name}, beside the repository")
    return folder


@pytest.fixture(scope="session")
def media_topics() -> Path:
    """Give the folder of IPTC's vocabularies; skip by name where it isn't there."""
    folder = SHARED / "media-topics"
    if not folder.is_dir():
        pytest.skip(f"needs IPTC vocabularies in {folder.name}, beside the repository")
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Chromium]:
    """Give a real Chromium, shared by the session; each page is a fresh context."""
    program = requires.need("chromium")
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, which Django takes for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=str(program),
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        yield Chromium(chromium)
        chromium.close()


@pytest.fixture(scope="session")
def axe(browser: Chromium) -> Axe:
    """Give the accessibility checker on the session's browser."""
    return Axe(browser)


@pytest.fixture(scope="module")
def live_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """Give a real running site, ``wiredesk up``, empty at first, for the module."""
    site = live.start(tmp_path_factory.mktemp("live-site"))
    yield site
    site.stop()


@pytest.fixture(scope="module")
def demo_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """Give a real running demo with all its early copy taken, for the module."""
    site = live.start(tmp_path_factory.mktemp("demo-site"), verb="demo")
    yield site
    site.stop()


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    """Give the address of a real PostgreSQL server for the session."""
    with server(requires.need("postgres")) as address:
        yield address


@pytest.fixture
def postgres(postgres_address: str) -> str:
    """Give the ``DATABASE_URL`` of an empty database on that server."""
    return new_database(requires.need("postgres"), postgres_address)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark what starts whole sites, to begin with it, and what needs the database.

    Around all other hooks: what was chosen by a mark needs it, and the order is the last
    word.
    """
    for item in items:
        used = set(getattr(item, "fixturenames", ()))
        if used & {"live_site", "demo_site"} or "config" in item.path.parts:
            item.add_marker("processes")
        if used & {"db", "transactional_db"} or item.get_closest_marker("django_db"):
            item.add_marker("database")
    yield
    # A long file that began last would leave the other cores idle.
    items.sort(key=lambda item: item.get_closest_marker("processes") is None)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Close by saying how to get each part that was missing."""
    if requires.missing:
        terminalreporter.section("missing parts")
        for name in sorted(requires.missing):
            part = requires.PARTS[name]
            terminalreporter.line(f"{part.name}: {part.get}")
