"""What a reader saw and did not carry over, kept within bounds."""

from __future__ import annotations

from wiredesk.lib.text import one_line, shorten
from wiredesk.wire.items import Dropped

MOST = 100
LONGEST = 200


class Drops:
    """Collects ``Dropped`` entries, so that nothing is left out in silence.

    A hostile file can hold a million unknown fields; past ``MOST`` they are counted,
    not listed.
    """

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str], Dropped] = {}
        self._beyond = 0

    def add(self, path: str, reason: str) -> None:
        """Note that what stands at ``path`` was left out, and why. Once a pair."""
        path, reason = _short(path), _short(reason)
        if (path, reason) in self._entries:
            return
        if len(self._entries) >= MOST:
            self._beyond += 1
            return
        self._entries[path, reason] = Dropped(path, reason)

    def entries(self) -> tuple[Dropped, ...]:
        """Give what was noted, in order, with one closing line if it was too much."""
        listed = tuple(self._entries.values())
        if not self._beyond:
            return listed
        return (*listed, Dropped("", f"and {self._beyond} more, not listed"))


def _short(text: str) -> str:
    # Cut first: a path may be as long as the file.
    return shorten(one_line(text[: 4 * LONGEST]) or "", LONGEST)
