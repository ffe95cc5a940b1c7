"""How tests queue messages and see what became of them.

What they send is due in another century, so that the server's own worker leaves it alone.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from app.accounts.queries import QUIET_HOURS
from app.acts import Act
from app.consent.operations import record
from app.consent.rules.evidence import Given
from app.db import Database, Writer, entity, param, selecting
from app.db.types import Id
from app.delivery.jobs import deliver
from app.delivery.operations import Claims, Outbox, claim, queue
from app.delivery.rules.sending import Provider
from app.ids import uuid_of
from app.signing import Signer
from app.tables import IntakeMethod, Message, MessagePurpose, MessageStatus
from tests.client import Client

DAY = datetime(2100, 6, 15, 18, tzinfo=UTC)  # nowhere in the United States it is quiet then
SECRET = b"a secret of the tests"
SIGNER = Signer(SECRET, "https://tandem.example.com")


class Stored(NamedTuple):
    """What is stored of a message."""

    status: MessageStatus
    reasons: list[str]
    due_at: datetime
    leased_until: datetime | None
    attempts: int
    sent_at: datetime | None
    provider_id: str | None


_message = entity(Message)
STORED = selecting(
    lambda status, *rest: Stored(MessageStatus(status), *rest),
    select(*(getattr(_message, name) for name in Stored._fields)).where(_message.id == param("id", Id())),
)


def act(at: datetime = DAY) -> Act:
    """An act of the tests."""
    return Act(at, "tests", IntakeMethod.API, SECRET)


def channel_of(added: Any, kind: str) -> UUID:
    """The id of the channel of a kind in the payload of an add."""
    [id] = [uuid_of(channel["id"], "Channel") for channel in added["channels"] if channel["kind"] == kind]
    assert id is not None
    return id


@dataclass(frozen=True, slots=True)
class Sending:
    """One account's messages, and a provider of its own."""

    database: Database
    client: Client
    folder: Path
    provider: Provider = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "provider", Outbox(self.folder, host="tandem.example.com"))

    @property
    def account_id(self) -> int:
        """The account."""
        return self.client.account.account_id

    async def queue(self, channel_id: UUID, *, due_at: datetime = DAY, **more: Any) -> UUID:
        """Queues a marketing message, unless more is said."""
        [id] = await self.queue_all([channel_id], due_at=due_at, **more)
        return id

    async def queue_all(self, channel_ids: Sequence[UUID], *, due_at: datetime = DAY, **more: Any) -> list[UUID]:
        """Queues a message to each of these channels, in one transaction."""
        message = {"purpose": MessagePurpose.MARKETING, "subject": "Hello", "body": "Good day.", **more}
        one = act()

        async def work(writer: Writer) -> list[UUID]:
            return [queue(writer, channel_id=id, due_at=due_at, act=one, **message) for id in channel_ids]

        return await self.database.write(self.account_id, work)

    async def claim(self, at: datetime = DAY) -> Claims:
        """Claims what is due at a time."""
        return await self.database.write(self.account_id, partial(claiming, at=at))

    async def deliver(self, at: datetime = DAY, provider: Provider | None = None) -> None:
        """Does what the worker does at a time, until there is no more of it."""
        args: dict[str, Any] = {"signer": SIGNER, "now": lambda: at, "stop": asyncio.Event()}
        while await deliver(self.database, provider or self.provider, **args):
            pass

    async def stored(self, id: UUID) -> Stored:
        """What is stored of a message."""
        async with self.database.reading(self.account_id) as reader:
            [found] = await reader.fetch(STORED, id=id)
        return found

    async def record(self, channel_id: UUID, given: Given) -> None:
        """Records a consent."""
        work = partial(record, given=[(channel_id, given)], born=(), act=act(datetime.now(UTC)))
        await self.database.write(self.account_id, work)

    def files(self) -> list[str]:
        """The names of the account's messages that were sent, in order."""
        own = self.folder / self.client.account.id.hex
        return sorted(path.name for path in own.rglob("*.*") if path.is_file())

    def path(self, channel_id: UUID, name: str) -> Path:
        """Where a message to a channel lies in the folder."""
        return self.folder / self.client.account.id.hex / channel_id.hex / name


async def claiming(writer: Writer, *, at: datetime) -> Claims:
    """Claims what is due at a time, as the job does."""
    [quiet_hours] = await writer.fetch(QUIET_HOURS)
    return await claim(writer, limit=50, now=at, quiet_hours=quiet_hours)


def after(seconds: float) -> datetime:
    """So long after messages of the tests are due."""
    return DAY + timedelta(seconds=seconds)
