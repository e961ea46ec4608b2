from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from wiredesk.config import env

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "settings.md"
READERS = r"(?:text|flag|whole_number|words|folder|host_name)"


def read_by_the_code() -> set[str]:
    """Give every name that a reader in ``wiredesk.config.env`` is asked for."""
    asked = re.compile(rf"\b(?:env\.)?{READERS}\(\s*\"([A-Z_]+)\"")
    return {
        name
        for path in (ROOT / "src" / "wiredesk").rglob("*.py")
        for name in asked.findall(path.read_text(encoding="utf-8"))
    }


def described() -> set[str]:
    return set(re.findall(r"^\| `([A-Z_]+)` \|", PAGE.read_text("utf-8"), re.MULTILINE))


def test_every_setting_is_described_and_every_description_is_true() -> None:
    # Two are read by the suite alone and stand on the page with the others.
    assert described() - {"WIREDESK_REQUIRE", "WIREDESK_CHROMIUM"} == read_by_the_code()


def test_the_code_reads_the_environment_in_one_place_only() -> None:
    allowed = {"config/env.py", "config/boot.py", "config/manage.py"}
    allowed |= {"config/settings/test.py"}
    source = ROOT / "src" / "wiredesk"
    readers = {
        str(path.relative_to(source))
        for path in source.rglob("*.py")
        if "os.environ" in path.read_text(encoding="utf-8")
    }
    assert readers <= allowed


@pytest.mark.parametrize("nonsense", ["many", "0", "65", "1.5", "-1"])
def test_a_number_out_of_sense_is_refused_by_name(
    nonsense: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIREDESK_WORKERS", nonsense)
    with pytest.raises(ImproperlyConfigured, match=f"WIREDESK_WORKERS='{nonsense}'"):
        env.whole_number("WIREDESK_WORKERS", 1, least=1, most=64)


@pytest.mark.parametrize(
    ("word", "meant"), [("Yes", True), ("on", True), ("0", False), ("", True)]
)
def test_a_flag_takes_the_words_people_use(
    word: str, meant: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIREDESK_SMTP_STARTTLS", word)
    assert env.flag("WIREDESK_SMTP_STARTTLS", default=True) is meant


def test_a_secret_may_come_from_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "password"
    secret.write_text("correct horse\n", encoding="utf-8")
    monkeypatch.setenv("WIREDESK_SMTP_PASSWORD_FILE", str(secret))
    assert env.text("WIREDESK_SMTP_PASSWORD", "") == "correct horse"


def test_a_secret_file_that_is_not_there_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIREDESK_SMTP_PASSWORD_FILE", str(tmp_path / "none"))
    with pytest.raises(ImproperlyConfigured, match="WIREDESK_SMTP_PASSWORD_FILE"):
        env.text("WIREDESK_SMTP_PASSWORD", "")


def deployment_check(home: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    # The browser's tests set one variable for their own process alone.
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("DJANGO_")}
    return subprocess.run(
        [
            *(sys.executable, "-m", "wiredesk.config.manage"),
            *("check", "--deploy", "--fail-level", "WARNING"),
        ],
        env={
            **inherited,
            "DJANGO_SETTINGS_MODULE": "wiredesk.config.settings.site",
            "WIREDESK_HOME": str(home),
            **settings,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_site_behind_tls_passes_every_deployment_check(tmp_path: Path) -> None:
    done = deployment_check(tmp_path, WIREDESK_BASE_URL="https://news.example")
    assert done.returncode == 0, done.stderr


def test_a_short_secret_key_is_refused(tmp_path: Path) -> None:
    done = deployment_check(tmp_path, WIREDESK_SECRET_KEY="short")
    assert done.returncode != 0
    assert "use at least 32" in done.stderr


def test_the_secret_key_is_made_once_and_for_this_user_alone(tmp_path: Path) -> None:
    environment = {"WIREDESK_SECRET_KEY": ""}
    deployment_check(tmp_path, **environment)
    key = tmp_path / "secret-key"
    first = key.read_text(encoding="ascii")
    assert key.stat().st_mode & 0o077 == 0
    deployment_check(tmp_path, **environment)
    assert key.read_text(encoding="ascii") == first
