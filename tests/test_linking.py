"""Adding contacts: who is linked with whom, and what is kept."""

from tests.client import Client

ANN, TEL = "ann@example.com", "+14155552671"


async def test_an_sms_contact_with_an_email_address_is_linked_from_birth(client: Client) -> None:
    added = await client.add_sms("(415) 555-2671", " Ann@Example.COM ")
    assert added["userErrors"] == []
    assert added["link"]["outcome"] == "CREATED"
    assert [(c["kind"], c["address"]) for c in added["channels"]] == [("SMS", TEL), ("EMAIL", ANN)] or [
        (c["kind"], c["address"]) for c in added["channels"]
    ] == [("EMAIL", ANN), ("SMS", TEL)]
