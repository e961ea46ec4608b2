"""Small readers of the environment that refuse nonsense.

Each setting may also come from a file: ``WIREDESK_X_FILE`` names it, as secrets do in
containers. Every reader names the variable, what it got and what would be right.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

Value = TypeVar("Value")

# From the command to its own settings; nobody sets it by hand.
REPLAY_INTO = "WIREDESK_REPLAY_INTO"

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
HOST_NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*")
FALSE_WORDS = frozenset({"0", "false", "no", "off"})


def text(name: str, default: str) -> str:
    """Give the setting as text without surrounding blanks, else ``default``."""
    file_name = os.environ.get(f"{name}_FILE")
    if file_name is not None:
        return _from_file(name, file_name)
    return os.environ.get(name, default).strip()


def of_a_program(more: Mapping[str, str]) -> dict[str, str]:
    """Give this process's environment with ``more`` in it, for a program it starts."""
    return {**os.environ, **more}


def replay_into() -> str:
    """Give the address of the database that this process replays into."""
    return os.environ[REPLAY_INTO]


def flag(name: str, *, default: bool) -> bool:
    """Give the setting as true or false; refuses any other word."""

    def convert(raw: str) -> bool:
        word = raw.lower()
        if word in TRUE_WORDS:
            return True
        if word in FALSE_WORDS:
            return False
        raise ValueError("say yes or no")

    return _read(name, default, convert)


def whole_number(
    name: str, default: int, *, least: int = 0, most: int = 2**31 - 1
) -> int:
    """Give the setting as a whole number between ``least`` and ``most``."""

    def convert(raw: str) -> int:
        try:
            number = int(raw)
        except ValueError as error:
            raise ValueError("say a whole number") from error
        if not least <= number <= most:
            raise ValueError(f"must lie between {least} and {most}")
        return number

    return _read(name, default, convert)


def words(name: str, default: tuple[str, ...]) -> list[str]:
    """Give a comma-separated setting as a list, empty entries left out."""
    raw = text(name, "")
    if not raw:
        return list(default)
    return [entry.strip() for entry in raw.split(",") if entry.strip()]


def folder(name: str, default: Path) -> Path:
    """Give the setting as an absolute path; it need not exist yet."""
    path = Path(text(name, str(default))).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise ImproperlyConfigured(f"{name}={path} is a file; name a folder instead.")
    return path


def host_name(name: str) -> str:
    """Give the setting as a bare host name in small letters; "" where there is none."""

    def convert(raw: str) -> str:
        if not HOST_NAME.fullmatch(raw.lower()):
            raise ValueError("say a host name, without scheme, port or path")
        return raw.lower()

    return _read(name, "", convert)


def on_host(address: str, host: str) -> str:
    """Give ``address`` (a root without a slash at its end) with another host, if any."""
    if not host:
        return address
    parts = urlsplit(address)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{host}{port}"


def local_host(bind: str) -> str:
    """Give the host by which this machine reaches what listens at ``bind``."""
    if bind in ("", "0.0.0.0", "::"):  # noqa: S104 - compared, not listened at
        return "127.0.0.1"
    return f"[{bind}]" if ":" in bind else bind


def delivery_cap() -> int:
    """Give the size in bytes of the largest delivery taken; a feed may set less.

    Here, because commands that never load the settings hold to it too.
    """
    return whole_number("WIREDESK_DELIVERY_CAP", 32 * 1024 * 1024, least=1024)


def _read(name: str, default: Value, convert: Callable[[str], Value]) -> Value:
    raw = text(name, "")
    if not raw:
        return default
    try:
        return convert(raw)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={raw!r} can't be used: {error}.") from error


def _from_file(name: str, file_name: str) -> str:
    try:
        return Path(file_name).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(
            f"{name}_FILE={file_name} can't be read: {error}. "
            f"Make it readable for this user, or set {name} itself."
        ) from error
