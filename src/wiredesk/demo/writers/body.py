"""The dateline an agency prints at the head of a story's first paragraph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wiredesk.demo.markup import Block

if TYPE_CHECKING:
    from wiredesk.demo.agencies import Agency
    from wiredesk.demo.story import Dispatch


def led_by_dateline(dispatch: Dispatch, agency: Agency) -> tuple[Block, ...]:
    """Give the story's blocks with the dateline before the first paragraph's words."""
    first, *rest = dispatch.blocks
    led = f"{agency.dateline(dispatch)} {first.lines[0]}"
    return (Block(first.kind, (led, *first.lines[1:])), *rest)
