"""API keys: the account comes from the key alone, and a key does what its scopes say."""

import asyncio
from datetime import timedelta
from functools import partial

import httpx
import pytest

from app import acts
from app.accounts import operations, queries
from app.accounts.rules import Scope, prefix
from tests.client import ADD_SMS, Client, Served
from tests.conftest import new_client

MUTATION = 'mutation { addSmsContact(input: {mobileNumber: "+14155552671"}) { profile { id } } }'


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", "Basic dGVzdA==", "tandem_x"])
async def test_without_a_valid_key_there_is_no_answer(http: httpx.AsyncClient, header: str | None) -> None:
    headers = {} if header is None else {"authorization": header}
    response = await http.post("/graphql", json={"query": "{ viewer { scopes } }"}, headers=headers)
    assert response.status_code == 401
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_the_viewer_is_the_account_of_the_key(client: Client) -> None:
    viewer = (await client.ask("{ viewer { account { id name defaultRegion timeZone } scopes } }"))["viewer"]
    assert viewer["account"] == {
        "id": f"account_{client.account.id.hex}",
        "name": "Tested",
        "defaultRegion": "US",
        "timeZone": "UTC",
    }
    answer = await client.ask(
        "query ($id: ID!) { node(id: $id) { ... on Account { name } } }", id=viewer["account"]["id"]
    )
    assert answer["node"] == {"name": "Tested"}


async def test_a_key_does_only_what_its_scopes_allow(served: Served, http: httpx.AsyncClient) -> None:
    reader = await new_client(served, http, [Scope.READ])
    assert (await reader.ask("{ viewer { scopes } }"))["viewer"]["scopes"] == ["READ"]
    response = await reader.send(MUTATION)
    assert response.status_code == 403
    assert response.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    writer = await new_client(served, http, [Scope.WRITE])
    assert (await writer.ask(MUTATION))["addSmsContact"]["profile"]["id"].startswith("profile_")
    assert (await writer.send("{ viewer { scopes } }")).status_code == 403


async def test_a_revoked_key_is_refused_within_a_second(client: Client, served: Served) -> None:
    await client.ask("{ viewer { scopes } }")
    revoke = partial(operations.revoke_key, beginning=prefix(client.key), now=acts.now())
    await served.database.write(client.account.account_id, revoke)
    await asyncio.sleep(1.1)
    assert (await client.send("{ viewer { scopes } }")).status_code == 401


async def test_an_expired_key_is_refused(client: Client, served: Served) -> None:
    make = partial(
        operations.create_key, name="old", scopes=[Scope.READ], now=acts.now(), expires_at=acts.now() - timedelta(1)
    )
    key = await served.database.write(client.account.account_id, make)
    response = await client.http.post(
        "/graphql", json={"query": "{ viewer { scopes } }"}, headers={"authorization": f"Bearer {key}"}
    )
    assert response.status_code == 401


async def test_nothing_of_a_key_but_its_beginning_is_stored(client: Client, served: Served) -> None:
    async with served.database.reading(client.account.account_id) as reader:
        [key] = await reader.fetch(queries.KEYS)
    assert key.prefix == prefix(client.key)
    assert client.key not in repr(key)


async def test_the_actor_of_what_is_done_is_the_name_of_the_key(client: Client) -> None:
    consent = {"act": "OPT_OUT"}
    added = (await client.ask(ADD_SMS, input={"mobileNumber": "+14155552671", "smsConsent": consent}))["addSmsContact"]
    asked = "query ($id: ID!) { node(id: $id) { ... on Channel { consent { record { actor } } } } }"
    found = await client.ask(asked, id=added["channels"][0]["id"])
    assert found["node"]["consent"]["record"]["actor"] == "tests"
