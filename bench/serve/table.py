"""The table of what was measured, what was wanted, and whether it was reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.serve.load import Load

HEADING = ("what", "nginx", "wiredesk", "by rate", "by CPU", "wanted", "reached")


@dataclass(frozen=True)
class Row:
    """One line: figures in words, and whether they are enough; None: nothing wanted."""

    what: str
    theirs: str
    ours: str
    by_rate: str = ""
    by_cost: str = ""
    wanted: str = ""
    reached: bool | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        told = {True: "yes", False: "NO", None: ""}[self.reached]
        return (
            self.what, self.theirs, self.ours, self.by_rate, self.by_cost,
            self.wanted, told,
        )  # fmt: skip


def beside(
    what: str, pair: tuple[Load, Load], least: float | None = None, *, note: str = ""
) -> Row:
    """Set two runs beside each other. Both ratios must be ``least`` or more."""
    theirs, ours = pair
    by_rate = ours.rate / max(theirs.rate, 1e-9)
    by_cost = theirs.cost / max(ours.cost, 1e-9)
    failed = ours.broken + ours.refused
    wanted = "" if least is None else f"≥ {least:.2f}"
    reached = None if least is None else min(by_rate, by_cost) >= least and not failed
    return Row(
        what + (f"; {note}" if note else "") + (f"; {failed} FAILED" if failed else ""),
        in_words(theirs),
        in_words(ours),
        f"{by_rate:.2f}",
        f"{by_cost:.2f}",
        wanted,
        reached,
    )


def in_words(load: Load) -> str:
    """Give requests a second and microseconds of CPU for each."""
    return f"{load.rate:,.0f}/s {load.cost:.1f} µs"


def as_text(rows: Sequence[Row]) -> str:
    """Give the rows under their heading, in columns."""
    lines = [HEADING, *(row.cells for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(7)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in {0, 5, 6} else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
