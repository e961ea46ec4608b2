"""From the bytes of a ninjs delivery to plain Python values, or a reason why not."""

from __future__ import annotations

import json
from typing import Any

from wiredesk.wire.items import UnreadableError

# Two values of these would leave open which item it is or whether it may be shown.
_DECISIVE = frozenset(
    [
        "uri",
        "version",
        "versioncreated",
        "type",
        "pubstatus",
        "embargoed",
        "embargoeduntil",
        "expires",
        "signals",
    ]
)


def load(raw: bytes) -> Any:
    """Give the JSON value in ``raw`` (UTF-8, or UTF-16/32 as RFC 4627 allowed).

    Line breaks inside strings are let through, for agencies send them. A number that
    is none (NaN, Infinity) comes out as its word, so that a field which needs a time
    or a number sees something it can't read, rather than nothing. An object that gives
    a key two different values comes out as ``Repeated``; where that key decides what
    may be shown, nobody can say which value holds. Raises UnreadableError for that and
    for everything else that is no JSON.
    """
    text = _decode(raw)
    try:
        return json.loads(
            text, strict=False, parse_constant=str, object_pairs_hook=_as_object
        )
    except json.JSONDecodeError as error:
        raise UnreadableError(
            f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}; "
            "ask the sender for the file again"
        ) from error
    except RecursionError as error:
        raise UnreadableError(
            "the JSON is nested too deeply to be a news item; ask the sender"
        ) from error
    except UnreadableError:
        raise
    except ValueError as error:  # an integer past Python's limit of digits
        raise UnreadableError(
            "the JSON holds a number with thousands of digits; ask the sender"
        ) from error


def _decode(raw: bytes) -> str:
    if not raw or raw.isspace():
        raise UnreadableError("the file is empty; ask the sender for it again")
    encoding = json.detect_encoding(raw)
    try:
        return raw.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise UnreadableError(
            f"not {error.encoding.upper()} text at byte {error.start}, as JSON must "
            "be; ask the sender which character set the file is in"
        ) from error


class Repeated(dict[str, Any]):
    """An object some of whose keys stood there twice, with different values.

    The last value counts, as in every JSON reader; ``keys_twice`` names the keys.
    """

    keys_twice: tuple[str, ...] = ()


def _as_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    return values if len(values) == len(pairs) else _repeated(pairs)


def _repeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = Repeated()
    twice: dict[str, None] = {}
    for key, value in pairs:
        if key in values and values[key] != value:
            twice[key] = None
        values[key] = value
    if decisive := [key for key in twice if key.lower() in _DECISIVE]:
        raise UnreadableError(
            f"the key {decisive[0]} has two different values in one object; ask the "
            "sender which of them holds"
        )
    values.keys_twice = tuple(twice)
    return values
