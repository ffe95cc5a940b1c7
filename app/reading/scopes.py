"""What a nested statement may refer to outside of itself."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, inspect, select

from app.reading.errors import MOST_NESTED, TooDeep


class Columns:
    """A row of a statement that selects columns: its attributes are these columns."""

    def __init__(self, rows: Any) -> None:
        self.rows = rows

    def __getattr__(self, name: str) -> Any:
        return self.rows.c[name]


@dataclass(frozen=True, slots=True)
class Scope:
    """The sources of the statements around, which a nested one refers to instead of listing them anew."""

    sources: tuple[Any, ...] = ()
    lists: int = 0

    def within(self, row: Any) -> "Scope":
        """The scope of what is nested in that row."""
        source = row.rows if isinstance(row, Columns) else inspect(row).selectable
        return Scope((*self.sources, source), self.lists)

    def listing(self) -> "Scope":
        """The scope within one list more. Raises TooDeep: SQLite's parser overflows at about nine."""
        if self.lists == MOST_NESTED:
            raise TooDeep
        return Scope(self.sources, self.lists + 1)


OUTERMOST = Scope()


def told(statement: Select[Any]) -> tuple[Select[Any], Any]:
    """The statement and its row: the entity where it selects one, else its columns, read as a subquery."""
    description = statement.column_descriptions
    if len(description) == 1 and description[0]["entity"] is description[0]["expr"]:
        return statement, description[0]["entity"]
    rows = statement.subquery()
    return select(rows), Columns(rows)


def entity_of(statement: Select[Any]) -> Any:
    """The entity that a statement selects."""
    return statement.column_descriptions[0]["entity"]
