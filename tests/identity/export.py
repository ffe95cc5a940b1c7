"""All that is kept and shown of an account: everything readable in the API, and all rows."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from graphql import GraphQLField, GraphQLObjectType, get_named_type, is_leaf_type, is_required_argument
from sqlalchemy import Float, Text, cast, select
from sqlmodel import SQLModel

from app.db import Reader, Statement, selecting
from graphql_schema.schema import schema
from tests.identity.account import Account

#: What merging and undoing leaves behind in the API: the audit log, the merge record, and the never-link.
LEFT_BEHIND = frozenset(["merges", "merge", "neverLinks", "auditLog"])
#: What says when it was asked for: a link that is good for a time.
OF_THE_MOMENT = frozenset(["preferencesUrl"])
#: The same among the tables; the evidence of the merge stays as a link that was retracted.
GROWING = ("fact", "link", "merge", "merge_channel", "never_link", "never_link_channel", "fact_channel")
NO_TENANTS = ("account", "api_key", "alembic_version")
PAGED = "(first: 100)"

Rows = dict[str, set[tuple[Any, ...]]]


class Exported:
    """What the API shows, and the rows of each table."""

    def __init__(self, shown: Any, rows: Rows) -> None:
        self.shown = shown
        self.rows = rows


def exported(account: Account) -> Exported:
    """Everything of the account."""
    return Exported(account.ask(document()), account.world.run(_rows(account)))


def assert_same(before: Exported, after: Exported) -> None:
    """Nothing is changed but what merging and undoing leaves behind; and there nothing is lost."""
    assert after.shown == before.shown
    for name, rows in before.rows.items():
        assert after.rows[name] >= rows if name in GROWING else after.rows[name] == rows, name


@cache
def document() -> str:
    """A query for everything that needs no argument, but what merging and undoing leaves behind."""
    query = schema._schema.query_type
    assert query is not None
    expanded: set[str] = set()
    roots = sorted(query.fields.items(), key=lambda root: root[0] != "profiles")  # these list all there is
    return f"{{ {_selected(roots, expanded)} }}"


def _selected(fields: Iterable[tuple[str, GraphQLField]], expanded: set[str]) -> str:
    return " ".join(filter(None, (_field(name, field, expanded) for name, field in fields)))


def _field(name: str, field: GraphQLField, expanded: set[str]) -> str:
    """One field with all beneath it; of objects with an id, where they come again, the id alone."""
    of = get_named_type(field.type)
    if (
        name in LEFT_BEHIND | OF_THE_MOMENT
        or name in ("edges", "pageInfo")
        or any(map(is_required_argument, field.args.values()))
    ):
        return ""
    if is_leaf_type(of):
        return name
    if not isinstance(of, GraphQLObjectType):
        return ""
    beneath = "id" if of.name in expanded else ""
    if "id" in of.fields:
        expanded.add(of.name)
    paged = PAGED if "first" in field.args else ""
    return f"{name}{paged} {{ {beneath or _selected(of.fields.items(), expanded)} }}"


@cache
def _statements() -> Mapping[str, Statement[tuple[Any, ...]]]:
    """A SELECT of all rows for each table that belongs to accounts."""
    tables = {name: table for name, table in SQLModel.metadata.tables.items() if name not in NO_TENANTS}
    return {name: selecting(_comparable, select(*map(_read, table.columns))) for name, table in tables.items()}


def _read(column: Any) -> Any:
    """A column as it is read; numbers of PostgreSQL as text, for nothing in the product reads them in Python."""
    return cast(column, Text) if isinstance(column.type, Float) else column


def _comparable(*columns: Any) -> tuple[Any, ...]:
    """A row to put into a set: what is JSON as text."""
    return tuple(str(column) if isinstance(column, dict | list) else column for column in columns)


async def _rows(account: Account) -> Rows:
    async with account.world.database.reading(account.caller.account_id) as reader:
        return {name: await _all(reader, statement) for name, statement in _statements().items()}


async def _all(reader: Reader, statement: Statement[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    return set(await reader.fetch(statement))
