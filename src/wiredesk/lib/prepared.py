"""Queries that are built once and asked often.

Django builds the same SQL anew each time it is asked: for a query of the wire's, ten
times as much work as SQLite has with it. Here a query set is compiled when it is first
needed, and only its lists of values change from then on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from django.db.models import QuerySet

_MARKS = (-7_202_481, -7_202_482)  # stand for the lists; nothing has such an id or name


class PreparedQuery:
    """A ``values_list`` query set with up to two lists of values in it.

    ``build`` gets each list and gives the query set, using it in one ``__in`` or more;
    values are whole numbers or text. Everything else in it must be the same every time.
    """

    def __init__(
        self, build: Callable[..., QuerySet[Any, Any]], lists: int = 1
    ) -> None:
        self._build = build
        self._marks = _MARKS[:lists]
        self._compiled: dict[str, _Compiled] = {}

    def __call__(
        self, *lists: Collection[int] | Collection[str]
    ) -> list[tuple[Any, ...]]:
        """Give the rows for these lists; an empty list is in nothing, so no row is."""
        if not all(lists):
            return []
        vendor = connection.vendor
        compiled = self._compiled.get(vendor)
        if compiled is None:
            compiled = self._compiled[vendor] = _Compiled(
                self._build(*([mark] for mark in self._marks)), self._marks
            )
        return compiled.rows(lists)


class _Compiled:
    def __init__(self, query: QuerySet[Any, Any], marks: tuple[int, ...]) -> None:
        self.compiler = query.query.get_compiler(connection=connection)
        sql, values = self.compiler.as_sql()
        # The statement's pieces between values; a mark's place takes a whole list.
        self.pieces = sql.split("%s")
        by_mark = {str(mark): number for number, mark in enumerate(marks)}
        self.values = [(by_mark.get(str(value)), value) for value in values]
        selected = [column for column, _, _ in self.compiler.select]
        self.converters = self.compiler.get_converters(selected)

    def rows(self, lists: tuple[Collection[Any], ...]) -> list[tuple[Any, ...]]:
        sql = [self.pieces[0]]
        values: list[Any] = []
        for (number, value), piece in zip(self.values, self.pieces[1:], strict=True):
            if number is None:
                sql.append("%s")
                values.append(value)
            else:
                sql.append(", ".join(["%s"] * len(lists[number])))
                values.extend(lists[number])
            sql.append(piece)
        with connection.cursor() as cursor:
            cursor.execute("".join(sql), values)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        if not self.converters:
            return found
        return [
            tuple(row) for row in self.compiler.apply_converters(found, self.converters)
        ]
