"""What a note to editors that kills a story says of it: its slug, its transmission.

A kill once went out as "Please kill the story Limbaugh-Painkillers, V9991. A kill is
mandatory": no id in it that a machine had. Only words that name are read; which story
they mean is for whoever knows the stories.
"""

from __future__ import annotations

import re

LONGEST = 120  # characters of a name
_LOOKED_AT = 900

_KILLS = re.compile(
    r"\b(?:kill|killed|kills|withdrawn|withdrawal|eliminate|elimination)\b",
    re.IGNORECASE,
)
_HOLDS = re.compile(r"\b(?:hold|withhold|withheld)\b", re.IGNORECASE)
_PHOTO = re.compile(
    r"\bphoto\s+(?:kill|withdrawal|elimination)\b|\bkill\s+the\s+(?:photo|picture)\b",
    re.IGNORECASE,
)
# The word after these is the slug, as far as it has no blank in it.
_NAMED = re.compile(
    r"\b(?:kill|withhold|hold|withdraw)\s+(?:the\s+)?(?:story|item|article|text)?\s*"
    r"(?:slugged\s+)?[:“\"']?\s*((?=[^\s,]*-)[^\s,;:“”\"']+)",
    re.IGNORECASE,
)
_TRANSMISSION = re.compile(r"\b[A-Za-z]{1,2}[0-9]{3,5}\b")
# What comes before and after the slug proper (AP: "BC-US--Ferry, 1st Ld-Writethru").
_CYCLE = re.compile(r"\A(?:bc|am|pm)-+", re.IGNORECASE)
_TAIL = re.compile(
    r"(?:,|--|\s)\s*(?:\d{1,2}(?:st|nd|rd|th)\b|ld\b|lede\b|lead\b|adv\b|take\b|writethru|"
    r"urgent\b|update|mandatory|kill\b|hold\b|withhold\b|advisory\b|correct).*\Z",
    re.IGNORECASE | re.DOTALL,
)
_ONLY_ORDER = re.compile(
    r"(?:mandatory\s+)?(?:kill|hold|withhold|advisory|kill\s+advisory)\Z"
)


def order_in(headline: str | None, slugline: str | None, text: str) -> str:
    """Give what a note to editors orders of a story: kills, withholds, or empty.

    A note on pictures orders nothing of a story.
    """
    words = "\n".join((headline or "", slugline or "", text[:_LOOKED_AT]))
    if _PHOTO.search(words):
        return ""
    if _KILLS.search(words):
        return "kills"
    return "withholds" if _HOLDS.search(words) else ""


def names_in(headline: str | None, slugline: str | None, text: str) -> list[str]:
    """Give the names the note gives its story: ``slug:…`` and ``ref:…``."""
    found = [slug_name(slugline)]
    for words in (headline or "", text[:_LOOKED_AT]):
        found += [slug_name(match) for match in _NAMED.findall(words)]
        found += [reference_name(match) for match in _TRANSMISSION.findall(words)]
    return list(dict.fromkeys(name for name in found if name))


def slug_name(slugline: str | None) -> str:
    """Give the name under which a slug is compared: without cycle, lead and order."""
    slug = _CYCLE.sub("", " ".join((slugline or "").split()))
    slug = _TAIL.sub("", slug).strip(" -,.").casefold()
    if not slug or _ONLY_ORDER.match(slug):
        return ""
    return f"slug:{slug}"[:LONGEST]


def reference_name(reference: str) -> str:
    """Give the name under which a transmission reference or other id is compared."""
    plain = "".join(reference.split()).casefold()
    return f"ref:{plain}"[:LONGEST] if plain else ""
