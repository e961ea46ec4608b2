"""What is remembered between drawings takes no more room than it may."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from wiredesk.delivery.store.asked import remembering
from wiredesk.delivery.store.known import Known


@pytest.fixture(autouse=True)
def drawing(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.WIREDESK_RUN = tmp_path
    with remembering():
        yield


def keep(known: Known[str, str], **facts: str) -> None:
    for key, value in facts.items():
        known.keep(key, value, of=[], until=None)


def test_what_would_be_too_much_makes_room_for_itself() -> None:
    known: Known[str, str] = Known(most=10, weigh=len)
    keep(known, ferry="sails", harbour="shut")
    assert known.find_all(["ferry", "harbour"]) == {"ferry": "sails", "harbour": "shut"}
    keep(known, bridge="open")
    assert known.find_all(["ferry", "harbour", "bridge"]) == {"bridge": "open"}
    keep(known, ferry="stays")
    assert known.find_all(["ferry", "bridge"]) == {"ferry": "stays", "bridge": "open"}


def test_what_is_told_anew_takes_its_own_place() -> None:
    known: Known[str, str] = Known(most=2)
    keep(known, ferry="sails", harbour="shut")
    for word in ("stays", "sinks", "sails"):
        keep(known, ferry=word)
    assert known.find_all(["ferry", "harbour"]) == {"ferry": "sails", "harbour": "shut"}
    heavy: Known[str, str] = Known(most=10, weigh=len)
    keep(heavy, ferry="sails", harbour="shut")
    keep(heavy, ferry="stays", harbour="open")
    assert heavy.find_all(["ferry", "harbour"]) == {"ferry": "stays", "harbour": "open"}


def test_what_is_too_much_alone_is_not_remembered() -> None:
    known: Known[str, str] = Known(most=10, weigh=len)
    keep(known, ferry="sails")
    keep(known, harbour="shut until Tuesday")
    assert known.find_all(["ferry", "harbour"]) == {"ferry": "sails"}
