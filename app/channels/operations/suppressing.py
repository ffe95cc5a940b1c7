"""Remembering by keyed hashes which addresses are not to be used."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import String, delete
from sqlalchemy.dialects.postgresql import insert

from app.acts import Act
from app.channels import queries, rules
from app.channels.queries import Suppressed
from app.channels.rules import Address
from app.db import Writer, changing, param, table
from app.db.dialects import ACCOUNT
from app.db.expressions import one_of_texts
from app.db.types import Time
from app.tables import (
    Suppression,
    SuppressionReason,
)

_suppression = table(Suppression)
_SUPPRESSED = insert(_suppression).values(
    account_id=ACCOUNT,
    digest=param("digest", String()),
    reason=param("reason", String()),
    at=param("since", Time()),
)
SUPPRESS = changing(
    _SUPPRESSED.on_conflict_do_update(
        index_elements=["account_id", "digest"],
        set_={name: _SUPPRESSED.excluded[name] for name in ("reason", "at")},
    )
)
UNSUPPRESS = changing(delete(_suppression).where(one_of_texts(_suppression.c.digest, "digests")))


async def suppressions(writer: Writer, *, digests: Mapping[Address, str]) -> dict[Address, Suppressed]:
    """Which of these addresses are not to be used; they come with the keyed hashes under which they are remembered."""
    return by_address(dict(await writer.fetch(queries.SUPPRESSIONS, digests=digests.values())), digests)


def by_address(suppressed: Mapping[str, Suppressed], digests: Mapping[Address, str]) -> dict[Address, Suppressed]:
    """What is remembered under digests, by the addresses that have them."""
    return {address: suppressed[digest] for address, digest in digests.items() if digest in suppressed}


def digest(address: Address, act: Act) -> str:
    """The keyed hash by which an address is known once it is deleted or erased."""
    return act.seal(rules.sealed(address))


def suppress(writer: Writer, *, digest: str, reason: SuppressionReason, since: datetime) -> None:
    """Remembers by its keyed hash that an address is not to be used; what was remembered of it before gives way."""
    writer.later(SUPPRESS, digest=digest, reason=reason, since=since)


def unsuppress(writer: Writer, *, digests: Collection[str]) -> None:
    """Forgets that addresses are not to be used."""
    if digests:
        writer.later(UNSUPPRESS, digests=digests)
