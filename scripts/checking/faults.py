"""Faults to plant, each of which the check must find: a check that cannot fail proves nothing."""

from enum import StrEnum


class Fault(StrEnum):
    """What can be broken."""

    NO_UNIQUE_CONSTRAINT = "no_unique_constraint"
    NO_RECHECK = "no_recheck"
    UNSORTED_LOCKS = "unsorted_locks"
    KEY_OUTSIDE = "key_outside"
    LOST_REDIRECT = "lost_redirect"


async def plant_in_database(fault: Fault, url: str) -> None:
    """Breaks the database, where that is the fault."""
