"""A newsroom for tests of whole commands: one data folder, one process that answers."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import prepared
from tests.wire.pipeline import news_item

GUID = "tag:harrow.example,2026:{}"

# Answers one question a line: the words of a command, or code to run.
SERVANT = """
import contextlib, io, json, sys, traceback
from click.testing import CliRunner
from django.db import connections
from wiredesk.config.boot import set_up
from wiredesk.config.cli import main
set_up()
for line in sys.stdin:
    question = json.loads(line)
    if "words" in question:
        done = CliRunner().invoke(main, question["words"])
        out, err, status = done.stdout, done.stderr, done.exit_code
        if done.exception and not isinstance(done.exception, SystemExit):
            err += "".join(traceback.format_exception(done.exception))
    else:
        stream, err, status = io.StringIO(), "", 0
        with contextlib.redirect_stdout(stream):
            try:
                exec(question["code"], {})
            except BaseException:
                err, status = traceback.format_exc(), 1
        out = stream.getvalue()
    connections.close_all()
    answer = {"stdout": out, "stderr": err, "returncode": status}
    print(json.dumps(answer), flush=True)
"""


@dataclass
class Done:
    """What became of a command."""

    stdout: str
    stderr: str
    returncode: int


class Newsroom:
    """A data folder and its commands, without a running site."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        self.settings = settings
        self.files = home.parent / f"{home.name}-files"
        self.files.mkdir(parents=True, exist_ok=True)
        self.process: subprocess.Popen[str] | None = None

    @property
    def environment(self) -> dict[str, str]:
        return {
            **prepared.kept(),
            "WIREDESK_HOME": str(self.home),
            **self.settings,
        }

    def run(self, *words: str, check: bool = True) -> Done:
        """Run a command; all of a room's share one process, since starting is slow."""
        done = Done(**self._ask({"words": words}))
        assert not check or done.returncode == 0, done.stderr
        return done

    def python(self, code: str) -> str:
        """Run code with Django set up; give what it printed."""
        done = Done(**self._ask({"code": code}))
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SERVANT],
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def close(self) -> None:
        """End the process that runs the commands."""
        if self.process is not None:
            self.process.communicate()

    def take(self, *numbers: int, **values: Any) -> dict[str, Any]:
        """Take an item of each number; give what became of the last."""
        paths = []
        for number in numbers:
            path = self.files / f"{number}-{values.get('version', 1)}.xml"
            path.write_bytes(news_item(GUID.format(number), **values))
            paths.append(str(path))
        lines = self.run("wire", "take", "--json", *paths).stdout.splitlines()
        answer: dict[str, Any] = json.loads(lines[-1])
        return answer

    def standing(self, number: int) -> str:
        done = self.run("wire", "status", "--json", GUID.format(number), check=False)
        return str(json.loads(done.stdout)["standing"]) if done.stdout else "unknown"

    def backup(self, to: Path) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(
            self.run("backup", "--to", str(to), "--json").stdout
        )
        return answer

    def restore(self, folder: Path, *words: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(
            self.run("restore", str(folder), "--json", *words).stdout
        )
        return answer


ORDER = """
from wiredesk.accounts.models import User
from wiredesk.stories.actions.give_order import give_order
from wiredesk.stories.models import StoryIdentity
from wiredesk.wire.models import Message
chief, _ = User.objects.get_or_create(username="chief", is_superuser=True)
story = StoryIdentity.objects.get(guid={guid!r}).story
message = Message.objects.filter(guid={guid!r}, version={version!r}).first()
give_order(story=story, verb={verb!r}, by=chief, message=message)
"""


def order(room: Newsroom, number: int, verb: str, version: int = 1) -> None:
    room.python(ORDER.format(guid=GUID.format(number), verb=verb, version=str(version)))
