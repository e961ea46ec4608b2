"""Text becomes one line: white space that breaks or doubles is a blank, all else stays."""

from __future__ import annotations

import re

from wiredesk.lib.text import one_line, printable

SQUEEZED = re.compile("[ \t\r\n\f\v\u2028\u2029]+")


def test_every_character_is_squeezed_or_stays_wherever_it_stands() -> None:
    wrong = []
    # Nothing beyond is white space.
    for number in range(0x3100):
        character = chr(number)
        for text in (f"a{character}b", f"a{character} b", f" {character}a "):
            expected = SQUEEZED.sub(" ", printable(text)).strip()
            if one_line(text) != expected:
                wrong.append(text)
    assert wrong == []


def test_nothing_is_no_line() -> None:
    assert [one_line(text) for text in (None, "", " ", "\n\t", "\x00")] == [None] * 5
