"""What commands print for scripts: one line an item, always valid UTF-8."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any


def print_json(value: Mapping[str, Any]) -> None:
    """Print one object on one line of stdout, at once."""
    print_line(json.dumps(value, ensure_ascii=False))


def print_line(line: str) -> None:
    """Print one line on stdout, at once, whatever is in it."""
    # A lone surrogate can't be UTF-8; spelled as an escape it is still right JSON.
    sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()
