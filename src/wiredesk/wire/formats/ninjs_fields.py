"""One JSON object of a ninjs item, asked by name whatever the edition calls it.

ninjs 1.x says ``body_xhtml`` and ``versioncreated``, 2.x ``bodies`` and
``versioncreated``, 3.x ``bodies`` and ``versionCreated``. Keys are therefore looked up
in lower case, and a question names every edition's word for the thing.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from wiredesk.lib.text import one_line
from wiredesk.wire.formats.ninjs_json import Repeated
from wiredesk.wire.items import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wiredesk.wire.formats.drops import Drops

_LARGEST_SIZE = 1_000_000
_NAMES = {
    dict: "an object",
    list: "a list",
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
}


class Fields:
    """A JSON object that remembers what was asked of it, to name the rest."""

    def __init__(self, values: dict[str, Any], path: str, drops: Drops) -> None:
        self.path = path
        self.drops = drops
        self._values: dict[str, Any] = {}
        self._written: dict[str, str] = {}
        self._asked: set[str] = set()
        _name_repeated(values, path, drops)
        for key, value in values.items():
            folded = key.lower()
            if folded in self._values and self._values[folded] != value:
                raise UnreadableError(
                    f"the keys {ascii(self._written[folded])[:80]} and "
                    f"{ascii(key)[:80]} differ only in case and have different values; "
                    "ask the sender which of them holds"
                )
            self._values[folded] = value
            self._written[folded] = key

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def names(self) -> tuple[str, ...]:
        """Give all keys, in lower case, in the order of the file."""
        return tuple(self._values)

    def at(self, name: str) -> str:
        """Give the path of a key, as the file spells it, for ``dropped``."""
        written = self._written.get(name, name)
        return f"{self.path}.{written}" if self.path else written

    def drop(self, name: str, reason: str) -> None:
        """Note that the value of ``name`` was not carried over."""
        self._asked.add(name)
        self.drops.add(self.at(name), reason)

    def ask(self, *names: str) -> None:
        """Mark keys as looked at, so that ``rest`` doesn't name them."""
        self._asked.update(names)

    def raw(self, name: str) -> Any:
        """Give the value of ``name`` as JSON has it; ``None`` where there is none."""
        self._asked.add(name)
        return self._values.get(name)

    def text(self, *names: str) -> str | None:
        """Give the first of ``names`` that holds words, as one line.

        A whole number counts as its digits, for codes are sent so. What is neither
        is named in ``dropped``.
        """
        found: str | None = None
        for name in names:
            value = self.raw(name)
            if value is None or found is not None:
                continue
            if isinstance(value, str):
                found = one_line(value)
            elif isinstance(value, int) and not isinstance(value, bool):
                found = str(value)
            else:
                self.drop(name, f"expected text, found {kind_of(value)}")
        return found

    def prose(self, name: str) -> str | None:
        """Give the text of ``name`` with its line breaks; ``None`` if it's no text."""
        value = self.raw(name)
        if isinstance(value, str):
            return value if value.strip() else None
        if value is not None:
            self.drop(name, f"expected text, found {kind_of(value)}")
        return None

    def size(self, name: str) -> int | None:
        """Give a positive whole number (pixels), also from text or a float."""
        number = whole(self.raw(name))
        return number if number is not None and 0 < number <= _LARGEST_SIZE else None

    def entries(self, *names: str) -> Iterator[Fields]:
        """Give the objects held by the first of ``names`` that has any.

        A single object is a list of one; plain text among objects counts as an object
        with that ``name``. The rest is dropped.
        """
        for name in names:
            value = self.raw(name)
            if value is None:
                continue
            listed = value if isinstance(value, list) else [value]
            for place, entry in enumerate(listed):
                path = f"{self.at(name)}[{place}]"
                if isinstance(entry, dict):
                    yield Fields(entry, path, self.drops)
                elif isinstance(entry, str):
                    yield Fields({"name": entry}, path, self.drops)
                elif entry is not None:
                    self.drops.add(path, f"expected an object, found {kind_of(entry)}")

    def named(self, *names: str) -> Iterator[tuple[str, Fields]]:
        """Give (name, object) pairs: ninjs 1.x keys them, 2.x and 3.x list them."""
        for name in names:
            value = self.raw(name)
            if isinstance(value, dict):
                _name_repeated(value, self.at(name), self.drops)
                for key, entry in value.items():
                    path = f"{self.at(name)}.{key}"
                    if isinstance(entry, dict):
                        yield one_line(key) or "", Fields(entry, path, self.drops)
                    elif entry is not None:
                        found = kind_of(entry)
                        self.drops.add(path, f"expected an object, found {found}")
            else:
                for entry in self.entries(name):
                    yield entry.text("name") or "", entry

    def rest(self) -> None:
        """Name every key nobody asked for."""
        for name, value in self._values.items():
            if name not in self._asked and value not in (None, "", [], {}):
                self.drops.add(self.at(name), "not carried over")


def _name_repeated(values: dict[str, Any], path: str, drops: Drops) -> None:
    if isinstance(values, Repeated):
        for key in values.keys_twice:
            written = f"{path}.{key}" if path else key
            drops.add(written, "given twice with different values: the last one counts")


def kind_of(value: object) -> str:
    """Name a JSON value's sort, for a person."""
    return _NAMES.get(type(value), "nothing")


def whole(value: object) -> int | None:
    """Give ``value`` as a whole number, if it is one in any of JSON's spellings."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if math.isfinite(value) and value.is_integer() else None
    if isinstance(value, str):
        digits = value.strip()
        # Longer than a Python integer may be read: it stays text.
        if digits.isascii() and digits.isdigit() and len(digits) <= 4000:
            return int(digits)
    return None
