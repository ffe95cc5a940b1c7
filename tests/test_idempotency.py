"""An Idempotency-Key: the same key and content acts once, and answers the same outcome ever after."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.acts import now
from app.db import Database
from app.idempotency.jobs import forget_old
from tests.client import ADD_SMS, Client
from tests.deciding import MERGE, UNDO, merge, profiles

MOBILE, ANN = "+14155550100", "ann@example.com"


async def send(client: Client, key: str, query: str = ADD_SMS, **input: Any) -> httpx.Response:
    """The response to a mutation under a key."""
    headers = {"authorization": f"Bearer {client.key}", "idempotency-key": key}
    body = {"query": query, "variables": {"input": input}}
    return await client.http.post("/graphql", json=body, headers=headers)


async def payload(client: Client, key: str, query: str = ADD_SMS, **input: Any) -> Any:
    """The payload of a mutation under a key."""
    answer = (await send(client, key, query, **input)).json()
    assert "errors" not in answer, answer
    [found] = answer["data"].values()
    return found


async def links(client: Client) -> int:
    """How many links there are."""
    return sum(len(node["links"]) for node in await profiles(client, "links { id }"))


async def test_the_same_call_again_acts_once_and_answers_the_same(client: Client) -> None:
    first = await payload(client, "k1", mobileNumber=MOBILE, emailAddress=ANN, tags=["vip"])
    again = await payload(client, "k1", mobileNumber=MOBILE, emailAddress=ANN, tags=["vip"])
    assert first["link"]["outcome"] == "CREATED"
    assert again == first
    assert await links(client) == 1
    other = await payload(client, "k2", mobileNumber=MOBILE, emailAddress=ANN, tags=["vip"])
    assert other["link"]["outcome"] == "UNCHANGED"
    assert await links(client) == 2


async def test_the_outcome_stays_and_the_objects_are_read_as_they_are_now(client: Client) -> None:
    await client.add_email(ANN)
    await client.add_sms(MOBILE)
    first = await payload(client, "k1", mobileNumber=MOBILE, emailAddress=ANN)
    assert first["link"]["outcome"] == "MERGED"
    await client.ask(UNDO, input={"mergeId": first["link"]["merges"][0]["id"]})
    again = await payload(client, "k1", mobileNumber=MOBILE, emailAddress=ANN)
    assert again["link"]["outcome"] == "MERGED"
    assert again["link"]["merges"][0]["id"] == first["link"]["merges"][0]["id"]
    assert len(await profiles(client, "id")) == 2


@pytest.mark.parametrize("number", [MOBILE, "nonsense"])
async def test_many_at_once_act_once(client: Client, number: str) -> None:
    payloads = await asyncio.gather(*(payload(client, "k1", mobileNumber=number, emailAddress=ANN) for _ in range(12)))
    assert all(each == payloads[0] for each in payloads)
    assert await links(client) == (1 if number == MOBILE else 0)


async def test_a_refusal_is_an_outcome_too(client: Client) -> None:
    one = (await client.add_email(ANN))["profile"]["id"]
    refused = await payload(client, "k1", MERGE, profileIds=[one, "profile_" + "0" * 32])
    assert [error["code"] for error in refused["userErrors"]] == ["NOT_FOUND"]
    assert await payload(client, "k1", MERGE, profileIds=[one, "profile_" + "0" * 32]) == refused
    judged = await payload(client, "k2", mobileNumber="nonsense", emailAddress="nonsense")
    assert len(judged["userErrors"]) == 2
    assert await payload(client, "k2", mobileNumber="nonsense", emailAddress="nonsense") == judged


async def test_links_that_stand_in_the_way_are_named_again(client: Client) -> None:
    await client.add_sms(MOBILE)
    await client.add_email(ANN)
    merged = await client.add_sms(MOBILE, ANN)
    await client.add_sms(MOBILE, ANN)
    merge_id = merged["link"]["merges"][0]["id"]
    first = await payload(client, "k1", UNDO, mergeId=merge_id)
    assert len(first["heldBy"]) == 1
    assert await payload(client, "k1", UNDO, mergeId=merge_id) == first


async def test_other_content_under_the_same_key_is_refused_and_changes_nothing(client: Client) -> None:
    await payload(client, "k1", mobileNumber=MOBILE)
    for query, input in [(ADD_SMS, {"mobileNumber": MOBILE, "emailAddress": ANN}), (ADD_SMS, {"mobileNumber": ANN})]:
        answer = (await send(client, "k1", query, **input)).json()
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["IDEMPOTENCY_KEY_REUSED"]
    assert [node["channels"] for node in await profiles(client, "channels { address }")] == [[{"address": MOBILE}]]


async def test_left_out_and_null_are_other_content(client: Client) -> None:
    update = "mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { profile { tags } } }"
    id = (await client.add_sms(MOBILE, tags=["vip"]))["profile"]["id"]
    assert (await payload(client, "k1", update, id=id))["profile"]["tags"] == ["vip"]
    answer = (await send(client, "k1", update, id=id, tags=None)).json()
    assert answer["errors"][0]["extensions"]["code"] == "IDEMPOTENCY_KEY_REUSED"


async def test_each_field_of_a_request_is_a_call_of_its_own(client: Client) -> None:
    document = """
    mutation ($a: AddSmsContactInput!, $b: AddSmsContactInput!) {
      one: addSmsContact(input: $a) { channels { address } }
      two: addSmsContact(input: $b) { channels { address } }
    }
    """
    headers = {"authorization": f"Bearer {client.key}", "idempotency-key": "k1"}
    variables = {"a": {"mobileNumber": MOBILE}, "b": {"mobileNumber": "+14155550101"}}
    body = {"query": document, "variables": variables}
    answers = [(await client.http.post("/graphql", json=body, headers=headers)).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(await profiles(client, "id")) == 2


async def test_accounts_share_no_keys(client: Client, stranger: Client) -> None:
    await payload(client, "k1", mobileNumber=MOBILE)
    assert (await payload(stranger, "k1", mobileNumber="+14155550101"))["userErrors"] == []


@pytest.mark.parametrize("key", ["x" * 256, "a b", "ümlaut"])
async def test_a_key_that_cannot_be_kept_is_refused(client: Client, key: str) -> None:
    headers = [(b"authorization", f"Bearer {client.key}".encode()), (b"idempotency-key", key.encode())]
    body = {"query": ADD_SMS, "variables": {"input": {"mobileNumber": MOBILE}}}
    answer = (await client.http.post("/graphql", json=body, headers=headers)).json()
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]
    assert await profiles(client, "id") == []


async def test_a_key_is_forgotten_after_72_hours(client: Client, database: Database) -> None:
    await payload(client, "k1", mobileNumber=MOBILE)
    await forget_old(database, now=now() + timedelta(hours=71))
    assert (await send(client, "k1", mobileNumber="+14155550101")).json()["errors"]
    await forget_old(database, now=now() + timedelta(hours=73))
    assert (await payload(client, "k1", mobileNumber="+14155550101"))["userErrors"] == []


async def test_every_mutation_takes_a_key(client: Client) -> None:
    one, other = (await client.add_email(ANN))["profile"]["id"], (await client.add_sms(MOBILE))["profile"]["id"]
    merged = await payload(client, "k1", MERGE, profileIds=[one, other])
    assert await payload(client, "k1", MERGE, profileIds=[one, other]) == merged
    assert (await merge(client, one, other))["userErrors"][0]["code"] == "INVALID_VALUE"
