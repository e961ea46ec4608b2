"""What a story's standing follows from, and the answer: facts, without a database."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime


class State(enum.StrEnum):
    """What the public may do with a story at one moment: only LIVE may be read."""

    LIVE = "live"
    HELD = "held"
    EMBARGOED = "embargoed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class WireFact:
    """What one message states, as far as standing goes.

    ``hold``, ``hard_expiry`` and ``retain_until`` (when the contract ends its use) are
    the feed's policy as it was frozen on the message.
    ``contract_until`` is when its feed's contract ends; ``contract_over``: it did,
    whatever the clock says. The words of an ``erased`` one are gone.
    Messages with one ``digest`` (if it isn't empty) are one message that was repeated.
    A ``guid`` other than the story's own is another document that speaks of it.
    """

    id: int
    received_at: datetime
    status: str
    kind: str = "story"
    guid: str = ""
    version: str = ""
    version_at: datetime | None = None
    publishable: bool = True
    embargoed_until: datetime | None = None
    embargo_open: bool = False
    expires: datetime | None = None
    hold: bool = False
    hard_expiry: bool = True
    retain_until: datetime | None = None
    contract_until: datetime | None = None
    contract_over: bool = False
    erased: bool = False
    digest: str = ""


@dataclass(frozen=True, slots=True)
class OrderFact:
    """One order of the desk.

    ``verb`` is publish, hold, withdraw, release, ask (which does nothing), or correct:
    the desk changed the words of the message it names, so that later words wait for an
    editor, but for those of ``merges``: messages that take the changes unasked.
    """

    id: int
    verb: str
    message_id: int | None
    at: datetime
    merges: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """What the facts allow at the moment that was asked for.

    ``shows`` is the message whose words are allowed now or by the clock alone,
    ``waits`` the newer ones that an editor must answer first, ``follows_from`` the
    messages that decided. ``visible_from`` and ``visible_until`` bound a live story;
    from ``listed_until`` on it stays, but leaves the lists.
    """

    state: State
    reason: str
    shows: int | None = None
    visible_from: datetime | None = None
    visible_until: datetime | None = None
    listed_until: datetime | None = None
    follows_from: tuple[int, ...] = ()
    waits: tuple[int, ...] = ()

    @property
    def by_the_clock(self) -> bool:
        """Tell whether only the clock stands between the story and its readers."""
        return self.state in (State.LIVE, State.EXPIRED) or (
            self.state is State.EMBARGOED and self.visible_from is not None
        )
