"""Names in a watched folder: which are ours, which are half-written, and moving."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings

DONE, SET_ASIDE, PICTURES, TAKING = "done", "set-aside", "pictures", ".taking"
RESERVED = frozenset({DONE, SET_ASIDE, PICTURES})
_REASON = ".reason.txt"
_LONGEST_NAME = 255  # bytes, on every file system we know of

_TEMPORARY_ENDS = (".part", ".tmp", ".temp", ".filepart", ".crdownload", ".swp", "~")
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
_BRANDS = (b"ftypavif", b"ftypavis")


def is_temporary(name: str) -> bool:
    """Tell whether a name says that the file isn't for us, or not yet."""
    return name.startswith(".") or name.lower().endswith(_TEMPORARY_ENDS)


def is_picture(raw: bytes) -> bool:
    """Tell whether the bytes begin as a JPEG, PNG, GIF, WebP or AVIF picture does."""
    return (
        raw.startswith(_PICTURES)
        or (raw[:4] == b"RIFF" and raw[8:12] == b"WEBP")
        or raw[4:12] in _BRANDS
    )


def move_into(folder: Path, path: Path, *, replace: bool = False) -> Path:
    """Move a file, never what a link points to, into ``folder``; gives where it is.

    A name that is there already gets a number, unless it is to be replaced.
    """
    there = folder / path.name if replace else _free(folder, path)
    try:
        path.rename(there)
    except FileNotFoundError:
        # Either of them isn't there; mostly both are, and nothing has to be made.
        folder.mkdir(exist_ok=True)
        path.rename(there)
    return there


def put_aside(folder: Path, path: Path, reason: str) -> Path:
    """Move a file into ``folder`` with the reason beside it; gives where it is.

    The reason first: where the disk is full nothing is moved, and it can be tried again.
    Raises ``FileNotFoundError`` where the file is gone, ``OSError`` as the disk does.
    """
    path.lstat()
    folder.mkdir(exist_ok=True)
    there = _free(folder, path, room=len(_REASON))
    there.with_name(f"{there.name}{_REASON}").write_text(
        f"{reason}\n", encoding="utf-8", errors="replace"
    )
    path.rename(there)
    return there


def remove_kept(slug: str, *, most: int) -> int:
    """Remove up to ``most`` files that the watched folder of a feed keeps; gives how many.

    What was taken or set aside, and pictures: a contract that demands erasure means
    these copies as well. What lies there to be taken stays.
    """
    folder = Path(settings.WIREDESK_INBOX) / slug
    removed = 0
    for name in sorted(RESERVED):
        for path in (folder / name).rglob("*") if (folder / name).is_dir() else ():
            if removed >= most:
                return removed
            if path.is_symlink() or not path.is_dir():
                path.unlink(missing_ok=True)
                removed += 1
    return removed


def _free(folder: Path, path: Path, *, room: int = 0) -> Path:
    """Give a place nothing is at, its name short enough for ``room`` more bytes."""
    most = _LONGEST_NAME - room
    there = folder / _fitting(path.stem, path.suffix, most)
    number = 1
    while os.path.lexists(there):
        number += 1
        there = folder / _fitting(path.stem, f"-{number}{path.suffix}", most)
    return there


def _fitting(stem: str, ending: str, most: int) -> str:
    while len(os.fsencode(f"{stem}{ending}")) > most:
        # Of a name that is nearly all "suffix", that gives way.
        if len(ending) > len(stem):
            ending = ending[:-1]
        else:
            stem = stem[:-1]
    return f"{stem}{ending}"
