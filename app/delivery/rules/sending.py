"""What is sent, the port that carries it, and when it is tried again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from app.kinds import ChannelKind
from app.tables import MessagePurpose

LEASE = timedelta(seconds=60)  # far longer than a send may take, so that nobody sends what another one is sending
SEND_SECONDS = 20
MOST_TRIES = 8
FIRST_PAUSE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as a provider gets it; `at` is when it is sent, in UTC, and `account` the account's id in the API."""

    id: UUID
    account: UUID
    account_name: str
    channel_id: UUID
    kind: ChannelKind
    address: str
    subject: str | None
    body: str
    purpose: MessagePurpose
    unsubscribe_url: str
    at: datetime


class Provider(Protocol):
    """What carries messages to people."""

    async def send(self, message: Outgoing) -> str:
        """Sends the message; by what the provider knows it.

        After a crash a message comes once more: its id says that it is the same one. What cannot be sent now raises any
        exception, and is tried again later.
        """
        ...

    async def forget(self, account: UUID, channel_id: UUID) -> None:
        """Removes all that it keeps of messages to a channel; nothing where it keeps none."""
        ...


def next_try(tries: int, *, now: datetime) -> datetime:
    """When to try again after so many tries: after 30 seconds, and twice as long each time."""
    return now + FIRST_PAUSE * (1 << (tries - 1))
