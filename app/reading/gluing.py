"""JSON text made of literal text and SQL expressions."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement

#: Literal text, or an expression that yields text and is never NULL (a NULL would null the whole answer).
Piece = Any


LONGEST_CHAIN = 200


class Glued(ColumnElement[str]):
    """Pieces one after the other.

    SQLite takes an expression at most 1000 deep, and its parser only some 100 open symbols: so it is a chain while that
    is short enough and a balanced tree of chains beyond, and no parenthesis is written that is not needed.
    """

    inherit_cache = False
    type = String()

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces

    @property
    def _from_objects(self) -> list[Any]:
        return [source for piece in self.pieces if not isinstance(piece, str) for source in piece._from_objects]


@compiles(Glued)
def _glued(glued: Glued, compiler: SQLCompiler, **kw: Any) -> str:
    kw.pop("within_columns_clause", None)  # its parts are not columns of the statement
    return chained([quoted(p) if isinstance(p, str) else compiler.process(p, **kw) for p in glued.pieces])


def quoted(text: str) -> str:
    """Constant text of ours (keys, braces, type names) as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def chained(terms: list[str]) -> str:
    """The concatenation of the terms."""
    if len(terms) <= LONGEST_CHAIN:
        return " || ".join(terms)
    middle = len(terms) // 2
    return f"({chained(terms[:middle])}) || ({chained(terms[middle:])})"


def glue(pieces: Iterable[Piece]) -> Glued:
    """The pieces as one expression; neighbouring literals become one."""
    merged: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        else:
            merged.append(piece)
    return Glued(merged)


def braced(members: Iterable[tuple[str, list[Piece]]]) -> list[Piece]:
    """A JSON object of the members, braces included."""
    out: list[Piece] = ["{"]
    for number, (key, value) in enumerate(members):
        out += [f'{"," if number else ""}"{key}":', *value]
    return [*out, "}"]


def narrowed(statement: Select[Any], *columns: Any) -> Select[Any]:
    """The same rows, other columns."""
    return statement.with_only_columns(*columns, maintain_column_froms=True)
