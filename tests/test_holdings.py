"""What is held of a person is said in one place, for every table that there is."""

from typing import Any

from sqlalchemy import create_engine
from sqlmodel import SQLModel

from app.db import Statement
from app.db.statements import Text
from app.privacy.operations import removing
from app.privacy.queries.export import EVERYTHING
from app.privacy.queries.holdings import HOLDINGS, IMPERSONAL

HELD = [str(holding.of.__tablename__) for holding in HOLDINGS]
STATEMENTS: list[Statement[Any]] = [
    EVERYTHING,
    removing.GATHERED,
    removing.BEARING,
    removing.RENAME,
    removing.LOCKED,
    removing.COUNTS,
    *removing.KEEP,
    *removing.REMOVE,
]
tables = SQLModel.metadata.tables


def test_every_table_is_said_to_hold_something_of_persons_or_nothing() -> None:
    said = HELD + [str(of.__tablename__) for of in IMPERSONAL]
    assert sorted(said) == sorted(tables), "say in app/privacy/queries/holdings.py what the table holds of a person"


def test_what_hangs_on_a_channel_or_profile_is_held() -> None:
    hanging = {
        name
        for name, table in tables.items()
        for key in table.foreign_keys
        if key.column.table.name in ("channel", "profile")
    }
    assert hanging - set(HELD) == set()


def test_rows_are_removed_before_what_they_refer_to() -> None:
    removed = [str(holding.of.__tablename__) for holding in HOLDINGS if holding.goes]
    late = {
        f"{name} after {key.column.table.name}"
        for name in removed
        for key in tables[name].foreign_keys
        if key.column.table.name in removed and not key.deferrable
        if removed.index(name) > removed.index(key.column.table.name)
    }
    assert late == set()
    stays = [name for name in HELD if name not in removed]
    assert [key.column.table.name for name in stays for key in tables[name].foreign_keys] == []


def test_nothing_of_others_is_read_where_sqlite_guesses_without_statistics() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.create_function("unhex", 1, bytes.fromhex)
        driver.create_function("json_float", 1, repr)
        SQLModel.metadata.create_all(connection)
        plans = {text.sql: plan(driver, text) for text in (each.text("sqlite") for each in STATEMENTS)}
    engine.dispose()
    wide = [sql for sql, steps in plans.items() if any(step.endswith("(account_id=?)") for step in steps)]
    assert len(plans) > 20
    texts = ("DELETE FROM idempotency_key", "DELETE FROM import_mistake")  # they alone are all looked into
    assert [sql for sql in wide if not sql.startswith(texts)] == []


def plan(driver: Any, text: Text) -> list[str]:
    return [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {text.sql}", [None] * len(text.binds))]
