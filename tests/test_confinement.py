"""The compiler puts the account into every statement, however it is written."""

import re

import pytest
from sqlalchemy import delete, exists, select, update
from sqlalchemy.sql.base import Executable

from app.db import changing, entity, table
from app.db.statements import CONFINED
from app.tables import Channel, Link, Profile

profile, channel, link = entity(Profile), entity(Channel), entity(Link)
nested = select(channel.id).where(channel.profile_id == profile.id)
STATEMENTS: dict[str, Executable] = {
    "a select": select(profile),
    "a join": select(profile).join(channel, channel.profile_id == profile.id),
    "an exists": select(profile.id).where(exists(nested)),
    "a scalar subquery": select(profile.id, nested.scalar_subquery()),
    "a subquery": select(select(channel.id).subquery()),
    "a common table expression": select(select(channel.id).cte("c")),
    "an except": select(profile.id).except_(select(channel.profile_id)),
    "an in": select(link.id).where(link.first_channel_id.in_(select(channel.id))),
    "an update": update(table(Channel))
    .values(address="x")
    .where(table(Channel).c.id.in_(select(link.first_channel_id))),
    "a delete": delete(table(Link)).where(exists(select(channel.id))),
}


@pytest.mark.parametrize("name", STATEMENTS)
@pytest.mark.parametrize("dialect", CONFINED)
def test_every_table_has_the_condition(name: str, dialect: str) -> None:
    sql = changing(STATEMENTS[name]).text(dialect).sql  # type: ignore[arg-type]
    aliases = re.findall(r"(?:FROM|JOIN|,|UPDATE)\s+(?:channel|profile|link)(?: AS (\w+)| SET|\s)", sql)
    conditions = re.findall(r"(\w+)\.account_id = [?$]", sql)
    assert conditions
    assert len(conditions) == len(aliases)
    assert {alias for alias in aliases if alias} <= set(conditions)


def test_an_outer_join_stays_one() -> None:
    sql = changing(select(profile.id).outerjoin(channel, channel.profile_id == profile.id)).text("sqlite").sql
    on, _, where = sql.partition("WHERE")
    assert "channel_1.account_id = ?" in on
    assert "channel_1" not in where
    assert "profile_1.account_id = ?" in where
