"""What the wire's own ways to the database promise beside Django's."""

from __future__ import annotations

import pytest
from django.utils import timezone

from wiredesk.lib.prepared import PreparedQuery
from wiredesk.lib.rows import insert_rows, new_row
from wiredesk.logbook.models import Entry

pytestmark = pytest.mark.django_db

_by_verb = PreparedQuery(
    lambda verbs, things: (
        Entry.objects.filter(verb__in=verbs, thing__in=things)
        .exclude(verb="never")
        .order_by("pk")
        .values_list("verb", "detail", "at")
    ),
    lists=2,
)


def _entry(verb: str, **values: object) -> Entry:
    return new_row(
        Entry, at=timezone.now(), verb=verb, thing="story:1", digest="", **values
    )


def test_a_prepared_query_gives_what_the_query_set_would() -> None:
    rows = [_entry("take", detail={"a": 1}), _entry("hold"), _entry("never")]
    insert_rows(rows)
    for verbs in (["take"], ["take", "hold", "never"], ["hold"], ["unheard of"]):
        expected = (
            Entry.objects.filter(verb__in=verbs, thing="story:1")
            .exclude(verb="never")
            .order_by("pk")
            .values_list("verb", "detail", "at")
        )
        assert _by_verb(verbs, ["story:1"]) == list(expected)


def test_a_prepared_query_finds_nothing_in_an_empty_list() -> None:
    insert_rows([_entry("take")])
    assert _by_verb([], ["story:1"]) == []


def test_a_new_row_is_like_one_the_model_made() -> None:
    made, called = _entry("take"), Entry(verb="take", thing="story:1", digest="")
    called.at = made.at
    for field in Entry._meta.concrete_fields:
        assert getattr(made, field.attname) == getattr(called, field.attname)
    assert made.detail is not _entry("take").detail


def test_values_of_every_kind_come_back_as_they_went() -> None:
    row = _entry("take", detail={"words": ["Größe", 'a "quoted" one', None, 1.5]})
    insert_rows([row])
    kept = Entry.objects.get(pk=row.pk)
    assert (kept.detail, kept.at, kept.person_id) == (row.detail, row.at, None)
