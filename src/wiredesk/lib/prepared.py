"""Queries that are built once and asked often.

Django builds the same SQL anew each time it is asked: for a query of the wire's, ten
times as much work as SQLite has with it. Here a query set is compiled when it is first
needed, and only its lists of values and its moments change from then on.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import connection, models
from django.db.models.expressions import RawSQL
from django.db.models.query import get_related_populators
from django.db.models.sql import UpdateQuery

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from django.db.models import QuerySet

_Row = TypeVar("_Row", bound=models.Model)

# Stand for the lists and for values of an update; nothing has such an id or name.
_MARKS = tuple(range(-7_202_488, -7_202_480))
_MOMENT = datetime(1066, 10, 14, 9, 1, 7, tzinfo=UTC)  # stands for the moment


class PreparedQuery:
    """A ``values_list`` query set with lists of values in it, and a moment.

    ``build`` gets each list, and last the moment where there is one, and gives the query
    set, using a list in one ``__in`` or more, or its only value in a comparison; values
    are whole numbers or text. All else in it must be the same every time. How many rows
    are wanted, and from where, is in the query set or said when it is asked, not both.
    ``shifts`` are how far from the moment others lie that it compares with.
    """

    def __init__(
        self,
        build: Callable[..., QuerySet[Any, Any]],
        lists: int = 1,
        *,
        has_moment: bool = False,
        shifts: Sequence[timedelta] = (),
    ) -> None:
        self._build = build
        self._marks = _MARKS[:lists]
        self._moment = (_MOMENT,) if has_moment else ()
        self._shifts = (timedelta(), *shifts)
        self._compiled: dict[str, _Compiled] = {}

    def __call__(
        self,
        *lists: Collection[int] | Collection[str],
        at: datetime | None = None,
        most: int | None = None,
        skip: int = 0,
    ) -> list[tuple[Any, ...]]:
        """Give the rows for these lists; an empty list is in nothing, so no row is.

        ``most`` and ``skip`` cut a query set that isn't cut itself.
        """
        if not all(lists):
            return []
        cut = "" if most is None else _cut(most, skip)
        return self._ready().rows([lists], _moments(at, self._shifts), cut)

    def for_each(
        self, numbers: Collection[int], *, most: int, at: datetime | None = None
    ) -> list[tuple[Any, ...]]:
        """Give the rows for each number alone, ``most`` of each; one statement."""
        if not numbers:
            return []
        each = [([number],) for number in numbers]
        return self._ready().rows(each, _moments(at, self._shifts), _cut(most, 0))

    def statement(self, *, at: datetime | None = None) -> tuple[str, list[Any]]:
        """Give the statement itself, for use within another, and its values."""
        values: list[Any] = []
        return self._ready().statement((), _moments(at, self._shifts), values), values

    def _ready(self) -> _Compiled:
        vendor = connection.vendor
        compiled = self._compiled.get(vendor)
        if compiled is None:
            lists = ([mark] for mark in self._marks)
            query = self._build(*lists, *self._moment)
            compiled = _Compiled(query, self._marks, self._shifts)
            self._compiled[vendor] = compiled
        return compiled


class PreparedObjects(Generic[_Row]):
    """The same for a query set of whole objects.

    With what ``select_related`` and ``annotate`` add; nothing is prefetched.
    """

    def __init__(
        self,
        build: Callable[..., QuerySet[_Row, _Row]],
        lists: int = 1,
        *,
        has_moment: bool = False,
    ) -> None:
        self._query = PreparedQuery(build, lists, has_moment=has_moment)

    def __call__(
        self,
        *lists: Collection[int] | Collection[str],
        at: datetime | None = None,
    ) -> list[_Row]:
        """Give the objects for these lists; see ``PreparedQuery``."""
        rows = self._query(*lists, at=at)
        return self._query._ready().objects(rows) if rows else []


class PreparedUpdate:
    """An update of the rows of a query set with lists of values in it.

    ``changes`` are columns by name: a value that is always the same, or ``...`` for one
    that the caller gives each time; he gives these in their order. ``build``, its lists
    and its moments are as for ``PreparedQuery``.
    """

    def __init__(
        self,
        build: Callable[..., QuerySet[Any, Any]],
        changes: dict[str, Any],
        lists: int = 1,
        *,
        has_moment: bool = False,
        shifts: Sequence[timedelta] = (),
    ) -> None:
        self._build, self._changes, self._lists = build, changes, lists
        self._moment = (_MOMENT,) if has_moment else ()
        self._shifts = (timedelta(), *shifts)
        self._given = [name for name, value in changes.items() if value is ...]
        self._compiled: dict[str, tuple[_Compiled, list[Any]]] = {}

    def __call__(
        self,
        *given: Any,
        lists: tuple[Collection[int] | Collection[str], ...],
        at: datetime | None = None,
    ) -> int:
        """Update the rows for these lists; gives how many there were."""
        if not all(lists):
            return 0
        found = self._compiled.get(connection.vendor)
        if found is None:
            found = self._compiled[connection.vendor] = self._compile()
        compiled, fields = found
        own = [
            (field.get_db_prep_save(value, connection),)
            for field, value in zip(fields, given, strict=True)
        ]
        return compiled.run((*lists, *own), _moments(at, self._shifts))

    def _compile(self) -> tuple[_Compiled, list[Any]]:
        marks = _MARKS[: self._lists + len(self._given)]
        lists = ([mark] for mark in marks[: self._lists])
        rows = self._build(*lists, *self._moment)
        own = dict(zip(self._given, marks[self._lists :], strict=True))
        update: Any = rows.query.chain(UpdateQuery)
        update.add_update_values(
            {
                name: RawSQL("%s", [own[name]]) if name in own else value
                for name, value in self._changes.items()
            }
        )
        fields = [rows.model._meta.get_field(name) for name in self._given]
        return _Compiled(rows, marks, self._shifts, update), fields


class _Compiled:
    def __init__(
        self,
        rows: QuerySet[Any, Any],
        marks: tuple[int, ...],
        shifts: Sequence[timedelta],
        update: UpdateQuery | None = None,
    ) -> None:
        query = rows.query if update is None else update
        self.compiler = query.get_compiler(connection=connection)
        sql, values = self.compiler.as_sql()
        # The statement's pieces between values; a mark's place takes a whole list.
        self.pieces = sql.split("%s")
        by_mark = {str(mark): number for number, mark in enumerate(marks)}
        # Below zero: the places of the moments, which are in no list.
        for place, moment in enumerate(_moments(_MOMENT, shifts)):
            by_mark[str(moment)] = ~place
        self.values = [(by_mark.get(str(value)), value) for value in values]
        selected = [column for column, _, _ in self.compiler.select or ()]
        self.converters = self.compiler.get_converters(selected)
        shape = self.compiler.klass_info
        self.shape = _Shape(self.compiler, shape) if shape else None

    def rows(
        self,
        asked: Sequence[tuple[Collection[Any], ...]],
        moments: Sequence[Any],
        cut: str = "",
    ) -> list[tuple[Any, ...]]:
        """Give the rows for each tuple of lists, each cut alike, all in one statement."""
        values = list[Any]()
        statements = [self.statement(lists, moments, values) + cut for lists in asked]
        sql = statements[0]
        if statements[1:]:
            sql = " UNION ALL ".join(
                f"SELECT * FROM ({each}) part_{place}"  # noqa: S608 - Django's own SQL
                for place, each in enumerate(statements)
            )
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        if not self.converters:
            return found
        return [
            tuple(row) for row in self.compiler.apply_converters(found, self.converters)
        ]

    def run(self, lists: tuple[Collection[Any], ...], moments: Sequence[Any]) -> int:
        """Do what changes rows; gives how many."""
        values = list[Any]()
        with connection.cursor() as cursor:
            cursor.execute(self.statement(lists, moments, values), values)
            return int(cursor.rowcount)

    def statement(
        self,
        lists: tuple[Collection[Any], ...],
        moments: Sequence[Any],
        values: list[Any],
    ) -> str:
        """Give the statement for these lists; its values are added to ``values``."""
        sql = [self.pieces[0]]
        for (number, value), piece in zip(self.values, self.pieces[1:], strict=True):
            if number is None or number < 0:
                sql.append("%s")
                values.append(value if number is None else moments[~number])
            else:
                sql.append(", ".join(["%s"] * len(lists[number])))
                values.extend(lists[number])
            sql.append(piece)
        return "".join(sql)

    def objects(self, rows: list[tuple[Any, ...]]) -> list[Any]:
        """Give rows as objects."""
        if self.shape is None:
            raise TypeError("This query gives values; take PreparedQuery for it.")
        return [self.shape.object_of(row) for row in rows]


class _Shape:
    """How a row becomes an object, as a query set does it (Django's ``ModelIterable``)."""

    def __init__(self, compiler: Any, shape: dict[str, Any]) -> None:
        places: list[int] = shape["select_fields"]
        self.model: type[models.Model] = shape["model"]
        self.database = connection.alias
        self.columns = slice(places[0], places[-1] + 1)
        selected = compiler.select[self.columns]
        self.names = [column.target.attname for column, *_ in selected]
        populators: Any = get_related_populators
        self.related = populators(shape, compiler.select, self.database)
        self.added = list((compiler.annotation_col_map or {}).items())

    def object_of(self, row: tuple[Any, ...]) -> models.Model:
        each = self.model.from_db(self.database, self.names, row[self.columns])
        for populator in self.related:
            populator.populate(row, each)
        for name, place in self.added:
            setattr(each, name, row[place])
        return each


def _cut(most: int, skip: int) -> str:
    return f" LIMIT {most:d} OFFSET {skip:d}"


def _moments(at: datetime | None, shifts: Sequence[timedelta]) -> list[Any]:
    """Give the moment and those beside it as the database takes them."""
    if at is None:
        return []
    return [connection.ops.adapt_datetimefield_value(at + shift) for shift in shifts]
