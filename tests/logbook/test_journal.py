"""What was written to the journal is there, in its order, whole, or said not to be."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from wiredesk.logbook import journal
from wiredesk.logbook.actions.apply_journal import (
    Done,
    apply_journal,
    last_read,
    register_applier,
)
from wiredesk.logbook.actions.keep_in_journal import (
    keep_in_journal,
    make_up_for_missed,
)
from wiredesk.logbook.journal import (
    JournalBrokenError,
    JournalError,
    JournalGapError,
    Line,
    Note,
    Position,
)
from wiredesk.logbook.models import Alarm


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.WIREDESK_JOURNAL = tmp_path / "journal"
    return tmp_path / "journal"


def write(*numbers: int) -> Position:
    return journal.append([Note("count", {"number": number}) for number in numbers])


def numbers(after: Position | None = None) -> list[int]:
    return [line.facts["number"] for line in journal.read(after)]


def the_file(folder: Path) -> Path:
    (path,) = folder.glob("*.jsonl")
    return path


def test_what_was_written_is_read_in_its_order_and_the_chain_holds(
    folder: Path,
) -> None:
    write(1, 2)
    write(3)
    verdict = journal.verify()
    assert numbers() == [1, 2, 3]
    assert (verdict.lines, verdict.faults, verdict.end.sequence) == (3, [], 3)


def test_reading_goes_on_from_a_line_it_knows(folder: Path) -> None:
    place = write(1, 2)
    write(3, 4)
    assert numbers(place) == [3, 4]
    assert numbers(journal.end()) == []


def test_a_place_of_another_journal_is_not_in_this_one(folder: Path) -> None:
    place = write(1, 2)
    with pytest.raises(JournalGapError):
        numbers(Position(place.sequence, "0" * 64))
    with pytest.raises(JournalGapError):
        numbers(Position(9, place.digest))
    assert journal.holds(place)


def test_an_unfinished_last_line_is_left_out_said_and_written_over(
    folder: Path,
) -> None:
    write(1)
    with the_file(folder).open("ab") as stream:
        stream.write(b'{"at":"2026-03-02T10:00:00+00:00","fac')
    verdict = journal.verify()
    assert (numbers(), verdict.holds, verdict.torn) == ([1], True, 38)
    write(2)
    verdict = journal.verify()
    assert (numbers(), verdict.holds, verdict.torn) == ([1, 2], True, 0)


def test_an_unfinished_line_in_the_middle_is_a_fault(folder: Path) -> None:
    write(1, 2, 3)
    path = the_file(folder)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1][:40] + b"\n" + lines[2])
    assert not journal.verify().holds
    with pytest.raises(JournalBrokenError):
        numbers()


def test_an_altered_line_is_found(folder: Path) -> None:
    write(1, 2, 3)
    path = the_file(folder)
    path.write_bytes(path.read_bytes().replace(b'"number":2', b'"number":7'))
    (fault,) = journal.verify().faults
    assert "line 3 doesn't follow from line 2" in fault


@pytest.mark.parametrize("gone", [0, 1])
def test_a_line_taken_out_is_found(folder: Path, gone: int) -> None:
    write(1, 2, 3)
    path = the_file(folder)
    lines = path.read_bytes().splitlines(keepends=True)
    del lines[gone]
    path.write_bytes(b"".join(lines))
    assert not journal.verify().holds


def test_a_new_file_begins_when_one_is_full_and_a_missing_one_is_found(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "FULL", 400)
    for number in range(1, 10):
        write(number)
    files = sorted(folder.glob("*.jsonl"))
    assert len(files) > 2
    assert numbers() == list(range(1, 10))
    assert numbers(journal.end()) == []
    files[1].unlink()
    assert not journal.verify().holds


def test_a_new_file_begins_with_a_new_day(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(1)
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    write(2)
    assert len(list(folder.glob("*.jsonl"))) == 2
    assert numbers() == [1, 2]


def test_many_writers_keep_one_chain(folder: Path) -> None:
    code = (
        "import sys, django; django.setup()\n"
        "from pathlib import Path\n"
        "from wiredesk.logbook.journal import Note, append\n"
        "for n in range(20): append([Note('count', {'number': n})], Path(sys.argv[1]))"
    )
    others = [
        subprocess.Popen([sys.executable, "-c", code, str(folder)]) for _ in range(2)
    ]
    threads = [
        threading.Thread(target=lambda: [write(n) for n in range(20)]) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [other.wait(60) for other in others] == [0, 0]
    verdict = journal.verify()
    assert (verdict.lines, verdict.faults) == (100, [])


def test_a_killed_writer_leaves_a_journal_that_goes_on(folder: Path) -> None:
    code = (
        "import sys, django; django.setup()\n"
        "from pathlib import Path\n"
        "from wiredesk.logbook.journal import Note, append\n"
        "for n in range(10**6):\n"
        "    append([Note('count', {'number': n, 'more': 'x' * 9000})] * 3,"
        " Path(sys.argv[1]))\n"
        "    print(n, flush=True)"
    )
    for _round in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", code, str(folder)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        for _line in range(5):
            acknowledged = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        kept = [line.facts["number"] for line in journal.read()]
        assert acknowledged in kept[-30:]
    write(1)
    assert journal.verify().holds


def test_a_full_disk_leaves_no_half_line(folder: Path) -> None:
    write(1)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = the_file(folder).stat().st_size
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 50, before[1]))
    try:
        with pytest.raises(JournalError):
            write(2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, old)
    assert the_file(folder).stat().st_size == size
    write(3)
    assert numbers() == [1, 3]


@pytest.mark.django_db
def test_what_the_journal_missed_is_alarmed_and_written_when_it_works_again(
    folder: Path,
) -> None:
    folder.write_text("in the way", encoding="utf-8")  # so no folder can be made
    assert keep_in_journal(notes=[Note("count", {"number": 1})]) is False
    assert Alarm.objects.get(key="journal", cleared_at=None).text
    with pytest.raises(JournalError):
        make_up_for_missed()
    folder.unlink()
    assert keep_in_journal(notes=[Note("count", {"number": 2})]) is True
    assert make_up_for_missed() == 1
    assert numbers() == [2, 1]
    assert make_up_for_missed() == 0
    assert not Alarm.objects.filter(cleared_at=None).exists()


@pytest.mark.django_db
def test_a_database_remembers_how_far_it_was_brought(folder: Path) -> None:
    seen: list[int] = []

    def see(lines: list[Line], *, restoring: bool) -> Done:
        seen.extend(line.facts["number"] for line in lines)
        return Done(changed=len(lines))

    register_applier(["count"], see)
    write(1, 2)
    journal.append([Note("nobody's")])
    write(3)
    assert apply_journal(after=last_read(), restoring=False).changed == 3
    write(4)
    assert apply_journal(after=last_read(), restoring=False).lines == 1
    assert seen == [1, 2, 3, 4]


def test_a_line_is_plain_json_with_the_digest_of_the_one_before(folder: Path) -> None:
    first = write(1)
    write(2)
    lines = the_file(folder).read_text("ascii").splitlines()
    assert [json.loads(line)["previous"] for line in lines] == ["", first.digest]
