"""What is held of a person is said in one place, for every table that there is."""

from sqlmodel import SQLModel

from app.privacy.queries.holdings import HOLDINGS, IMPERSONAL

HELD = [str(holding.of.__tablename__) for holding in HOLDINGS]
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
