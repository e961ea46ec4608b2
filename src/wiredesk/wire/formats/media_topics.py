"""IPTC codes an item brings, as Media Topics.

Two of IPTC's lists can be read without a feed's own mapping: the Media Topics
themselves, and the older Subject Codes, whose first two digits name the same seventeen
fields. Everything else stays a subject for the feed's mapping to translate.
"""

from __future__ import annotations

import re

MEDIA_TOPIC = "http://cv.iptc.org/newscodes/mediatopic/"
SUBJECT_CODE = "http://cv.iptc.org/newscodes/subjectcode/"

_EIGHT_DIGITS = re.compile(r"[0-9]{8}\Z")
_ALIASES = {
    "medtop": MEDIA_TOPIC,
    "mediatopic": MEDIA_TOPIC,
    "mediatopics": MEDIA_TOPIC,
    "iptc-mediatopic": MEDIA_TOPIC,
    "subj": SUBJECT_CODE,
    "subjectcode": SUBJECT_CODE,
    "subject-code": SUBJECT_CODE,
    "iptc-subjectcode": SUBJECT_CODE,
}
_ADDRESS = re.compile(
    r"https?://cv\.iptc\.org/newscodes/(mediatopic|subjectcode)(?:/(.*))?\Z",
    re.IGNORECASE,
)
_FIELDS = 17


def split_code(
    code: str | None, scheme: str | None, uri: str | None = None
) -> tuple[str | None, str | None]:
    """Give (bare code, scheme) of an entry that may say both in one word.

    ``medtop:15000000``, an IPTC address, or code and scheme apart. A scheme of IPTC's
    comes out as its address, any other as written.
    """
    for word in (code, uri):
        if word and (named := _split_word(word)):
            return named
    if scheme and (known := _known_scheme(scheme)):
        return code, known
    if code is None and uri:
        head, slash, tail = uri.rpartition("/")
        if tail and "://" in head:
            return tail, head + slash
        return uri, scheme
    if scheme is None and uri and code and uri.endswith(f"/{code}"):
        return code, uri[: -len(code)]
    return code, scheme


def media_topic(code: str | None, scheme: str | None) -> str | None:
    """Give the Media Topic code for a code in one of IPTC's two lists, else ``None``."""
    if code is None or not _EIGHT_DIGITS.match(code):
        return None
    if scheme == MEDIA_TOPIC:
        return code
    if scheme == SUBJECT_CODE and 1 <= int(code[:2]) <= _FIELDS:
        return f"{code[:2]}000000"
    return None


def _split_word(word: str) -> tuple[str, str] | None:
    if match := _ADDRESS.match(word):
        known, code = _ALIASES[match[1].lower()], match[2]
        return (code, known) if code else None
    alias, colon, code = word.partition(":")
    scheme = _ALIASES.get(alias.strip().lower()) if colon else None
    return (code.strip(), scheme) if scheme and code.strip() else None


def _known_scheme(scheme: str) -> str | None:
    if match := _ADDRESS.match(scheme):
        return _ALIASES[match[1].lower()]
    return _ALIASES.get(scheme.strip().rstrip(":").lower())
