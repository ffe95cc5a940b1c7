"""Signed links, as the server of the tests makes them."""

import re
from uuid import UUID

from app.ids import uuid_of
from app.signing import Purpose, Signer, Token
from tests.client import Client

SECRET = "a secret of the tests"
PUBLIC_URL = "https://tandem.example.com"
SIGNER = Signer(SECRET.encode(), PUBLIC_URL)


CREATE_TOPIC = "mutation ($input: CreateTopicInput!) { createTopic(input: $input) { topic { id } } }"


async def topics(client: Client, *names: str) -> list[UUID]:
    """Makes topics, the key of each made of its name."""
    found = []
    for name in names:
        key = re.sub("[^a-z]+", "-", name.lower()).strip("-")
        made = await client.ask(CREATE_TOPIC, input={"key": key, "name": name})
        found.append(uuid("Topic", made["createTopic"]["topic"]["id"]))
    return found


def uuid(type_name: str, id: str) -> UUID:
    """The UUID of an id of that type."""
    found = uuid_of(id, type_name)
    assert found is not None, id
    return found


def path(client: Client, purpose: Purpose, channel_id: str, *, about_id: UUID | None = None) -> str:
    """Where a link to a channel of the client's account leads, on the server."""
    token = Token(client.account.account_id, uuid("Channel", channel_id), about_id)
    return SIGNER.url(purpose, token).removeprefix(PUBLIC_URL)
