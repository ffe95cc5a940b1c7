"""What a nested statement may refer to outside of itself, and how deep it may be nested."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, Subquery, select

from app.db.expressions import outer
from app.reading.errors import MOST_NESTED, TooDeep

#: The symbols that SQLite's parser (3.40) holds while it reads what is nested in each; counted from its grammar. It has
#: room for 100, of which the innermost expressions take up to 20.
IN_ONE, IN_LIST, IN_PAGE, IN_ROWS, IN_EXPRESSION = 9, 12, 14, 17, 8
MOST_OPEN = 80


@dataclass(frozen=True, slots=True)
class Scope:
    """How deep a part of a statement is nested."""

    lists: int = 0
    open: int = 0

    def opening(self, symbols: int, *, lists: int = 0) -> "Scope":
        """The scope within SQL that leaves so many symbols open. Raises TooDeep."""
        scope = replace(self, open=self.open + symbols, lists=self.lists + lists)
        if scope.lists > MOST_NESTED or scope.open > MOST_OPEN:
            raise TooDeep
        return scope


OUTERMOST = Scope()


class Outside:
    """A row as the statements nested in it see it: its attributes are its columns."""

    def __init__(self, columns: Any) -> None:
        self._columns = columns

    def __getattr__(self, name: str) -> Any:
        return outer(getattr(self._columns, name))


class Columns:
    """A row of a statement that selects columns: its attributes are these columns."""

    def __init__(self, rows: Any) -> None:
        self._rows = rows

    def __getattr__(self, name: str) -> Any:
        return self._rows.c[name]


def told(statement: Select[Any]) -> tuple[Select[Any], Any]:
    """The statement and its row: the entity or the subquery that it selects, else its columns as a subquery.

    As few nested SELECTs as can be: SQLite's parser takes only so many.
    """
    description = statement.column_descriptions
    if len(description) == 1 and description[0]["entity"] is description[0]["expr"]:
        return statement, description[0]["entity"]
    sources = statement.columns_clause_froms
    if len(sources) == 1 and isinstance(sources[0], Subquery):
        return statement, Columns(sources[0])
    rows = statement.subquery()
    return select(rows), Columns(rows)


def entity_of(statement: Select[Any]) -> Any:
    """The entity that a statement selects."""
    return statement.column_descriptions[0]["entity"]
