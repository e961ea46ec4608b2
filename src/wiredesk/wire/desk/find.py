"""Messages that have certain words or topics, found by the index made for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models.expressions import RawSQL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from wiredesk.wire.models import Message

LONGEST = 200  # characters of what was typed that are looked at
_WORD = re.compile(r"[^\W_]+")

# As the index was made, or PostgreSQL doesn't use it.
_POSTGRESQL_WORDS = """
    SELECT id FROM wire_message WHERE to_tsvector(
        'simple',
        left(headline || ' ' || slugline || ' ' || guid || ' '
            || coalesce(item ->> 'body_text', ''), 200000)
    ) @@ to_tsquery('simple', %s)
"""
_POSTGRESQL_TOPICS = "SELECT id FROM wire_message WHERE (item -> 'media_topics') ?| %s"
_SQLITE = "SELECT rowid FROM wire_messageindex WHERE wire_messageindex MATCH %s"


def with_words(messages: QuerySet[Message], typed: str) -> QuerySet[Message]:
    """Keep messages that have every word typed in headline, slugline, guid or text.

    The last word may be the beginning of one. Capitals don't matter; without a word
    there, nothing is left out.
    """
    words = _WORD.findall(typed[:LONGEST])
    if not words:
        return messages
    if connection.vendor == "postgresql":
        query = " & ".join(f"'{word}'" for word in words) + ":*"
        return messages.filter(pk__in=RawSQL(_POSTGRESQL_WORDS, [query]))  # noqa: S611
    query = " AND ".join(f'words : "{word}"' for word in words) + " *"
    return messages.filter(pk__in=RawSQL(_SQLITE, [query]))  # noqa: S611


def with_topics(messages: QuerySet[Message], codes: Iterable[str]) -> QuerySet[Message]:
    """Keep messages that carry one of these Media Topic codes."""
    wanted = sorted({code for code in codes if code.isalnum()})
    if not wanted:
        return messages.none()
    if connection.vendor == "postgresql":
        return messages.filter(pk__in=RawSQL(_POSTGRESQL_TOPICS, [wanted]))  # noqa: S611
    query = "topics : (" + " OR ".join(f'"{code}"' for code in wanted) + ")"
    return messages.filter(pk__in=RawSQL(_SQLITE, [query]))  # noqa: S611
