"""Statements that are compiled to text once for each database and then only bound and run."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from operator import itemgetter
from typing import Any, Generic, TypeVar

from sqlalchemy import ARRAY, BindParameter, Dialect, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

from app.db.dialects import ACCOUNT, PostgreSQLDialect, SQLiteDialect
from app.db.expressions.listing import one_of
from app.db.packing import Packing

R = TypeVar("R")
Processor = Callable[[Any], Any]


def entity(of: type[SQLModel]) -> Any:
    """A row of the table, to select and compare: each call names another one."""
    return aliased(of)


def table(of: type[SQLModel]) -> Any:
    """The table itself, to insert, update and delete; its columns are under `c`."""
    return of.__table__  # type: ignore[attr-defined]


def param(name: str, type_: TypeEngine[Any] | type[TypeEngine[Any]]) -> BindParameter[Any]:
    """A value given by name when the statement runs."""
    return bindparam(name, type_=type_)


@dataclass(frozen=True, slots=True)
class Bind:
    """How one parameter gets its value: by its name, or the constant that stands in the statement; then `process`ed."""

    name: str | None
    constant: Any
    process: Processor | None

    def of(self, values: Mapping[str, Any]) -> Any:
        """The value of the parameter."""
        if self.name is None:
            return self.constant
        value = values[self.name]
        return self.process(value) if self.process else value

    def of_each(self, rows: Sequence[Mapping[str, Any]], shared: Mapping[str, Any]) -> Iterable[Any]:
        """Its value for each of the rows, or the one that is `shared` by them."""
        if self.name is None or self.name in shared:
            return repeat(self.of(shared), len(rows))
        values = map(itemgetter(self.name), rows)
        return map(self.process, values) if self.process else values


@dataclass(frozen=True, slots=True)
class Text:
    """A compiled statement: its SQL, how to bind values in order, and how to read columns where that takes work."""

    sql: str
    binds: tuple[Bind, ...]
    columns: tuple[Processor | None, ...]

    def bound(self, values: Mapping[str, Any]) -> list[Any]:
        """The values in the order in which the SQL takes them."""
        return [bind.of(values) for bind in self.binds]

    def each_bound(self, rows: Sequence[Mapping[str, Any]], shared: Mapping[str, Any]) -> Iterable[tuple[Any, ...]]:
        """The same for each of many rows, column by column: a third of the time."""
        return zip(*(bind.of_each(rows, shared) for bind in self.binds), strict=True)

    def read(self, row: Sequence[Any]) -> list[Any]:
        """The columns of a row, as Python values."""
        return [value if of is None else of(value) for of, value in zip(self.columns, row, strict=True)]


CONFINED: dict[str, Dialect] = {"sqlite": SQLiteDialect(), "postgresql": PostgreSQLDialect()}  # type: ignore[no-untyped-call]
EVERYWHERE: dict[str, Dialect] = {
    "sqlite": sqlite.dialect(),
    "postgresql": postgresql.asyncpg.dialect(),  # type: ignore[no-untyped-call]
}


class Statement(Generic[R]):
    """A statement and the type of its rows: `row` is called with the columns, in order.

    `everywhere` lifts the confinement to one account: for the few statements that find the account in the first place.
    """

    def __init__(
        self,
        row: Callable[..., R],
        statement: Executable,
        *,
        columns: Sequence[str] | None = None,
        everywhere: bool = False,
    ) -> None:
        self.row = row
        self._statement = statement
        self._columns = columns
        self._dialects = EVERYWHERE if everywhere else CONFINED
        self._texts: dict[str, Text] = {}

    def text(self, dialect: str) -> Text:
        """The statement for that database; compiled at its first use."""
        if dialect not in self._texts:
            self._texts[dialect] = self._compiled(self._dialects[dialect])
        return self._texts[dialect]

    def _compiled(self, dialect: Dialect) -> Text:
        compiled: Any = self._statement.compile(dialect=dialect, column_keys=self._columns)  # type: ignore[attr-defined]
        exported = getattr(self._statement, "exported_columns", ())
        return Text(
            compiled.string,
            tuple(binding(compiled.binds[name], dialect) for name in compiled.positiontup),
            tuple(column.type.dialect_impl(dialect).result_processor(dialect, None) for column in exported),
        )


def binding(bind: BindParameter[Any], dialect: Dialect) -> Bind:
    """How one parameter gets its value."""
    process = bind.type.dialect_impl(dialect).bind_processor(dialect)
    if bind.required:
        return Bind(bind.key, None, process)
    return Bind(None, process(bind.value) if process else bind.value, None)


def selecting(row: Callable[..., R], statement: ClauseElement, *, everywhere: bool = False) -> Statement[R]:
    """A SELECT whose columns are the arguments of `row`."""
    return Statement(row, statement, everywhere=everywhere)  # type: ignore[arg-type]


def changing(statement: ClauseElement) -> Statement[Any]:
    """An INSERT, UPDATE or DELETE; where it has RETURNING, its rows come as tuples."""
    return Statement(_row, statement)  # type: ignore[arg-type]


#: What becomes of a row that is there already: its new values, by the table and the row that was to be inserted.
Merging = Callable[[Any, Any], dict[str, Any]]


def inserting(
    of: type[SQLModel], *, skip_known: bool = False, merging: Merging | None = None, returning: Sequence[str] = ()
) -> Statement[Any]:
    """An INSERT of one whole row, given by column name; the account comes from the connection.

    With `skip_known`, a row that would break a unique key is left out; `merging` says what else becomes of one that has
    the primary key already. `returning` names the columns that come back of a row that was inserted.
    """
    into = table(of)
    values = {"account_id": ACCOUNT} | {c.key: bindparam(c.key, type_=c.type) for c in given_columns(into)}
    statement = on_conflict(postgresql.insert(into).values(values), into, skip_known, merging)
    if returning:
        return Statement(_row, statement.returning(*(into.columns[name] for name in returning)))
    return Statement(_row, statement)


def on_conflict(statement: Any, into: Any, skip_known: bool, merging: Merging | None) -> Any:
    """The INSERT with what it does about rows that are there already; SQLite spells it as PostgreSQL does."""
    if merging is not None:
        keys = [column.key for column in into.primary_key]
        return statement.on_conflict_do_update(index_elements=keys, set_=merging(into.c, statement.excluded))
    return statement.on_conflict_do_nothing() if skip_known else statement


def inserting_many(
    of: type[SQLModel], *, skip_known: bool, merging: Merging | None = None, returning: Sequence[str] = ()
) -> Statement[Any]:
    """The same for any number of rows on PostgreSQL: each column is given as a list, so that the SQL stays one text."""
    into = table(of)
    columns = given_columns(into)
    lists = [bindparam(c.key, type_=ARRAY(c.type, dimensions=1)) for c in columns]  # a JSON value may be a list itself
    given = func.unnest(*lists).table_valued(*(c.key for c in columns), name="given").render_derived()
    rows = select(ACCOUNT, *(given.c[c.key] for c in columns))
    statement = postgresql.insert(into).from_select(["account_id", *(c.key for c in columns)], rows)
    statement = on_conflict(statement, into, skip_known, merging)
    return Statement(_row, statement.returning(*(into.columns[name] for name in returning)) if returning else statement)


def given_columns(into: Any) -> list[Any]:
    """The columns of a row that whoever inserts it gives."""
    return [column for column in into.columns if column.key != "account_id"]


class Insertion:
    """Rows to be inserted into a table, however many; see `Writer.insert`.

    With `skip_known`, rows that would break a unique key are left out; where the table is `contested`, such a row means
    that somebody else was faster, and the work starts over. `merging` puts a row into one that is there: of several at
    once each must have a key of its own.
    """

    def __init__(
        self,
        of: type[SQLModel],
        *,
        skip_known: bool = False,
        contested: bool = False,
        merging: Merging | None = None,
    ) -> None:
        self.contested = contested
        self.one = inserting(of, skip_known=skip_known, merging=merging)
        self.many = inserting_many(of, skip_known=skip_known, merging=merging)
        self._of = of
        self._skip_known = skip_known
        self._merging = merging

    @cached_property
    def packing(self) -> Packing:
        """How many rows are packed for SQLite."""
        return Packing(given_columns(table(self._of)))

    @cached_property
    def packed(self) -> Statement[Any]:
        """Many rows on SQLite, as `packing` packs them."""
        names, rows = self.packing.unpacked()
        into = table(self._of)
        statement = postgresql.insert(into).from_select(names, rows)
        return Statement(_row, on_conflict(statement, into, self._skip_known, self._merging))

    @cached_property
    def many_new(self) -> Statement[Any]:
        """Rows of which some may be known, given as lists; the ids of those that were inserted."""
        return inserting_many(self._of, skip_known=True, returning=("id",))

    @cached_property
    def there(self) -> Statement[Any]:
        """Which of `ids` the table has."""
        rows = table(self._of)
        return Statement(_row, select(rows.c.id).where(one_of(rows.c.id, "ids")))


Inserts = dict[Insertion, list[Mapping[str, Any]]]


def listed(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The values of several rows by column, as `Insertion.many` takes them.

    A column without any value is an empty list: `unnest` fills up with NULL, and what is not sent takes no time.
    """
    return {name: _without_nothing([row[name] for row in rows]) for name in rows[0]}


def _without_nothing(values: list[Any]) -> list[Any]:
    return values if any(value is not None for value in values) else []


def _row(*columns: Any) -> tuple[Any, ...]:
    return columns
