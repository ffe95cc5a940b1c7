"""The few SQL expressions that the two databases spell differently, each declared once."""

import json
from typing import Any

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Dialect,
    Float,
    Integer,
    String,
    Uuid,
    bindparam,
    column,
    inspect,
    literal_column,
    true,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement, True_
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import FromClause, Join, TableValuedAlias
from sqlalchemy.types import NullType, Text, TypeDecorator, TypeEngine

from app.db.types import Id, Json


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


def constant(value: str | int) -> ColumnElement[Any]:
    """A constant of ours as it stands in the SQL: what a partial index or a plan depends on is not to be bound."""
    text = str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
    return literal_column(text, Integer if isinstance(value, int) else String)


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

    def __init__(self, column: Any, texts: str) -> None:
        self.column = column
        self.ids = bindparam(texts, type_=_Texts())


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


class _Members(FunctionElement[Any]):
    """The members of a JSON object, a row each."""

    inherit_cache = True


@compiles(_Members, "sqlite")
def _members_sqlite(element: _Members, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **kw)})"


@compiles(_Members, "postgresql")
def _members_postgresql(element: _Members, compiler: SQLCompiler, **kw: Any) -> str:
    return f"jsonb_each({compiler.process(element.clauses, **kw)})"


def members(json: ColumnElement[Any], name: str) -> TableValuedAlias:
    """A FROM element with the columns `key` and `value` of a JSON object; see `member_value`."""
    return _Members(json).table_valued("key", "value", "type", name=name)


class _TextMembers(FunctionElement[Any]):
    """The members of a JSON object of texts, a row each."""

    inherit_cache = True


@compiles(_TextMembers, "sqlite")
def _text_members_sqlite(element: _TextMembers, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **kw)})"


@compiles(_TextMembers, "postgresql")
def _text_members_postgresql(element: _TextMembers, compiler: SQLCompiler, **kw: Any) -> str:
    return f"jsonb_each_text({compiler.process(element.clauses, **kw)})"


def text_members(json: ColumnElement[Any], name: str) -> TableValuedAlias:
    """A FROM element with the columns `key` and `value` of a JSON object whose values are all texts."""
    return _TextMembers(json).table_valued(column("key", String()), column("value", String()), name=name)


class text_at(FunctionElement[str]):  # noqa: N801
    """The text under a key, any expression, of a JSON object whose values are all texts; NULL where there is none.

    No key has a dot or a bracket in it, nor begins with a digit: SQLite would take it for a path. It parses the object
    once for all rows, as it does for no table of members.
    """

    inherit_cache = True
    type = String()


@compiles(text_at)
def _text_at(element: text_at, compiler: SQLCompiler, **kw: Any) -> str:
    json, key = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({json} ->> {key})"


class member_value(ColumnElement[Any]):  # noqa: N801
    """The value of a member as JSON."""

    inherit_cache = False
    type = Json()

    def __init__(self, member: TableValuedAlias) -> None:
        self.member = member

    @property
    def _from_objects(self) -> list[Any]:
        return list(self.member.c.value._from_objects)


@compiles(member_value, "sqlite")
def _member_value_sqlite(element: member_value, compiler: SQLCompiler, **kw: Any) -> str:
    kind, value = (compiler.process(element.member.c[name], **kw) for name in ("type", "value"))
    return (
        f"CASE {kind} WHEN 'text' THEN json_quote({value}) WHEN 'real' THEN json_float({value}) "
        f"WHEN 'integer' THEN CAST({value} AS TEXT) WHEN 'object' THEN {value} WHEN 'array' THEN {value} "
        f"ELSE {kind} END"
    )


@compiles(member_value, "postgresql")
def _member_value_postgresql(element: member_value, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.member.c.value, **kw)


class _Json(FunctionElement[Any]):
    inherit_cache = True
    type = Json()


class object_of(_Json):  # noqa: N801
    """Aggregates keys and JSON values into one JSON object."""

    inherit_cache = True


@compiles(object_of, "sqlite")
def _object_of_sqlite(element: object_of, compiler: SQLCompiler, **kw: Any) -> str:
    key, value = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"json_group_object({key}, json({value}))"


@compiles(object_of, "postgresql")
def _object_of_postgresql(element: object_of, compiler: SQLCompiler, **kw: Any) -> str:
    return f"jsonb_object_agg({compiler.process(element.clauses, **kw)})"


class list_of(_Json):  # noqa: N801
    """Aggregates texts into one JSON list, in the order of its source."""

    inherit_cache = True


@compiles(list_of, "sqlite")
def _list_of_sqlite(element: list_of, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **kw)})"


@compiles(list_of, "postgresql")
def _list_of_postgresql(element: list_of, compiler: SQLCompiler, **kw: Any) -> str:
    return f"jsonb_agg({compiler.process(element.clauses, **kw)})"


class list_of_rows(_Json):  # noqa: N801
    """Aggregates rows into one JSON list of lists, in the order of its source. An id is its hex digits, or a UUID."""

    inherit_cache = True


@compiles(list_of_rows, "sqlite")
def _list_of_rows_sqlite(element: list_of_rows, compiler: SQLCompiler, **kw: Any) -> str:
    def cell(clause: Any) -> str:
        text = compiler.process(clause, **kw)
        if isinstance(clause.type, Float):  # as text, for SQLite prints 15 digits of it
            return f"CASE WHEN {text} IS NOT NULL THEN json_float({text}) END"
        return f"nullif(hex({text}), '')" if isinstance(clause.type, Id) else text

    return f"json_group_array(json_array({', '.join(map(cell, element.clauses))}))"


@compiles(list_of_rows, "postgresql")
def _list_of_rows_postgresql(element: list_of_rows, compiler: SQLCompiler, **kw: Any) -> str:
    return f"coalesce(jsonb_agg(jsonb_build_array({compiler.process(element.clauses, **kw)})), '[]'::jsonb)"


class text_member(FunctionElement[str]):  # noqa: N801
    """The text under a key of a JSON object; NULL where there is none, or something other than text."""

    inherit_cache = True
    type = String()

    def __init__(self, json: Any, key: str) -> None:
        self.key = key
        super().__init__(json)


@compiles(text_member, "sqlite")
def _text_member_sqlite(element: text_member, compiler: SQLCompiler, **kw: Any) -> str:
    json = compiler.process(element.clauses, **kw)
    return f"CASE json_type({json}, '$.{element.key}') WHEN 'text' THEN json_extract({json}, '$.{element.key}') END"


@compiles(text_member, "postgresql")
def _text_member_postgresql(element: text_member, compiler: SQLCompiler, **kw: Any) -> str:
    json = compiler.process(element.clauses, **kw)
    return f"CASE jsonb_typeof({json} -> '{element.key}') WHEN 'string' THEN {json} ->> '{element.key}' END"


class empty_json(ColumnElement[Any]):  # noqa: N801
    """The JSON constant `{}` or `[]`."""

    inherit_cache = False
    type = Json()

    def __init__(self, text: str) -> None:
        self.text = text

    @property
    def _from_objects(self) -> list[Any]:
        return []


@compiles(empty_json, "sqlite")
def _empty_json_sqlite(element: empty_json, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ARG001
    return f"'{element.text}'"


@compiles(empty_json, "postgresql")
def _empty_json_postgresql(element: empty_json, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ARG001
    return f"'{element.text}'::jsonb"


class outer(ColumnElement[Any]):  # noqa: N801
    """A column of a row outside: a statement that refers to it never lists its table anew, however deep it is."""

    inherit_cache = False

    def __init__(self, column: Any) -> None:
        self.column = column
        self.type = column.type

    @property
    def _from_objects(self) -> list[Any]:
        return []


@compiles(outer)
def _outer(element: outer, compiler: SQLCompiler, **_: Any) -> str:
    return compiler.process(element.column)


class _InThisOrder(Join):
    inherit_cache = True


@compiles(_InThisOrder, "sqlite")
def _in_this_order_sqlite(join: _InThisOrder, compiler: SQLCompiler, **kw: Any) -> str:
    left, right = (compiler.process(side, **kw) for side in (join.left, join.right))
    onclause: Any = join.onclause
    on = "" if isinstance(onclause, True_) else f" ON {compiler.process(onclause, **kw)}"
    return f"{left} CROSS JOIN {right}{on}"


def in_order(left: Any, right: Any, on: Any = None) -> Join:
    """A join whose left side is read first: else SQLite, which has no statistics, may begin with a whole account.

    PostgreSQL, which has them, orders its joins itself.
    """
    first, then = (side if isinstance(side, FromClause) else inspect(side).selectable for side in (left, right))
    return _InThisOrder(first, then, true() if on is None else on)


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
