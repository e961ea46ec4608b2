"""A backup brings the newsroom back, and shows nothing that was killed since."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import live, prepared, requires
from tests.config.newsroom import GUID, Newsroom, order

pytestmark = [pytest.mark.processes, pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a data folder with its tables made, to be copied."""
    home = tmp_path_factory.mktemp("made") / "home"
    room = Newsroom(home)
    prepared.furnish(home, room.environment)
    room.run("wire", "ledger")
    room.close()
    return home


@pytest.fixture
def room(made: Path, tmp_path: Path) -> Iterator[Newsroom]:
    shutil.copytree(made, tmp_path / "home")
    room = Newsroom(tmp_path / "home", WIREDESK_JOURNAL=str(tmp_path / "journal"))
    yield room
    room.close()


def lose(room: Newsroom) -> None:
    """Lose the disk with the data folder; the journal lies on another."""
    shutil.rmtree(room.home)


def test_a_kill_after_the_backup_is_applied_by_the_restore(
    room: Newsroom, tmp_path: Path
) -> None:
    room.take(1, 2)
    room.backup(tmp_path / "backups")
    room.take(1, version=2, status="canceled")
    lose(room)
    restored = room.restore(tmp_path / "backups")
    assert (restored["applied"], restored["not_applied"], restored["held"]) == (1, 0, 0)
    assert [room.standing(1), room.standing(2)] == ["withdrawn", "live"]
    assert "It adds up." in room.run("wire", "ledger").stdout
    assert room.take(1, version=1, headline="Late")["outcome"] != "published"
    assert room.standing(1) == "withdrawn"


def test_a_story_killed_after_the_backup_is_410_to_the_first_reader(
    room: Newsroom, tmp_path: Path
) -> None:
    path = room.take(1)["url"].partition("//")[2].partition("/")[2]
    room.backup(tmp_path / "backups")
    room.take(1, version=2, status="canceled")
    lose(room)
    room.restore(tmp_path / "backups")
    site = live.start(room.home, settings=room.settings)
    try:
        assert site.get(f"/{path}").status_code == 410
        assert "Ferry" not in site.get("/").text
    finally:
        site.stop()


def test_what_the_desk_ordered_since_is_ordered_again(
    room: Newsroom, tmp_path: Path
) -> None:
    room.take(1, 2, 3)
    order(room, 3, "hold")
    room.backup(tmp_path / "backups")
    order(room, 1, "withdraw")
    order(room, 2, "hold")
    order(room, 3, "publish")
    lose(room)
    assert room.restore(tmp_path / "backups")["applied"] == 3
    found = [room.standing(number) for number in (1, 2, 3)]
    assert found == ["withdrawn", "held", "live"]
    again = room.restore(tmp_path / "backups", "--replace")
    assert again["applied"] == 3
    assert [room.standing(number) for number in (1, 2, 3)] == found


def test_a_story_that_came_and_went_since_the_backup_stays_away_when_it_comes_again(
    room: Newsroom, tmp_path: Path
) -> None:
    room.take(1)
    room.backup(tmp_path / "backups")
    room.take(2, 3, 4)
    room.take(2, version=2, status="canceled")
    room.take(3, version=2, status="withheld")
    order(room, 4, "withdraw")
    lose(room)
    room.restore(tmp_path / "backups")
    room.take(2, 3, 4)
    found = [room.standing(number) for number in (1, 2, 3, 4)]
    assert found == ["live", "withdrawn", "held", "withdrawn"]


def test_leave_to_publish_what_is_lost_is_said_and_not_given(
    room: Newsroom, tmp_path: Path
) -> None:
    room.take(1)
    order(room, 1, "hold")
    room.backup(tmp_path / "backups")
    room.take(1, version=2)
    order(room, 1, "publish", version=2)
    lose(room)
    restored = room.restore(tmp_path / "backups")
    assert restored["not_applied"] == 1
    assert GUID.format(1) in restored["why"][0]
    assert room.standing(1) == "held"


@pytest.mark.parametrize("loss", ["missing", "older", "asked"])
def test_without_a_newer_journal_every_wire_story_starts_dark_and_the_desk_is_told(
    room: Newsroom, tmp_path: Path, loss: str
) -> None:
    room.take(1, 2)
    room.take(2, version=2, status="canceled")
    shutil.copytree(tmp_path / "journal", tmp_path / "older")
    room.backup(tmp_path / "backups")
    lose(room)
    words = ["--without-journal"] if loss == "asked" else []
    if loss != "asked":
        shutil.rmtree(tmp_path / "journal")
    if loss == "older":
        (tmp_path / "older").rename(tmp_path / "journal")
    restored = room.restore(tmp_path / "backups", *words)
    assert restored["held"] == 1
    assert restored["dark_because"]
    assert [room.standing(1), room.standing(2)] == ["held", "withdrawn"]
    told = room.python(
        "from wiredesk.logbook.queries import open_alarms\n"
        "print([a.text for a in open_alarms() if a.key == 'restored-dark'])"
    )
    assert restored["dark_because"] in told
    # The wire going on must not lift it by itself; an editor's word does.
    room.take(1, version=2)
    assert room.standing(1) == "held"
    order(room, 1, "publish", version=2)
    assert room.standing(1) == "live"


def test_a_feeds_stories_are_lifted_at_once_in_somebodys_name(
    room: Newsroom, tmp_path: Path
) -> None:
    room.take(1, 2)
    room.run("user", "create", "chief", "--role", "desk-chief")
    room.backup(tmp_path / "backups")
    lose(room)
    room.restore(tmp_path / "backups", "--without-journal")
    assert (
        "lifted 2, still held 0"
        in room.run("wire", "lift", "direct", "--by", "chief").stdout
    )
    assert [room.standing(1), room.standing(2)] == ["live", "live"]


def test_a_broken_journal_stops_the_restore_before_anything_is_touched(
    room: Newsroom, tmp_path: Path
) -> None:
    room.take(1)
    room.backup(tmp_path / "backups")
    room.take(1, version=2, status="canceled")
    order(room, 1, "hold")
    (path,) = (tmp_path / "journal").glob("*.jsonl")
    path.write_bytes(path.read_bytes().replace(b'"canceled"', b'"usable"'))
    before = (room.home / "wiredesk.sqlite3").read_bytes()
    refused = room.run("restore", str(tmp_path / "backups"), "--replace", check=False)
    assert refused.returncode == 1
    assert "doesn't follow" in refused.stderr
    assert (room.home / "wiredesk.sqlite3").read_bytes() == before


def test_a_torn_last_line_of_the_journal_doesnt_stop_a_restore(
    room: Newsroom, tmp_path: Path
) -> None:
    room.take(1)
    room.backup(tmp_path / "backups")
    room.take(1, version=2, status="canceled")
    (path,) = (tmp_path / "journal").glob("*.jsonl")
    with path.open("ab") as stream:
        stream.write(b'{"at":')
    lose(room)
    assert room.restore(tmp_path / "backups")["applied"] == 1
    assert room.standing(1) == "withdrawn"


def test_a_journal_copied_from_elsewhere_is_gone_on_with(
    room: Newsroom, tmp_path: Path
) -> None:
    room.take(1)
    room.backup(tmp_path / "backups")
    room.take(1, version=2, status="canceled")
    lose(room)
    (tmp_path / "journal").rename(tmp_path / "rescued")
    restored = room.restore(
        tmp_path / "backups", "--journal", str(tmp_path / "rescued")
    )
    assert restored["applied"] == 1
    room.backup(tmp_path / "backups")
    assert room.restore(tmp_path / "backups", "--replace")["dark_because"] == ""


@pytest.mark.parametrize("name", ["database.sqlite3", "files.jsonl", "a file"])
def test_an_altered_backup_is_refused(
    room: Newsroom, tmp_path: Path, name: str
) -> None:
    room.take(1)
    folder = Path(room.backup(tmp_path / "backups")["folder"])
    if name == "a file":
        path = next(p for p in (tmp_path / "backups/files").rglob("*") if p.is_file())
    else:
        path = folder / name
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.unlink()  # it may be linked to the newsroom's own
    path.write_bytes(raw)
    lose(room)
    refused = room.run("restore", str(folder), check=False)
    assert refused.returncode == 1
    assert "altered" in refused.stderr
    assert not (room.home / "wiredesk.sqlite3").exists()


def test_a_restore_never_overwrites_unasked_and_keeps_what_it_replaces(
    room: Newsroom, tmp_path: Path
) -> None:
    room.take(1)
    room.backup(tmp_path / "backups")
    refused = room.run("restore", str(tmp_path / "backups"), check=False)
    assert refused.returncode == 1
    assert "--replace" in refused.stderr
    restored = room.restore(tmp_path / "backups", "--replace")
    assert (Path(restored["set_aside"]) / "wiredesk.sqlite3").is_file()


def test_an_unfinished_restore_keeps_the_site_from_starting_until_it_is_repeated(
    room: Newsroom, tmp_path: Path
) -> None:
    room.take(1)
    room.backup(tmp_path / "backups")
    room.take(1, version=2, status="canceled")
    lose(room)
    # As a crash leaves it: the files are there, the journal isn't applied yet.
    room.restore(tmp_path / "backups")
    (room.home / "restore-unfinished").touch()
    for words in (["up"], ["wire", "ledger"]):
        refused = room.run(*words, check=False)
        assert refused.returncode == 1
        assert "didn't finish" in refused.stderr
    room.restore(tmp_path / "backups")
    assert room.standing(1) == "withdrawn"


def test_a_restore_waits_for_no_running_site(room: Newsroom, tmp_path: Path) -> None:
    site = live.start(room.home, settings=room.settings)
    try:
        room.backup(tmp_path / "backups")
        refused = room.run(
            "restore", str(tmp_path / "backups"), "--replace", check=False
        )
    finally:
        site.stop()
    assert refused.returncode == 1
    assert "already runs" in refused.stderr


def test_a_database_put_back_by_hand_meets_the_journal_when_the_site_starts(
    room: Newsroom, tmp_path: Path
) -> None:
    url = room.take(1)["url"]
    shutil.copyfile(room.home / "wiredesk.sqlite3", tmp_path / "copy")
    room.take(1, version=2, status="canceled")
    for path in room.home.glob("wiredesk.sqlite3*"):
        path.unlink()
    shutil.copyfile(tmp_path / "copy", room.home / "wiredesk.sqlite3")
    assert room.standing(1) == "live"
    site = live.start(room.home, settings=room.settings)
    try:
        path = "/" + url.partition("//")[2].partition("/")[2]
        assert site.get(path).status_code == 410
    finally:
        site.stop()


def test_a_backup_of_a_site_that_takes_copy_is_whole_and_the_next_costs_what_is_new(
    room: Newsroom, tmp_path: Path
) -> None:
    site = live.start(room.home, settings=room.settings)
    agency = Newsroom(room.home, **room.settings)
    stop = threading.Event()
    answers = []

    def deliver() -> None:
        number = 0
        while not stop.is_set():
            answers.append(agency.take(number := number + 1)["outcome"])

    sender = threading.Thread(target=deliver)
    sender.start()
    try:
        (room.home / "media" / "pictures").mkdir(parents=True, exist_ok=True)
        (room.home / "media" / "pictures" / "a b.jpg").write_bytes(b"not really one")
        while len(answers) < 2:
            stop.wait(0.1)
        first = room.backup(tmp_path / "backups")
        second = room.backup(tmp_path / "backups")
    finally:
        stop.set()
        sender.join()
        agency.close()
        site.stop()
    assert set(answers) == {"published"}
    assert first["files"] >= 3
    assert second["new_files"] == second["files"] - first["files"]
    lose(room)
    assert room.restore(tmp_path / "backups")["files"] == second["files"]
    assert (room.home / "media/pictures/a b.jpg").read_bytes() == b"not really one"
    assert "It adds up." in room.run("wire", "ledger").stdout
    missing = room.python(
        "from wiredesk.wire import originals\n"
        "from wiredesk.wire.models import Delivery\n"
        "for d in Delivery.objects.all(): originals.read(d.sha256)"
    )
    assert missing == ""


@pytest.fixture
def on_postgresql(postgres: str, tmp_path: Path) -> Iterator[Newsroom]:
    room = Newsroom(
        tmp_path / "home",
        WIREDESK_JOURNAL=str(tmp_path / "journal"),
        DATABASE_URL=postgres,
    )
    prepared.fill_postgres(requires.need("postgres"), postgres)
    room.python(
        "from wiredesk.stories.actions.lay_front import lay_front\n"
        "lay_front(title='Wiredesk')"
    )
    yield room
    room.close()


def test_it_is_the_same_on_postgresql(on_postgresql: Newsroom, tmp_path: Path) -> None:
    room = on_postgresql
    path = room.take(1)["url"].partition("//")[2].partition("/")[2]
    room.take(2, 3)
    picture = room.home / "media" / "pictures" / "ferry.jpg"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"not really one")
    backup = room.backup(tmp_path / "backups")
    assert backup["engine"] == "postgresql"
    room.take(1, version=2, status="canceled")
    order(room, 3, "withdraw")
    lose(room)
    restored = room.restore(tmp_path / "backups", "--replace")
    assert restored["applied"] == 2
    found = [room.standing(number) for number in (1, 2, 3)]
    assert found == ["withdrawn", "live", "withdrawn"]
    assert picture.read_bytes() == b"not really one"
    site = live.start(room.home, settings=room.settings)
    try:
        assert site.get(f"/{path}").status_code == 410
    finally:
        site.stop()
    assert (
        room.restore(tmp_path / "backups", "--replace", "--without-journal")["held"]
        == 3
    )
