"""The order of the parts, held where import-linter can't see it."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.template.loader import get_template

from tests.requires import PARTS

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "wiredesk"
LONGEST = 500  # lines


def layers() -> dict[str, int]:
    """Give each part's height, read from the contract import-linter holds."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = settings["tool"]["importlinter"]["contracts"][0]
    return {
        part.strip(" ()"): -height
        for height, layer in enumerate(contract["layers"])
        for part in layer.split("|")
    }


def part_of(model: type[models.Model]) -> str | None:
    """Give the part a model belongs to; None for a library's."""
    words = model.__module__.split(".")
    return words[1] if words[0] == "wiredesk" else None


def relations() -> Iterator[tuple[str, str, str]]:
    for model in apps.get_models(include_auto_created=True):
        part = part_of(model)
        for field in model._meta.get_fields():
            target = field.related_model if field.is_relation else None
            declared = not (field.auto_created and not field.concrete)
            if part and declared and isinstance(target, type):
                other = part_of(target)
                if other:
                    yield part, other, f"{model.__name__}.{field.name}"


def test_a_model_never_points_to_a_part_above_its_own() -> None:
    height = layers()
    found = list(relations())
    assert len(found) > 20
    assert [
        f"{name}: {part} points up to {other}"
        for part, other, name in found
        if part != other and height[other] >= height[part]
    ] == []


def templates() -> list[Path]:
    return sorted(SOURCE.rglob("templates/**/*.html"))


NAMED = re.compile(r"{%\s*(?:include|extends)\s+\"([^\"]+)\"")


@pytest.mark.parametrize(
    "path", templates(), ids=lambda path: str(path.relative_to(SOURCE))
)
def test_a_template_uses_nothing_of_a_part_above_its_own(path: Path) -> None:
    height = layers()
    part = path.relative_to(SOURCE).parts[0]
    for name in NAMED.findall(path.read_text(encoding="utf-8")):
        folder = name.split("/")[0]
        # "web" owns the look, so a page's frame is the one thing taken from above.
        if folder in height and name != "web/base.html":
            assert height[folder] <= height[part], f"{path.name} includes {name}"
        get_template(name)


@pytest.mark.parametrize(
    "folder", ["src", "tests", "bench"], ids=lambda folder: f"in {folder}"
)
def test_no_source_file_is_longer_than_somebody_can_read(folder: str) -> None:
    long = {
        str(path.relative_to(ROOT)): length
        for pattern in ("*.py", "*.html", "*.css", "*.js")
        for path in (ROOT / folder).rglob(pattern)
        # Migrations are written by Django and read by nobody.
        if path.parent.name != "migrations"
        and (length := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_imports_go_downwards_only() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_part_says_what_it_answers_for() -> None:
    for folder in SOURCE.iterdir():
        if (folder / "__init__.py").is_file():
            text = (folder / "__init__.py").read_text(encoding="utf-8")
            assert text.startswith('"""'), folder.name


def test_the_build_machine_gets_every_part_that_tests_may_need() -> None:
    installed = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for part in PARTS.values():
        named = re.search(r"apt-get install ([\w-]+)", part.get)
        assert named, part.name
        assert re.search(rf"\b{named[1]}\b", installed), part.name
