"""Bring IPTC's Media Topics into the newsroom's own topics."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from wiredesk.lib.slugs import free_slug, slug_of
from wiredesk.topics.models import Topic
from wiredesk.topics.vocabulary import Concept, read_vocabulary


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a vocabulary brought: concepts read, of these retired; topics touched."""

    read: int
    retired: int
    added: int
    changed: int


@transaction.atomic
def load_vocabulary(path: Path, language: str = "en-GB") -> Loaded:
    """Bring the Media Topics of the file at ``path`` in; gives counts.

    A topic that is already there keeps its name, address and description: the newsroom
    may have chosen them. It only gets its place under a broader topic, and words where
    it had none. Retired concepts add nothing. Safe to repeat. Raises
    ``VocabularyError`` for a file of another kind.
    """
    concepts = read_vocabulary(path, language)
    current = [concept for concept in concepts if not concept.retired]
    added = _add(current)
    changed = _place(current)
    return Loaded(len(concepts), len(concepts) - len(current), added, changed)


def _add(concepts: list[Concept]) -> int:
    known = set(Topic.objects.values_list("code", flat=True))
    taken = set(Topic.objects.values_list("slug", flat=True))
    rows = []
    for concept in concepts:
        if concept.code in known:
            continue
        known.add(concept.code)
        slug = free_slug(slug_of(concept.name, fallback="topic"), taken)
        taken.add(slug)
        name = concept.name[:1].upper() + concept.name[1:]
        rows.append(
            Topic(
                code=concept.code,
                name=name[:120],
                slug=slug,
                description=concept.definition,
            )
        )
    Topic.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def _place(concepts: list[Concept]) -> int:
    topics = {
        topic.code: topic
        for topic in Topic.objects.filter(code__in=[entry.code for entry in concepts])
    }
    changed = []
    for concept in concepts:
        topic = topics[concept.code]
        parent = topics.get(concept.parent) if concept.parent else None
        before = (topic.parent_id, topic.description)
        if parent is not None and parent.pk != topic.pk:
            topic.parent_id = parent.pk
        topic.description = topic.description or concept.definition
        if (topic.parent_id, topic.description) != before:
            changed.append(topic)
    Topic.objects.bulk_update(changed, ["parent", "description"], batch_size=200)
    return len(changed)
