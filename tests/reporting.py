"""How tests report what happened, and see what came of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.client import Client

RECORD = """
mutation Record($input: RecordEngagementsInput!) {
  recordEngagements(input: $input) {
    recorded duplicates
    engagements {
      id kind channelKind occurredAt recordedAt name url text value bounceType properties
      channel { address } profile { id }
    }
    userErrors { code field message }
  }
}
"""
CHANNELS = """
query ($id: ID!) { profile(by: {id: $id}) {
  engagements(first: 250) { nodes { id kind occurredAt channel { address } } }
  engagementSummary { channelKind kind count firstAt lastAt }
  channels { id address deliverability deliverabilityReason consent { status record { method occurredAt disclosure } } }
} }
"""
START = datetime(2026, 1, 1, 12, tzinfo=UTC)


def at(minutes: float) -> str:
    """A time so many minutes after the start, as the API prints it."""
    return (START + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def by_email(address: str, kind: str, **more: Any) -> dict[str, Any]:
    """Something that happened on the channel with an email address."""
    return {"contact": {"emailAddress": address}, "kind": kind, **more}


def by_sms(number: str, kind: str, **more: Any) -> dict[str, Any]:
    """Something that happened on the channel with a number."""
    return {"contact": {"mobileNumber": number}, "kind": kind, **more}


async def record(client: Client, *engagements: dict[str, Any]) -> Any:
    """The payload of recordEngagements."""
    return (await client.ask(RECORD, input={"engagements": list(engagements)}))["recordEngagements"]


async def seen(client: Client, id: str) -> Any:
    """The profile with the id, as it is now."""
    return (await client.ask(CHANNELS, id=id))["profile"]


async def standing(client: Client, id: str) -> dict[str, tuple[str, str]]:
    """Consent and deliverability of each channel of a profile, by its address."""
    channels = (await seen(client, id))["channels"]
    return {each["address"]: (each["consent"]["status"], each["deliverability"]) for each in channels}
