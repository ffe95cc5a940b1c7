"""Everything that is held of a person, in one statement: so it is of one moment."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select, union

from app.db import Reader, entity, first, param, selecting
from app.db.expressions import in_order, list_of_rows
from app.db.types import Id
from app.privacy import rules
from app.privacy.queries.holdings import HOLDINGS, PLACES, Holding, places, sets
from app.tables import Channel

SHOWN = [holding for holding in HOLDINGS if holding.shown]


def _columns(of: Any) -> list[Any]:
    return [column for column in of.__table__.columns if column.key != "account_id"]


def _own() -> Any:
    """The channels of the profile that the id resolves to."""
    known, channel = entity(Channel), entity(Channel)
    profile_id = select(known.profile_id).where(known.home_id == param("home_id", Id())).scalar_subquery()
    return select(channel.id).where(channel.profile_id == profile_id).cte("own")


def _listed(holding: Holding, found: Mapping[str, Any]) -> Any:
    """The rows of one table as one JSON list of lists."""
    by: list[Any] = [_found(holding.of, column, found[name]) for column, name in holding.held.items()]
    rows: Any = by[0] if len(by) == 1 else union(*by)
    return select(list_of_rows(*rows.subquery().c)).scalar_subquery()


def _found(of: Any, column: str, ids: Any) -> Any:
    row = entity(of)
    columns = [getattr(row, each.key) for each in _columns(of)]
    return select(*columns).select_from(in_order(ids, row, getattr(row, column) == ids.c.id))


def _everything() -> Any:
    own = _own()
    found = {**sets(own), PLACES: places(own)}
    return select(*(_listed(holding, found) for holding in SHOWN))


EVERYTHING = selecting(lambda *lists: lists, _everything())


async def of_profile(reader: Reader, *, home_id: UUID | None) -> dict[str, Any] | None:
    """Everything held of the person whose profile the id resolves to, ready to be JSON; None where there is none."""
    lists = first(await reader.fetch(EVERYTHING, home_id=home_id)) if home_id else None
    if lists is None:
        return None
    found = {
        holding.shown: rules.told(holding.of.__name__, _columns(holding.of), sorted(rows))  # by their keys, which lead
        for holding, rows in zip(SHOWN, lists, strict=True)
    }
    if not found["profile"]:
        return None
    beside = [holding for holding in SHOWN if holding.with_channel]
    for holding in beside:
        rules.beside(found["channels"], str(holding.shown), found.pop(holding.shown))
    [profile] = found.pop("profile")
    channels = found.pop("channels")
    return {"profile": profile, "channels": channels, **{str(name): rows for name, rows in found.items()}}
