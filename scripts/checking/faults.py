"""Faults to plant, each of which the check must find: a check that cannot fail proves nothing."""

from enum import StrEnum

import asyncpg

NO_CONSTRAINT = "ALTER TABLE channel DROP CONSTRAINT channel_account_id_kind_address_key"


class Fault(StrEnum):
    """What can be broken."""

    NO_UNIQUE_CONSTRAINT = "no_unique_constraint"  # an address may be several channels
    NO_RECHECK = "no_recheck"  # what was read before the locks is taken for what is there after them
    UNSORTED_LOCKS = "unsorted_locks"  # profiles are locked one by one, in any order
    KEY_OUTSIDE = "key_outside"  # an idempotency key is written after the effect, in a transaction of its own
    LOST_REDIRECT = "lost_redirect"  # channels that move lose the profile id that they were born with


async def plant_in_database(fault: Fault, url: str) -> None:
    """Breaks the database, where that is the fault; the others break the server, see `faulty`."""
    if fault is Fault.NO_UNIQUE_CONSTRAINT:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(NO_CONSTRAINT)
        finally:
            await connection.close()
