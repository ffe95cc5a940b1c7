"""How a channel stands, for the person whose it is: what its ledger says of it, and of every topic."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, select

from app.channels.rules import Address
from app.db import entity, param, selecting
from app.db.expressions import in_order
from app.db.types import Id
from app.kinds import ChannelKind
from app.tables import Account, Channel, ChannelTopic, ConsentStatus, Topic


class Contact(NamedTuple):
    """A channel, what its own ledger says, how long that is, and the name of the business that writes to it."""

    place: Address
    status: ConsentStatus
    length: int
    business: str

    @property
    def kind(self) -> ChannelKind:
        """Email or SMS."""
        return self.place.kind


class Choice(NamedTuple):
    """A topic, and what a channel's ledger says of it, if anything."""

    id: UUID
    key: str
    name: str
    status: ConsentStatus | None

    @property
    def subscribed(self) -> bool:
        """Whether the channel may be sent the topic: it may unless it opted out of it."""
        return self.status is not ConsentStatus.OPTED_OUT


def _contact(kind: str, address: str, status: str, length: int, business: str) -> Contact:
    return Contact(Address(ChannelKind(kind), address), ConsentStatus(status), length, business)


def _choice(id: UUID, key: str, name: str, status: str | None) -> Choice:
    return Choice(id, key, name, ConsentStatus(status) if status else None)


_account, _channel, _topic, _said = entity(Account), entity(Channel), entity(Topic), entity(ChannelTopic)
CONTACT = selecting(
    _contact,
    select(_channel.kind, _channel.address, _channel.consent_status, _channel.consent_count, _account.name)
    .select_from(in_order(_channel, _account, _account.account_id == _channel.account_id))
    .where(_channel.id == param("channel_id", Id())),
)
#: Every topic of the account, the oldest first, with what the channel `channel_id` says of it.
CHOICES = selecting(
    _choice,
    select(_topic.id, _topic.key, _topic.name, _said.status)
    .outerjoin(_said, and_(_said.topic_id == _topic.id, _said.channel_id == param("channel_id", Id())))
    .order_by(_topic.created_at, _topic.id),
)
