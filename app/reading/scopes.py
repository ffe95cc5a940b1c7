"""What a nested statement may refer to outside of itself, and how deep it may be nested."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Subquery, select

from app.db.expressions import outer
from app.reading.errors import TooDeep
from app.reading.gluing import grouped
from app.reading.sources import Part, Selection

#: The symbols that SQLite's parser (3.40) holds while it reads what is nested in each; counted from its grammar.
IN_ONE, IN_LIST, IN_PAGE, IN_ROWS, IN_GROUP = 10, 13, 15, 6, 3
#: What merged timelines take more than other rows: of each parent's children, the last of the first is sought.
IN_TIMELINES = 6
#: It has room for 96 in a statement; the innermost field, or what says of which rows it is, takes up to 25 of them.
#: A source whose own SQL takes more says how many more: its `room`.
MOST_OPEN = 96 - 25


@dataclass(frozen=True, slots=True)
class Scope:
    """How deep a part of a statement is nested: the symbols that are open around it."""

    open: int = 0

    def opening(self, symbols: int) -> "Scope":
        """The scope within SQL that leaves so many symbols open. Raises TooDeep."""
        if self.open + symbols > MOST_OPEN:
            raise TooDeep
        return Scope(self.open + symbols)

    def holding(self, selection: Selection) -> "Scope":
        """The scope within the JSON of what is selected, put into groups where it is long. Raises TooDeep."""
        return self.opening(IN_GROUP * grouped(1 + sum(map(terms, selection.children))))


def terms(selection: Selection) -> int:
    """How many terms the JSON of a field takes at most, with the literal text before it."""
    if selection.source is None or isinstance(selection.source, Part):
        return 4 + sum(map(terms, selection.children))  # written out where it stands; a cursor takes 4
    return 2


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
    sources = {getattr(column, "table", None) for column in statement.selected_columns}
    if len(sources) == 1 and isinstance(source := sources.pop(), Subquery):
        return statement, Columns(source)
    rows = statement.subquery()
    return select(rows), Columns(rows)


def entity_of(statement: Select[Any]) -> Any:
    """The entity that a statement selects."""
    return statement.column_descriptions[0]["entity"]
