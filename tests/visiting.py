"""What tests of the pages behind links have in common: a contact, its ledger, and the question of a double opt-in."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from app.db import entity, param, selecting
from app.db.types import Id
from app.signing import Purpose
from app.tables import ConsentRecord
from tests.client import Client, Served
from tests.links import uuid
from tests.texting import queued, request

ANN, TEL = "ann.smith@example.com", "+14155552671"
IN = {"act": "OPT_IN", "disclosure": "Yes, write to me."}
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
U, PREFERENCES = Purpose.UNSUBSCRIBE, Purpose.PREFERENCES
_record = entity(ConsentRecord)


class Entry(NamedTuple):
    """What a ledger's entry says."""

    act: str
    topic_id: UUID | None
    time_given: bool
    method: str
    actor: str
    source_url: str | None
    ip_address: str | None
    user_agent: str | None
    disclosure: str | None
    source_detail: str | None


ENTRIES = selecting(
    Entry,
    select(*(getattr(_record, name) for name in Entry._fields))
    .where(_record.channel_id == param("channel_id", Id()))
    .order_by(_record.number),
)
LINKS = "query ($id: ID!) { node(id: $id) { ... on Channel { preferencesUrl unsubscribeUrl } } }"
ERASE = "mutation ($input: EraseProfileInput!) { eraseProfile(input: $input) { erasedProfileId } }"
STATUS = "query ($id: ID!) { node(id: $id) { ... on Channel { consent { status } } } }"


async def contact(client: Client, consent: dict[str, str] | None = IN) -> tuple[str, str]:
    """The ids of an email address and a number, linked, both opted in."""
    added = await client.add_sms(TEL, ANN, smsConsent=consent, emailConsent=consent)
    channels = {channel["kind"]: channel["id"] for channel in added["channels"]}
    return channels["EMAIL"], channels["SMS"]


async def entries(served: Served, client: Client, channel_id: str) -> list[Entry]:
    """The channel's ledger, over a connection beside the server's."""
    async with served.database.reading(client.account.account_id) as reader:
        return await reader.fetch(ENTRIES, channel_id=uuid("Channel", channel_id))


async def status(client: Client, channel_id: str) -> str:
    """What the channel's ledger says."""
    return str((await client.ask(STATUS, id=channel_id))["node"]["consent"]["status"])


async def question(served: Served, client: Client, channel_id: str) -> str:
    """Where the link in the question of a double opt-in leads."""
    assert (await request(client, channel_id))["userErrors"] == []
    return "/confirm/" + (await queued(served.database, client))[-1].body.split("/confirm/")[1].split()[0]
