"""What is found within texts."""

from typing import Any

from sqlalchemy import BindParameter, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import NullType


class contains(ColumnElement[Any]):  # noqa: N801 -- reads like an operator
    """The text has another within it: the letters A to Z in any case, everything else as it stands, no wildcards.

    Other letters have no case here: SQLite knows none of them. On PostgreSQL the collation C makes it the same.
    """

    inherit_cache = False
    type = NullType()  # a Boolean would be compared with 1 on SQLite

    def __init__(self, column: Any, text: BindParameter[Any]) -> None:
        self.column = column
        self.text = bindparam(text.key, type_=String())

    @property
    def _from_objects(self) -> list[Any]:
        return list(self.column._from_objects)


@compiles(contains, "sqlite")
def _contains_sqlite(element: contains, compiler: SQLCompiler, **kw: Any) -> str:
    column, text = compiler.process(element.column, **kw), compiler.process(element.text, **kw)
    return f"instr(lower({column}), lower({text})) > 0"


@compiles(contains, "postgresql")
def _contains_postgresql(element: contains, compiler: SQLCompiler, **kw: Any) -> str:
    column, text = compiler.process(element.column, **kw), compiler.process(element.text, **kw)
    return f'strpos(lower({column} COLLATE "C"), lower({text} COLLATE "C")) > 0'
