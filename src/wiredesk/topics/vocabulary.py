"""IPTC's Media Topics, read from the two JSON forms that they are handed round in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_LEVELS = tuple(f"Level{level}/NewsCode" for level in range(1, 7))
_CODE_LENGTH = 8


class VocabularyError(ValueError):
    """The file is no Media Topics file; the text says what was expected."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One Media Topic. ``parent`` is the code of the next broader one."""

    code: str
    name: str
    definition: str = ""
    parent: str | None = None
    retired: bool = False


def read_vocabulary(path: Path, language: str = "en-GB") -> list[Concept]:
    """Give the concepts of a Media Topics file, names in ``language`` or British English.

    Reads IPTC's own SKOS-like JSON (``conceptSet``) and the flat form of its
    spreadsheet, where each concept names its whole path (``Level1/NewsCode`` …), which
    has English alone. Raises ``VocabularyError`` for anything else.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise VocabularyError(f"{path.name} is not JSON: {error}") from error
    if isinstance(document, dict) and isinstance(document.get("conceptSet"), list):
        concepts = list(_of_concept_set(document["conceptSet"], language))
    elif isinstance(document, dict):
        concepts = list(_of_paths(document))
    else:
        concepts = []
    if not concepts:
        raise VocabularyError(
            f"{path.name} holds no Media Topics: neither a conceptSet nor concepts with "
            "a Level1/NewsCode were found."
        )
    return concepts


def _of_concept_set(entries: list[Any], language: str) -> Iterator[Concept]:
    for entry in entries:
        if not isinstance(entry, dict):
            continue
        code = _code(entry.get("uri") or entry.get("qcode"))
        name = _in_language(entry.get("prefLabel"), language)
        if code and name:
            broader = entry.get("broader")
            yield Concept(
                code=code,
                name=name,
                definition=_in_language(entry.get("definition"), language),
                parent=_code(broader[0])
                if isinstance(broader, list) and broader
                else None,
                retired="retired" in entry,
            )


def _of_paths(document: Mapping[str, Any]) -> Iterator[Concept]:
    for key, entry in document.items():
        if not isinstance(entry, dict) or "Level1/NewsCode" not in entry:
            continue
        code, name = _code(key), entry.get("Name (en-GB)")
        if not code or not isinstance(name, str):
            continue
        path = [
            level for level in (_code(entry.get(name)) for name in _LEVELS) if level
        ]
        definition = entry.get("Definition (en-GB)")
        yield Concept(
            code=code,
            name=name,
            definition=definition if isinstance(definition, str) else "",
            parent=path[-2] if len(path) > 1 and path[-1] == code else None,
            retired=isinstance(entry.get("RetiredDate"), str),
        )


def _code(written: object) -> str | None:
    """Give the bare code of an address, a qcode or a code."""
    if not isinstance(written, str):
        return None
    code = written.rpartition("/")[2].rpartition(":")[2].strip()
    return code if len(code) == _CODE_LENGTH and code.isdecimal() else None


def _in_language(labels: object, language: str) -> str:
    if not isinstance(labels, dict):
        return ""
    given = labels.get(language) or labels.get("en-GB") or labels.get("en") or ""
    return given.strip() if isinstance(given, str) else ""
