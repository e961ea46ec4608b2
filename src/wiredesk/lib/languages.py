"""What a language tag says about the direction of writing."""

from __future__ import annotations

from typing import Literal

Direction = Literal["ltr", "rtl"]

_RTL_LANGUAGES = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ku", "ps", "sd", "ug", "ur"}
    | {"yi", "ji", "syr", "prs"}
)
_RTL_SCRIPTS = frozenset(
    {"adlm", "arab", "aran", "hebr", "mand", "nkoo", "rohg", "syrc", "thaa"}
)
# Languages above that are also written in another script, which wins where it is named.
_SCRIPT_LENGTH = 4


def direction(tag: str) -> Direction:
    """Give the direction of a BCP 47 tag; a script in it outweighs the language."""
    language, *rest = tag.replace("_", "-").lower().split("-")
    for part in rest:
        if len(part) == _SCRIPT_LENGTH and part.isalpha():
            return "rtl" if part in _RTL_SCRIPTS else "ltr"
    return "rtl" if language in _RTL_LANGUAGES else "ltr"


def base(tag: str) -> str:
    """Give the language of a tag without its region: ``es`` for ``es-MX``."""
    return tag.replace("_", "-").lower().partition("-")[0]
