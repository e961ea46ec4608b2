"""A start loads what it needs: commands nothing of the desk, a site the desk at once."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterable
from types import FunctionType
from typing import Any, cast

import pytest
from django.apps import AppConfig
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from wagtail.documents.apps import WagtailDocsAppConfig
from wagtail.images.apps import WagtailImagesAppConfig
from wagtail.snippets.apps import WagtailSnippetsAppConfig

from wiredesk.config import wagtail_apps
from wiredesk.config.server.loading import LoadingHandler

# What is loaded for the desk's screens alone.
OF_THE_DESK = ("wagtail.admin.urls", "rest_framework", "ninja", "django_filters")
LOADED = """
import sys
from wiredesk.config.boot import set_up
set_up()
print(*(name for name in {names} if name in sys.modules))
"""

# What Wagtail keeps an index of, before and after everything is loaded.
REFERENCES = """
from wiredesk.config.boot import set_up
set_up()
from django.urls import reverse
from wagtail.models import ReferenceIndex
before = set(ReferenceIndex.indexed_models), set(ReferenceIndex.tracked_models)
reverse("healthz")
after = set(ReferenceIndex.indexed_models), set(ReferenceIndex.tracked_models)
print(before == after, len(before[0]) > 8)
"""


def calls(config: type[AppConfig]) -> set[str]:
    """Give the names of all functions that an app's start calls."""
    source = textwrap.dedent(inspect.getsource(cast("FunctionType", config.ready)))
    return {
        ast.unparse(node.func).rpartition(".")[2]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
    }


@pytest.mark.parametrize(
    ("ours", "wagtails"),
    [
        (wagtail_apps.Documents, WagtailDocsAppConfig),
        (wagtail_apps.Images, WagtailImagesAppConfig),
        (wagtail_apps.Snippets, WagtailSnippetsAppConfig),
    ],
)
def test_an_app_of_wagtails_is_started_but_for_its_json_interface(
    ours: type[AppConfig], wagtails: type[AppConfig]
) -> None:
    assert calls(wagtails) - calls(ours) == {"register_content_types", "add_router"}
    assert calls(ours) <= calls(wagtails)


def test_a_command_loads_none_of_the_desks_screens() -> None:
    code = LOADED.format(names=OF_THE_DESK)
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == []


def ask(handler: LoadingHandler, path: str) -> Iterable[bytes]:
    environment: dict[str, Any] = RequestFactory().get(path).environ
    return handler(environment, lambda *_: None)


def test_who_asks_while_the_desk_is_being_loaded_waits_and_is_answered() -> None:
    handler = LoadingHandler()
    answers: list[Iterable[bytes]] = []
    asking = threading.Thread(target=lambda: answers.append(ask(handler, "/healthz")))
    asking.start()
    asking.join(0.2)
    assert not answers, "answered before anything was loaded"
    handler.load()
    asking.join(30)
    (answer,) = answers
    assert isinstance(answer, HttpResponse)
    assert answer.status_code == 200


@pytest.mark.django_db
@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnhandledThreadExceptionWarning"  # what was raised is told
)
def test_who_asks_where_loading_failed_is_told_so_and_not_kept_waiting() -> None:
    handler = LoadingHandler()
    with override_settings(ROOT_URLCONF="wiredesk.config.no_such_addresses"):
        handler.load()
        with pytest.raises(ModuleNotFoundError, match="no_such_addresses"):
            ask(handler, "/healthz")
    assert isinstance(ask(handler, "/healthz"), HttpResponse)


def test_references_are_kept_in_processes_that_never_load_the_desk() -> None:
    said = subprocess.run(
        [sys.executable, "-c", REFERENCES], capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == ["True", "True"]
