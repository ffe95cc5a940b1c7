"""Lists as one parameter, so that their length is no part of the SQL."""

import json
from typing import Any

from sqlalchemy import ARRAY, BindParameter, Dialect, String, Uuid, bindparam, column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlalchemy.types import NullType, Text, TypeDecorator, TypeEngine

from app.db.types import Id


class _Texts(TypeDecorator[Any]):
    """A list of texts as one parameter: an array on PostgreSQL, a JSON list on SQLite."""

    impl, cache_ok = Text, True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(String()))

    def bind_processor(self, dialect: Dialect) -> Any:
        return _json_list if dialect.name == "sqlite" else list


def _json_list(texts: Any) -> str:
    return json.dumps(list(texts), ensure_ascii=False)


class _Ids(TypeDecorator[Any]):
    """A list of UUIDs as one parameter: an array on PostgreSQL, a JSON list of hex digits on SQLite."""

    impl, cache_ok = Text, True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(Uuid()))

    def bind_processor(self, dialect: Dialect) -> Any:
        return _hex_list if dialect.name == "sqlite" else list


def _hex_list(ids: Any) -> str:
    return "[" + ",".join(f'"{id.hex}"' for id in ids) + "]"


class one_of(ColumnElement[Any]):  # noqa: N801 -- reads like an operator
    """The column holds one of the ids of one list parameter, so that the list's length is not part of the SQL."""

    inherit_cache = False
    type = NullType()  # a Boolean would be compared with 1 on SQLite, and no index used

    def __init__(self, column: Any, ids: str | BindParameter[Any]) -> None:
        self.column = column
        self.ids = bindparam(ids if isinstance(ids, str) else ids.key, type_=_Ids())

    @property
    def _from_objects(self) -> list[Any]:
        return list(self.column._from_objects)


@compiles(one_of, "sqlite")
def _one_of_sqlite(element: one_of, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = compiler.process(element.column, **kw), compiler.process(element.ids, **kw)
    return f"{column} IN (SELECT unhex(value) FROM json_each({ids}))"


@compiles(one_of, "postgresql")
def _one_of_postgresql(element: one_of, compiler: SQLCompiler, **kw: Any) -> str:
    return f"{compiler.process(element.column, **kw)} = ANY ({compiler.process(element.ids, **kw)})"


class one_of_texts(one_of):  # noqa: N801
    """The same for a column of text."""

    inherit_cache = False

    def __init__(self, column: Any, texts: str | BindParameter[Any]) -> None:
        self.column = column
        self.ids = bindparam(texts if isinstance(texts, str) else texts.key, type_=_Texts())


@compiles(one_of_texts, "sqlite")
def _one_of_texts_sqlite(element: one_of_texts, compiler: SQLCompiler, **kw: Any) -> str:
    column, texts = compiler.process(element.column, **kw), compiler.process(element.ids, **kw)
    return f"{column} IN (SELECT value FROM json_each({texts}))"


class holds_one_of(one_of_texts):  # noqa: N801
    """The text, or the JSON as text, has one of the texts of a list parameter within it."""

    inherit_cache = False


@compiles(holds_one_of, "sqlite")
def _holds_one_of_sqlite(element: holds_one_of, compiler: SQLCompiler, **kw: Any) -> str:
    column, texts = compiler.process(element.column, **kw), compiler.process(element.ids, **kw)
    return f"EXISTS (SELECT 1 FROM json_each({texts}) WHERE instr({column}, value) > 0)"


@compiles(holds_one_of, "postgresql")
def _holds_one_of_postgresql(element: holds_one_of, compiler: SQLCompiler, **kw: Any) -> str:
    column, texts = compiler.process(element.column, **kw), compiler.process(element.ids, **kw)
    return f"EXISTS (SELECT 1 FROM unnest({texts}) AS sought WHERE strpos({column}::text, sought) > 0)"


class _EachOf(FunctionElement[Any]):
    """The ids of a list parameter, a row each."""

    inherit_cache = True


@compiles(_EachOf, "sqlite")
def _each_of_sqlite(element: _EachOf, compiler: SQLCompiler, **kw: Any) -> str:
    return f"(SELECT unhex(value) AS id FROM json_each({compiler.process(element.clauses, **kw)}))"


@compiles(_EachOf, "postgresql")
def _each_of_postgresql(element: _EachOf, compiler: SQLCompiler, **kw: Any) -> str:
    return f"(SELECT unnest({compiler.process(element.clauses, **kw)}) AS id)"


def each_of(ids: BindParameter[Any]) -> TableValuedAlias:
    """A FROM element with the column `id`: a row for each id of one list parameter, which has none of them twice.

    To be joined `in_order`. With `one_of`, SQLite reads all of an account in an index that has the columns it needs.
    """
    return _EachOf(bindparam(ids.key, type_=_Ids())).table_valued(column("id", Id()))
