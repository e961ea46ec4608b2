"""The reference of the wire item and the item itself agree, both ways."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from wiredesk.wire.items import (
    Dropped,
    Kind,
    Link,
    Note,
    Picture,
    Rendition,
    Status,
    Subject,
    WireItem,
)

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "wire-item.md"
ADDED_BY_THE_COMMAND = ["path"]


def documented(heading: str) -> list[str]:
    """Give the keys in the first table below a heading, in order."""
    text = REFERENCE.read_text()
    section = text.split(f"\n{heading}\n", 1)[1]
    rows = re.split(r"\n#{2,3} ", section)[0]
    return re.findall(r"^\| `([a-z_]+)` \|", rows, re.MULTILINE)


def printed() -> dict[str, Any]:
    return WireItem(
        format="nitf",
        kind=Kind.STORY,
        guid="x",
        status=Status.USABLE,
        publishable=True,
        subjects=(Subject("1", None, None),),
        editor_notes=(Note("x"),),
        links=(Link("x", "y"),),
        pictures=(Picture("x", renditions=(Rendition("x"),)),),
        dropped=(Dropped("x", "y"),),
    ).as_json()


def test_every_key_is_documented_and_every_documented_key_is_there() -> None:
    assert sorted(documented("## Keys")) == sorted([*ADDED_BY_THE_COMMAND, *printed()])


@pytest.mark.parametrize(
    "name", ["subjects", "editor_notes", "links", "pictures", "dropped"]
)
def test_the_objects_in_lists_have_the_documented_keys(name: str) -> None:
    assert documented(f"### {name}") == list(printed()[name][0])


def test_renditions_have_the_documented_keys() -> None:
    (picture,) = printed()["pictures"]
    assert documented("### renditions") == list(picture["renditions"][0])


def test_every_status_is_documented() -> None:
    text = REFERENCE.read_text()
    assert all(f"`{status}`" in text for status in Status)
