"""Rehearsing an import: the same work on a scratch database, into which the profiles that it meets are copied."""

from collections.abc import Collection
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlmodel import SQLModel

from app.acts import Act
from app.channels import operations as channels
from app.channels.rules import Address
from app.db import Insertion, Reader, Statement, Writer, entity, selecting
from app.db.expressions import one_of, one_of_texts
from app.identity.queries import state
from app.kinds import ChannelKind
from app.tables import (
    Account,
    Channel,
    ChannelTag,
    ChannelTopic,
    ClaimYield,
    ConsentRecord,
    FieldPatch,
    Link,
    LinkProposal,
    Merge,
    NeverLinkChannel,
    Profile,
    Suppression,
    Topic,
)


class Copied:
    """The rows of a table that are copied: those with one of a set in a column."""

    def __init__(self, of: type[SQLModel], condition: Any = None) -> None:
        row = entity(of)
        self._names = [column.key for column in of.__table__.columns if column.key != "account_id"]  # type: ignore[attr-defined]
        columns = [getattr(row, name) for name in self._names]
        rows = select(*columns) if condition is None else select(*columns).where(condition(row))
        self._rows: Statement[dict[str, Any]] = selecting(self._row, rows)
        self._into = Insertion(of, skip_known=True)

    def _row(self, *values: Any) -> dict[str, Any]:
        return dict(zip(self._names, values, strict=True))

    async def copy(self, reader: Reader, writer: Writer, **values: Any) -> list[dict[str, Any]]:
        """Copies them; the rows."""
        rows = await reader.fetch(self._rows, **values)
        for row in rows:
            writer.insert(self._into, **row)
        return rows


def _by(column: str, ids: str) -> Any:
    return lambda row: one_of(getattr(row, column), ids)


def _of_kind(kind: ChannelKind) -> Statement[Address]:
    channel = entity(Channel)
    there = channel.kind == kind, one_of_texts(channel.address, kind.lower())
    return selecting(partial(Address, kind), select(channel.address).where(*there))


AT = [_of_kind(kind) for kind in ChannelKind]
ACCOUNT = Copied(Account)
TOPICS = Copied(Topic)
SUPPRESSIONS = Copied(Suppression, lambda row: one_of_texts(row.digest, "digests"))
CHANNELS = Copied(Channel, _by("profile_id", "profile_ids"))
PROFILES = Copied(Profile, _by("id", "profile_ids"))
NEVER_LINKS = Copied(NeverLinkChannel, _by("never_link_id", "never_link_ids"))
KEPT_APART = Copied(NeverLinkChannel, _by("channel_id", "channel_ids"))
MERGES = Copied(Merge, _by("link_id", "link_ids"))
YIELDS = Copied(ClaimYield, _by("link_id", "link_ids"))
LINKS = [Copied(Link, _by(end, "channel_ids")) for end in ("first_channel_id", "second_channel_id")]
ON_CHANNELS = [
    *(Copied(of, _by("channel_id", "channel_ids")) for of in (FieldPatch, ChannelTag, ConsentRecord, ChannelTopic)),
    *(Copied(LinkProposal, _by(end, "channel_ids")) for end in ("first_channel_id", "second_channel_id")),
]


async def begin(reader: Reader, scratch: Writer) -> None:
    """Copies what is the account's, whoever comes."""
    for copied in (ACCOUNT, TOPICS):
        await copied.copy(reader, scratch)
    await scratch.settle()


async def meet(reader: Reader, scratch: Writer, *, addresses: Collection[Address], act: Act) -> None:
    """Copies the profiles of these addresses, and what is remembered of them, unless they were met before."""
    met = {address for statement in AT for address in await scratch.fetch(statement, **state.by_kind(addresses))}
    new = [address for address in addresses if address not in met]
    await SUPPRESSIONS.copy(reader, scratch, digests=[channels.digest(address, act) for address in new])
    found = await state.at_addresses(reader, new)
    if found:
        await _copy(reader, scratch, sorted({at.profile_id for at in found}))
    await scratch.settle()


async def _copy(reader: Reader, scratch: Writer, profile_ids: list[Any]) -> None:
    """Copies profiles, with all that linking, fields, tags and consents ask for."""
    await PROFILES.copy(reader, scratch, profile_ids=profile_ids)
    ids = [row["id"] for row in await CHANNELS.copy(reader, scratch, profile_ids=profile_ids)]
    for copied in ON_CHANNELS:
        await copied.copy(reader, scratch, channel_ids=ids)
    links = {row["id"]: row for copied in LINKS for row in await copied.copy(reader, scratch, channel_ids=ids)}
    for copied in (MERGES, YIELDS):
        await copied.copy(reader, scratch, link_ids=list(links))
    apart = {row["never_link_id"] for row in await KEPT_APART.copy(reader, scratch, channel_ids=ids)}
    if apart:
        await NEVER_LINKS.copy(reader, scratch, never_link_ids=sorted(apart))
