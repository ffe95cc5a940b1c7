"""JSON within SQL: members of objects, and objects and lists made of rows."""

from typing import Any

from sqlalchemy import Boolean, Float, String, column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import TableValuedAlias

from app.db.types import Id, Json


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


class _Elements(FunctionElement[Any]):
    """The elements of a JSON list, a row each."""

    inherit_cache = True


@compiles(_Elements, "sqlite")
def _elements_sqlite(element: _Elements, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **kw)})"


@compiles(_Elements, "postgresql")
def _elements_postgresql(element: _Elements, compiler: SQLCompiler, **kw: Any) -> str:
    listed = f"jsonb_array_elements({compiler.process(element.clauses, **kw)})"
    return f"(SELECT place AS key, value FROM {listed} WITH ORDINALITY AS each (value, place))"


def elements(json: ColumnElement[Any], name: str) -> TableValuedAlias:
    """A FROM element with the columns `key`, by which they are in order, and `value` of a JSON list."""
    return _Elements(json).table_valued("key", column("value", Json()), name=name)


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


class is_true(FunctionElement[bool]):  # noqa: N801
    """Whether a JSON object has `true` under a key."""

    inherit_cache = True
    type = Boolean()

    def __init__(self, json: Any, key: str) -> None:
        self.key = key
        super().__init__(json)


@compiles(is_true, "sqlite")
def _is_true_sqlite(element: is_true, compiler: SQLCompiler, **kw: Any) -> str:
    return f"coalesce(json_extract({compiler.process(element.clauses, **kw)}, '$.{element.key}'), 0)"


@compiles(is_true, "postgresql")
def _is_true_postgresql(element: is_true, compiler: SQLCompiler, **kw: Any) -> str:
    return f"coalesce({compiler.process(element.clauses, **kw)} -> '{element.key}' = 'true', false)"


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
