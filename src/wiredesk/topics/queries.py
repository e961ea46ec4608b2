"""What the topics' rules say of a piece of copy, and which topics there are."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db.models import QuerySet

from wiredesk.lib.prepared import PreparedQuery
from wiredesk.topics.models import Topic, TopicRule

_WORD = re.compile(r"\w+")
_rules = PreparedQuery(
    lambda: TopicRule.objects.order_by("id").values_list(
        "topic_id", "looks_at", "words"
    ),
    lists=0,
)


class RuleBook:
    """The newsroom's rules, read once and asked many times."""

    def __init__(self, rules: Iterable[tuple[int, str, str]]) -> None:
        """Take rules as (topic id, what it looks at, words)."""
        self._codes: dict[str, list[int]] = {}
        self._keywords: dict[str, list[int]] = {}
        self._phrases: list[tuple[str, int]] = []
        for topic_id, looks_at, words in rules:
            if looks_at == TopicRule.Looks.CODE:
                self._codes.setdefault(words.strip().casefold(), []).append(topic_id)
            elif looks_at == TopicRule.Looks.KEYWORD:
                self._keywords.setdefault(_plain(words), []).append(topic_id)
            elif phrase := _plain(words):
                self._phrases.append((f" {phrase} ", topic_id))

    def match(
        self, *, codes: Iterable[str], keywords: Iterable[str], text: str
    ) -> list[int]:
        """Give the ids of the topics whose rules fit, each once.

        ``codes`` as scheme:code and bare; case never matters. A phrase fits whole words
        only, whatever stands between them.
        """
        found: dict[int, None] = {}
        if self._codes:
            for code in codes:
                found.update(dict.fromkeys(self._codes.get(code.casefold(), ())))
        if self._keywords:
            for keyword in keywords:
                found.update(dict.fromkeys(self._keywords.get(_plain(keyword), ())))
        if self._phrases:
            plain = f" {_plain(text)} "
            found.update(
                {topic: None for words, topic in self._phrases if words in plain}
            )
        return list(found)


def rule_book() -> RuleBook:
    """Give all rules as one book, in one query."""
    return RuleBook(_rules())


def top_level() -> QuerySet[Topic]:
    """Give the public topics without a broader one, by name."""
    return Topic.objects.filter(parent__isnull=True, public=True)


def _plain(words: str) -> str:
    return " ".join(_WORD.findall(words.casefold()))
