"""Recording engagements through the API."""

import pytest

from tests.client import Client

RECORD = """
mutation ($engagements: [EngagementInput!]!) { recordEngagements(input: {engagements: $engagements}) {
  recorded duplicates engagements { id kind occurredAt name url text value bounceType properties channel { address } }
  userErrors { code field message } } }
"""


async def test_x(client: Client) -> None:
    got = await client.ask('mutation { addSmsContact(input: {mobileNumber: "+14155550123", emailAddress: "ann@example.com"}) { profile { id } channels { id kind } } }')
    ids = {c["kind"]: c["id"] for c in got["addSmsContact"]["channels"]}
    print(await client.ask(RECORD, engagements=[
        {"contact": {"channelId": ids["EMAIL"]}, "kind": "OPEN", "externalId": "1", "occurredAt": "2026-01-01T00:00:00Z"},
        {"contact": {"emailAddress": "ann@example.com"}, "kind": "CLICK", "externalId": "1", "url": "https://x", "properties": {"a": [1]}},
        {"contact": {"emailAddress": "ANN@Example.com"}, "kind": "CLICK", "externalId": "1"},
        {"contact": {"mobileNumber": "(415) 555-0123"}, "kind": "OPEN"},
        {"contact": {"mobileNumber": "(415) 555-0123"}, "kind": "RESPONSE", "text": "STOP"},
        {"contact": {"emailAddress": "nobody@example.com"}, "kind": "OPEN"},
        {"contact": {"profile": {"id": got["addSmsContact"]["profile"]["id"], "channelKind": "EMAIL"}}, "kind": "COMPLAINT"},
        *({"contact": {"mobileNumber": "+14155550123"}, "kind": "BOUNCE", "bounceType": "HARD", "externalId": str(n)} for n in range(3)),
    ]))
    print(await client.ask('{ profiles { nodes { channels { kind consent { status } deliverability } engagementSummary { kind count } } } }'))
