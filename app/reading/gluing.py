"""JSON text made of literal text and SQL expressions."""

from collections.abc import Iterable, Sequence
from math import ceil
from typing import Any

from sqlalchemy import Select, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement

#: Literal text, or an expression that yields text and is never NULL (a NULL would null the whole answer).
Piece = Any


#: How many terms are written one after the other; more are put into groups.
LONGEST_CHAIN = 20


class Glued(ColumnElement[str]):
    """Pieces one after the other, in groups where they are many.

    A chain is as deep as it is long, what stands first being deepest. SQLite takes 1000, and what is nested in three
    SELECTs it counts three times: eight such chains within each other make 750. Groups are less deep, but take room
    that the parser has little of; see `scopes`.
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
    return chained([_term(piece, compiler, **kw) for piece in glued.pieces])


def _term(piece: Piece, compiler: SQLCompiler, **kw: Any) -> str:
    if isinstance(piece, str):
        return quoted(piece)
    term = compiler.process(piece, **kw)
    return f"({term})" if isinstance(piece, Glued) else term


def quoted(text: str) -> str:
    """Constant text of ours (keys, braces, type names) as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def chained(terms: list[str]) -> str:
    """The concatenation of the terms: a chain, or a chain of groups, or of groups of groups."""
    if len(terms) <= LONGEST_CHAIN:
        return " || ".join(terms)
    starts = range(0, len(terms), LONGEST_CHAIN)
    return chained([f"({chained(terms[start : start + LONGEST_CHAIN])})" for start in starts])


def grouped(terms: int) -> int:
    """How many groups stand around each of so many terms."""
    return 0 if terms <= LONGEST_CHAIN else 1 + grouped(ceil(terms / LONGEST_CHAIN))


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
