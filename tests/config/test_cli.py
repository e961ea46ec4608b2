from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import live
from tests.prepared import OURS

KEYS_OF_AN_ITEM = {"path", "guid", "version", "outcome", "reason", "url"}


def ninjs(**fields: Any) -> bytes:
    return json.dumps(
        {
            "uri": "tag:qpel.example,2026:gate",
            "type": "text",
            "version": "1",
            "pubstatus": "usable",
            "headline": "Harbour gate closes for repairs",
            "body_text": "The harbour gate closes on Monday.",
            **fields,
        }
    ).encode()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "gate.json"
    path.write_bytes(ninjs())
    return path


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a data folder that no site ever ran in: commands make what they need."""
    return tmp_path_factory.mktemp("cli")


def wiredesk(home: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(OURS)}
    return subprocess.run(
        [*live.command(), *map(str, words)],
        env={**kept, "WIREDESK_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_reading_touches_no_data_folder_and_no_django(
    file: Path, tmp_path: Path
) -> None:
    home = tmp_path / "untouched"
    done = wiredesk(home, "wire", "read", file)
    assert done.returncode == 0
    assert json.loads(done.stdout)["headline"] == "Harbour gate closes for repairs"
    assert not home.exists()


def test_reading_starts_without_what_only_the_site_needs(
    file: Path, home: Path
) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-X",
            "importtime",
            *live.command()[-1:],
            "wire",
            "read",
            file,
        ],
        env={**os.environ, "WIREDESK_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "wiredesk.wire.formats.detect" in loaded
    assert not loaded & {"django.conf", "django.db", "wagtail", "httpx", "uvicorn"}


def test_one_unreadable_file_is_one_line_and_the_others_are_read(
    file: Path, home: Path
) -> None:
    broken = file.with_name("broken.xml")
    broken.write_bytes(b"<newsItem")
    done = wiredesk(home, "wire", "read", broken, file.with_name("none"), file)
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    first, second = done.stderr.splitlines()
    assert first.startswith(f"{broken}: ")
    assert second == f"{file.with_name('none')}: No such file or directory"


def test_a_folder_means_the_files_in_and_below_it(file: Path, home: Path) -> None:
    below = file.parent / "below"
    below.mkdir()
    (below / "other.json").write_bytes(ninjs(uri="tag:qpel.example,2026:other"))
    (below / ".hidden.json").write_bytes(ninjs())
    done = wiredesk(home, "wire", "read", file.parent)
    paths = [json.loads(line)["path"] for line in done.stdout.splitlines()]
    assert paths == [str(below / "other.json"), str(file)]


def test_taking_tells_six_things_of_each_item(file: Path, home: Path) -> None:
    file.write_bytes(ninjs(uri="tag:qpel.example,2026:six"))
    told = json.loads(wiredesk(home, "wire", "take", "--json", file).stdout)
    assert set(told) == KEYS_OF_AN_ITEM
    assert told["path"] == str(file)
    assert told["outcome"] == "published"
    assert told["url"].endswith("/")
    again = json.loads(wiredesk(home, "wire", "take", "--json", file).stdout)
    assert again["outcome"] == "duplicate"


def test_what_is_set_aside_is_an_outcome_with_its_reason(
    file: Path, home: Path
) -> None:
    file.write_bytes(b"\x00\x01 nothing anybody sends")
    done = wiredesk(home, "wire", "take", "--json", file)
    told = json.loads(done.stdout)
    assert (done.returncode, told["outcome"], told["guid"]) == (0, "set-aside", None)
    assert told["reason"]


def test_status_follows_the_story_through_a_kill(file: Path, home: Path) -> None:
    guid = "tag:qpel.example,2026:killed"
    file.write_bytes(ninjs(uri=guid))
    wiredesk(home, "wire", "take", file)
    live_one = json.loads(wiredesk(home, "wire", "status", "--json", guid).stdout)
    file.write_bytes(ninjs(uri=guid, version="2", pubstatus="canceled"))
    wiredesk(home, "wire", "take", file)
    killed = json.loads(wiredesk(home, "wire", "status", "--json", guid).stdout)
    assert (live_one["standing"], killed["standing"]) == ("live", "withdrawn")
    assert len(killed["messages"]) == 2


def test_a_guid_never_heard_of_is_exit_status_one(home: Path) -> None:
    done = wiredesk(home, "wire", "status", "tag:nobody.example,2026:none")
    assert done.returncode == 1
    assert done.stderr == "tag:nobody.example,2026:none: never heard of\n"


def test_the_ledger_adds_up_whatever_was_taken(file: Path, home: Path) -> None:
    wiredesk(home, "wire", "take", file)
    done = wiredesk(home, "wire", "ledger", "--json")
    sums = json.loads(done.stdout)
    assert done.returncode == 0
    assert sums["delivered"] == sum(sums["outcomes"].values()) > 0


def test_a_feed_there_is_not_is_named_with_those_there_are(
    file: Path, home: Path
) -> None:
    wiredesk(home, "wire", "take", file)
    for words in (("take", "--feed", "nobody", file), ("token", "nobody")):
        done = wiredesk(home, "wire", *words)
        assert done.returncode == 1
        assert "There is no feed nobody; there are: direct" in done.stderr


def test_a_token_is_printed_once_and_never_the_same(home: Path, file: Path) -> None:
    wiredesk(home, "wire", "take", file)
    first = wiredesk(home, "wire", "token", "direct").stdout.strip()
    second = wiredesk(home, "wire", "token", "direct").stdout.strip()
    assert len(first) >= 40
    assert first != second


def test_a_setting_that_cannot_be_used_is_one_line(home: Path) -> None:
    done = subprocess.run(
        [*live.command(), "check"],
        env={**os.environ, "WIREDESK_HOME": str(home), "WIREDESK_WORKERS": "many"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == (
        "Error: WIREDESK_WORKERS='many' can't be used: say a whole number.\n"
    )


def test_the_logbook_is_whole_after_all_this(home: Path) -> None:
    done = wiredesk(home, "logbook", "verify")
    assert done.returncode == 0
    assert done.stdout.rstrip().endswith("faults 0")
