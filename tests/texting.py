"""Texts as a provider hands them over, double opt-ins, and what is queued to be sent."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, NamedTuple

from sqlalchemy import select

from app.db import Database, entity, selecting
from app.tables import Channel, Message
from tests.client import Client

RECEIVE = """
mutation Receive($input: ReceiveSmsInput!) {
  receiveSms(input: $input) {
    channel {
      id kind address verifiedAt source { method } profile { id channels { address } }
      consent { status record { method occurredAt disclosure } }
    }
    engagement { id kind text occurredAt properties channel { address } }
    reply
    link { outcome explanation merges { id } proposal { id } }
    userErrors { code field message }
  }
}
"""
REQUEST = """
mutation Request($input: RequestConfirmationInput!) {
  requestConfirmation(input: $input) {
    channel { id address consent { status } }
    userErrors { code field message }
  }
}
"""
CHANNELS = """
{
  profiles(first: 250) { nodes { channels {
    id kind address verifiedAt consent { status updatedAt record {
      status method occurredAt disclosure sourceUrl ipAddress userAgent sourceDetail actor
    } }
    engagements(first: 250) { nodes { id text } }
  } } }
}
"""
WORDING = "Yes, send me offers."
_ids = count(1)


class Sent(NamedTuple):
    """A message that is queued."""

    address: str
    subject: str | None
    body: str
    purpose: str
    is_reply: bool


_message, _channel = entity(Message), entity(Channel)
QUEUED = selecting(
    Sent,
    select(_channel.address, _message.subject, _message.body, _message.purpose, _message.is_reply)
    .join(_channel, _channel.id == _message.channel_id)
    .order_by(_message.created_at, _message.id),
)


async def receive(client: Client, number: str, text: str, **more: Any) -> Any:
    """The payload of receiveSms; each message has an external id of its own where none is given."""
    input = {"from": number, "text": text, "externalId": f"SM{next(_ids)}", **more}
    return (await client.ask(RECEIVE, input=input))["receiveSms"]


async def request(client: Client, channel_id: str, **more: Any) -> Any:
    """The payload of requestConfirmation."""
    input = {"channelId": channel_id, "disclosure": WORDING, **more}
    return (await client.ask(REQUEST, input=input))["requestConfirmation"]


async def channels(client: Client) -> dict[str, Any]:
    """Every channel of the account, by its address."""
    nodes = (await client.ask(CHANNELS))["profiles"]["nodes"]
    return {channel["address"]: channel for node in nodes for channel in node["channels"]}


async def statuses(client: Client) -> dict[str, str]:
    """The consent of every channel, by its address."""
    return {address: channel["consent"]["status"] for address, channel in (await channels(client)).items()}


async def queued(database: Database, client: Client) -> list[Sent]:
    """The messages that are queued, the oldest first."""
    async with database.reading(client.account.account_id) as reader:
        return await reader.fetch(QUEUED)


def at(**ago: float) -> str:
    """A moment so long ago, as clients write it."""
    return (datetime.now(UTC) - timedelta(**ago)).isoformat()
