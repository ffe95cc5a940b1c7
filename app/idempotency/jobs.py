"""Forgetting what was kept long enough."""

from datetime import datetime

from app.db import Database
from app.idempotency.operations import FORGET_OLD
from app.idempotency.rules import KEPT


async def forget_old(database: Database, *, now: datetime) -> None:
    """Forgets the keys of all accounts that are older than 72 hours."""
    await database.write(0, lambda writer: writer.execute(FORGET_OLD, before=now - KEPT))
