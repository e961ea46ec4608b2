"""What the wire's own ways to the database promise beside Django's."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from wiredesk.lib.prepared import PreparedObjects, PreparedQuery, PreparedUpdate
from wiredesk.lib.rows import insert_rows, known_row, new_row
from wiredesk.logbook.models import Entry, Person

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
_change = PreparedUpdate(
    lambda verbs: Entry.objects.filter(verb__in=verbs, thing="story:1"),
    {"at": ..., "digest": "changed", "detail": ...},
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


_before = PreparedObjects(
    lambda verbs, now: (
        Entry.objects.filter(verb__in=verbs, at__lte=now)
        .select_related("person")
        .annotate(is_take=Q(verb="take"))
        .order_by("pk")
    ),
    has_moment=True,
)
_newest = PreparedQuery(
    lambda numbers, now: (
        Entry.objects.filter(person_id__in=numbers, at__lte=now)
        .order_by("-pk")
        .values_list("person_id", "verb")
    ),
    has_moment=True,
)


def test_prepared_objects_are_those_of_the_query_set_as_of_any_moment() -> None:
    editor = Person.objects.create(name="Ida Marlow")
    now = timezone.now()
    old, new = _entry("take", person_id=editor.pk), _entry("hold", detail={"a": 1})
    old.at, new.at = now - timedelta(hours=1), now
    insert_rows([old, new])
    for moment, expected in ((now, [old, new]), (now - timedelta(minutes=1), [old])):
        found = _before(["take", "hold"], at=moment)
        assert [(each.pk, each.at, each.detail) for each in found] == [
            (each.pk, each.at, each.detail) for each in expected
        ]
    with CaptureQueriesContext(connection) as asked:
        assert found[0].person == editor
        assert vars(found[0])["is_take"]
    assert not asked.captured_queries
    assert _before([], at=now) == []


_within = PreparedQuery(
    lambda verbs, now: (
        Entry.objects.filter(
            verb__in=verbs, at__gt=now - timedelta(hours=2), at__lte=now
        )
        .order_by("-at")
        .values_list("verb", "at")
    ),
    has_moment=True,
    shifts=(-timedelta(hours=2),),
)
_rename = PreparedUpdate(
    lambda verbs, now: Entry.objects.filter(
        verb__in=verbs, at__lt=now + timedelta(hours=1)
    ),
    {"verb": ...},
    has_moment=True,
    shifts=(timedelta(hours=1),),
)


def test_a_prepared_query_knows_moments_beside_its_own_and_gives_so_many_rows() -> None:
    now = timezone.now()
    rows = [_entry("take") for _ in range(4)]
    for hours, row in enumerate(rows):
        row.at = now - timedelta(hours=hours)
    insert_rows(rows)

    def found(at: datetime, **cut: int) -> list[int]:
        return [
            round((now - each).seconds / 3600)
            for _, each in _within(["take"], at=at, **cut)
        ]

    assert found(now) == [0, 1]
    assert found(now, most=1) == [0]
    assert found(now, most=1, skip=1) == [1]
    assert found(now, most=1, skip=2) == []
    assert found(now - timedelta(minutes=90)) == [2, 3]
    assert _rename("hold", lists=(["take"],), at=now - timedelta(hours=2)) == 2
    assert [row.verb for row in Entry.objects.order_by("-at")] == [
        *("take", "take", "hold", "hold")
    ]


def test_each_of_many_numbers_gets_as_many_rows_as_it_would_alone() -> None:
    now = timezone.now()
    users = [Person.objects.create(name=name) for name in ("Ida", "Bo")]
    insert_rows(
        [
            _entry(f"{verb}{user.pk}", person_id=user.pk)
            for verb in "abc"
            for user in users
        ]
    )
    ids = [user.pk for user in users]
    with CaptureQueriesContext(connection) as asked:
        rows = _newest.for_each([*ids, 0], most=2, at=timezone.now())
    assert len(asked.captured_queries) == 1
    assert rows == [(pk, f"{verb}{pk}") for pk in ids for verb in "cb"]
    assert _newest.for_each(ids, most=2, at=now) == []
    assert _newest.for_each([], most=2, at=now) == []


def test_a_known_row_reads_the_rest_when_it_is_asked_for() -> None:
    entry = _entry("take", detail={"a": 1})
    insert_rows([entry])
    row = known_row(Entry, ("id", "verb"), (entry.pk, "take"))
    assert row == entry
    assert row.detail == {"a": 1}


def test_a_prepared_update_changes_its_rows_and_no_others() -> None:
    insert_rows([_entry("take"), _entry("hold"), _entry("kill")])
    for at in (timezone.now(), timezone.now()):
        for verbs, many in ((["take", "kill"], 2), (["kill"], 1), ([], 0)):
            detail = {"verbs": verbs}
            assert _change(at, detail, lists=(verbs,)) == many
            changed = Entry.objects.filter(verb__in=verbs)
            told = list(changed.values_list("at", "digest", "detail"))
            assert told == [(at, "changed", detail)] * many
    assert Entry.objects.get(verb="hold").digest == ""


def test_rows_that_need_no_ids_get_them_from_the_database() -> None:
    insert_rows([_entry("take"), _entry("hold")], want_ids=False)
    later = _entry("kill")
    insert_rows([later])
    assert later.pk == max(Entry.objects.values_list("pk", flat=True))
    assert Entry.objects.count() == 3
