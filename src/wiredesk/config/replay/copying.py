"""What isn't made anew: the newsroom's own set-up, and what nothing follows from.

A table is made anew, or is left behind, only where it is named here; every other one is
copied row for row, so that a new part of Wiredesk loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from wiredesk.config.replay.databases import SOURCE

# Follows from messages, orders and edits; or is one of these, and comes when it came.
_MADE_ANEW = frozenset(
    {
        "wire.message",
        "stories.story",
        "stories.storystanding",
        "stories.storyidentity",
        "stories.storytopic",
        "stories.storyauthor",
        "stories.storypicture",
        "stories.placement",
        "stories.reference",
        "stories.order",
        "stories.localedit",
        "stories.storyversion",
        "stories.correction",
        "delivery.searchentry",
        "delivery.bodypicture",
    }
)
# Sessions, attempts to sign in, tasks and the desk's search index: of the moment alone.
_LEFT_BEHIND = frozenset({"sessions", "axes", "django_tasks_db", "wagtailsearch"})
# A replay writes some of these again; what the site wrote the first time counts.
_LATE = frozenset({"logbook", "delivery"})
_AT_ONCE = 500

Model = type[models.Model]


def set_up_and_rest() -> tuple[list[Model], list[Model]]:
    """Give the models to copy before stories are made anew, and those to copy after."""
    copied = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and model._meta.label_lower not in _MADE_ANEW
        and model._meta.app_label not in _LEFT_BEHIND
    ]
    late = {model for model in copied if model._meta.app_label in _LATE}
    anew = {apps.get_model(label) for label in _MADE_ANEW}
    found = -1
    while found != len(late):
        found = len(late)
        late |= {
            model for model in copied if not _leads_to(model).isdisjoint(late | anew)
        }
    return (
        [model for model in copied if model not in late],
        [model for model in copied if model in late],
    )


def _leads_to(model: Model) -> set[Model]:
    return {
        field.related_model
        for field in model._meta.local_concrete_fields
        if field.is_relation and field.related_model is not None
    }


@transaction.atomic
def copy_rows(chosen: Iterable[Model]) -> int:
    """Make the tables of these models the same as the site's; gives how many rows."""
    wanted = list(chosen)
    with connection.cursor() as cursor:
        for model in reversed(wanted):
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608  (our own table)
    return sum(_copy(model) for model in wanted)


def _copy(model: Model) -> int:
    fields = model._meta.local_concrete_fields
    insert = _insert(model, fields)
    rows = 0
    with connection.cursor() as cursor:
        found = _rows(model, fields)
        while batch := list(islice(found, _AT_ONCE)):
            cursor.executemany(insert, batch)
            rows += len(batch)
    return rows


def _rows(model: Model, fields: Any) -> Iterator[list[Any]]:
    names = [field.attname for field in fields]
    source = model._base_manager.using(SOURCE).order_by("pk").values_list(*names)
    for values in source.iterator(chunk_size=_AT_ONCE):
        yield [
            field.get_db_prep_save(value, connection)
            for field, value in zip(fields, values, strict=True)
        ]


def _insert(model: Model, fields: Any) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    table = quote(model._meta.db_table)
    return f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608


def set_counters() -> None:
    """Have new rows numbered after all of the site's, copied or made anew."""
    for model in apps.get_models(include_auto_created=True):
        key = model._meta.pk
        if model._meta.proxy or not isinstance(
            key, models.AutoField | models.BigAutoField
        ):
            continue
        last = model._base_manager.using(SOURCE).aggregate(last=models.Max("pk"))[
            "last"
        ]
        if last:
            _set_counter(model, int(last))


def _set_counter(model: Model, last: int) -> None:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last]
            )
        else:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s)",
                [table, str(model._meta.pk.column), last],
            )
