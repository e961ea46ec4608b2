"""What lies in the inbox and is no delivery: told to the desk once, not every scan."""

from __future__ import annotations

from pathlib import PurePath

from django.utils.translation import gettext as _

from wiredesk.lib.text import printable, shorten
from wiredesk.logbook.actions.clear_alarm import clear_alarm
from wiredesk.logbook.actions.raise_alarm import raise_alarm

STRAY_KEY, REFUSED_KEY = "inbox-stray", "inbox-refused"
_SHOWN = 3


class Strays:
    """Raises an alarm when something new lies astray, clears it when all is gone."""

    def __init__(self) -> None:
        self._now: set[str] = set()
        self._told: set[str] | None = None  # unknown: an earlier run may have told

    def begin(self) -> None:
        """Start a scan."""
        self._now = set()

    def note(self, path: str) -> None:
        """Note a folder without a feed, a folder in a feed's folder, or a loose file."""
        self._now.add(path)

    def refuse(self, path: str, reason: str) -> None:
        """Tell of something that was put to ``set-aside/`` without being opened."""
        raise_alarm(
            key=REFUSED_KEY,
            text=_("%(name)s in the inbox was refused. %(reason)s")
            % {"name": _shown(path), "reason": reason},
            thing="inbox",
        )

    def end(self) -> None:
        """Tell the desk what changed since the last scan."""
        if self._now == self._told:
            return
        if not self._now:
            clear_alarm(key=STRAY_KEY)
        elif self._told is None or self._now - self._told:
            names = ", ".join(_shown(path) for path in sorted(self._now)[:_SHOWN])
            raise_alarm(
                key=STRAY_KEY,
                text=_(
                    "Lies in the inbox and is left alone: %(names)s. Files belong "
                    "right into the folder of an active feed."
                )
                % {"names": names},
                thing="inbox",
            )
        self._told = self._now


def _shown(path: str) -> str:
    return shorten(printable("/".join(PurePath(path).parts[-2:])), 120)
