"""Find the topics behind Media Topic codes, and make those that aren't known yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wiredesk.lib.prepared import PreparedQuery
from wiredesk.lib.slugs import free_slug, slug_of
from wiredesk.topics.models import Topic

# Media Topics are at most six levels deep.
_PARENTS = tuple("__".join(["parent"] * level) for level in range(1, 6))
_COLUMNS = (
    "code",
    "id",
    "slug",
    *(f"{parent}__{name}" for parent in _PARENTS for name in ("id", "slug")),
)
_topics = PreparedQuery(
    lambda codes: Topic.objects.filter(code__in=codes).order_by().values_list(*_COLUMNS)
)


@dataclass(frozen=True, slots=True)
class KnownTopic:
    """A topic and the broadest one above it, which may be itself."""

    id: int
    root_id: int
    root_slug: str


def know_topics(*, named: Mapping[str, str | None]) -> dict[str, KnownTopic]:
    """Give the topic of each code in ``named`` (code: the name an item gives it).

    A code nobody has met becomes a topic of that name; one without a name is left out
    until a vocabulary or an item names it. One query, two more for what is new.
    """
    if not named:
        return {}
    known = _known(named)
    missing = {
        code: name.strip()
        for code, name in named.items()
        if code not in known and name and name.strip()
    }
    if missing:
        _make(missing)
        known.update(_known(missing))
    return known


def _known(codes: Mapping[str, object]) -> dict[str, KnownTopic]:
    known = {}
    for code, topic_id, slug, *above in _topics(list(codes)):
        root_id, root_slug = topic_id, slug
        for parent_id, parent_slug in zip(above[::2], above[1::2], strict=True):
            if parent_id is not None:
                root_id, root_slug = parent_id, parent_slug
        known[code] = KnownTopic(topic_id, root_id, root_slug)
    return known


def _make(missing: Mapping[str, str]) -> None:
    wanted = {code: slug_of(name, fallback="topic") for code, name in missing.items()}
    taken = set(
        Topic.objects.filter(slug__in=set(wanted.values())).values_list(
            "slug", flat=True
        )
    )
    rows = []
    for code, slug in wanted.items():
        # The code, not a counter: two workers at once mustn't choose the same address.
        free = slug if slug not in taken else free_slug(f"{slug}-{code}", taken)
        taken.add(free)
        name = missing[code]
        rows.append(
            Topic(code=code, slug=free, name=(name[:1].upper() + name[1:])[:120])
        )
    Topic.objects.bulk_create(rows, ignore_conflicts=True)
