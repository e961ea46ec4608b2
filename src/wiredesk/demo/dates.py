"""Words for dates inside demo copy, so that "on Tuesday" is true whenever it is read.

A story's text says ``{day}`` for the weekday it was written on, ``{day-1}`` for the day
before, ``{date+3}`` for a date three days later in agency style, and ``{year}``.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

_WEEKDAYS = {
    "en": [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ],
    "es": ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
    "ar": ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"],
}
_MONTHS = [
    "Jan.",
    "Feb.",
    "March",
    "April",
    "May",
    "June",
    "July",
    "Aug.",
    "Sept.",
    "Oct.",
    "Nov.",
    "Dec.",
]
_MONTHS_ES = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
]
_PLACEHOLDER = re.compile(r"\{(day|date|year)([+-]\d+)?\}")


def agency_date(moment: datetime, language: str = "en") -> str:
    """Give the date as a dateline writes it: ``Nov. 22``, or ``22 de noviembre``."""
    if language.startswith("es"):
        return f"{moment.day} de {_MONTHS_ES[moment.month - 1]}"
    return f"{_MONTHS[moment.month - 1]} {moment.day}"


def weekday(moment: datetime, language: str = "en") -> str:
    """Give the weekday's name in the story's language."""
    return _WEEKDAYS.get(language[:2], _WEEKDAYS["en"])[moment.weekday()]


def fill(text: str, moment: datetime, language: str = "en") -> str:
    """Put real days in the place of ``{day}``, ``{date}`` and ``{year}``."""

    def word(found: re.Match[str]) -> str:
        shifted = moment + timedelta(days=int(found.group(2) or 0))
        if found.group(1) == "day":
            return weekday(shifted, language)
        if found.group(1) == "date":
            return agency_date(shifted, language)
        return str(shifted.year)

    return _PLACEHOLDER.sub(word, text)
