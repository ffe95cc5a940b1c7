"""Text messages that come in, and what STOP, START, YES and HELP do."""

import asyncio
from functools import partial

import pytest

from app.accounts import operations
from app.db import Database
from app.intake.rules import texts
from tests.client import Client
from tests.deciding import codes, profiles
from tests.held import delete, erase
from tests.texting import RECEIVE, at, channels, queued, receive, statuses

TEL, OTHER, ANN = "+14155552671", "+14155550101", "ann@example.com"
IN = {"act": "OPT_IN", "disclosure": "Yes, text me."}
STOPPED = "Tested: You are unsubscribed and will get no more messages. Reply START to undo."
STARTED = "Tested: Your STOP is undone; what you chose before holds again. Reply STOP to unsubscribe."

#: The basic characters of GSM 03.38, of which a text message holds 160.
GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ!\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)


def test_every_reply_fits_one_text_message_where_the_name_is_of_ordinary_length() -> None:
    name = "Harbour & Sons Trading Company"
    written = [texts.stopped(name), texts.started(name), texts.help_text(name)]
    asked = texts.asked_by_text(name, "I agree to be told about offers by text. " * 9, [])
    for text in [*written, asked]:
        assert len(text) <= 160
        assert set(text) <= set(GSM)


async def test_a_text_is_kept_as_a_response_and_shows_that_the_number_is_the_persons_own(client: Client) -> None:
    added = await client.add_sms(TEL)
    told = await receive(client, TEL, "Is it still on sale?", to="+14155550199", receivedAt="2026-01-02T03:04:05+01:00")
    assert told["userErrors"] == []
    assert told["channel"]["id"] == added["channels"][0]["id"]
    assert told["channel"]["verifiedAt"] == "2026-01-02T02:04:05.000000Z"
    assert told["channel"]["consent"]["status"] == "NOT_COLLECTED"
    told["engagement"].pop("id")
    assert told["engagement"] == {
        "kind": "RESPONSE",
        "text": "Is it still on sale?",
        "occurredAt": "2026-01-02T02:04:05.000000Z",
        "properties": {"to": "+14155550199"},
        "channel": {"address": TEL},
    }
    assert (told["reply"], told["link"]["outcome"]) == (None, "UNCHANGED")


async def test_a_later_text_does_not_move_the_time_when_possession_was_first_shown(client: Client) -> None:
    await receive(client, TEL, "Hello", receivedAt="2026-01-02T00:00:00Z")
    told = await receive(client, TEL, "Hello again")
    assert told["channel"]["verifiedAt"] == "2026-01-02T00:00:00.000000Z"


async def test_an_unknown_number_becomes_a_contact(client: Client) -> None:
    told = await receive(client, "(415) 555-2671", "Hello")
    assert (told["channel"]["address"], told["channel"]["source"]) == (TEL, {"method": "INBOUND"})
    assert told["link"]["outcome"] == "CREATED"
    assert told["channel"]["profile"]["channels"] == [{"address": TEL}]


async def test_a_text_of_a_linked_contact_changes_nothing_about_the_link(client: Client) -> None:
    added = await client.add_sms(TEL, ANN)
    told = await receive(client, TEL, "STOP")
    assert told["link"]["outcome"] == "UNCHANGED"
    assert told["channel"]["profile"]["id"] == added["profile"]["id"]
    assert len(await profiles(client, "id")) == 1


async def test_stop_opts_the_number_out_and_is_confirmed_once(client: Client, database: Database) -> None:
    await client.add_sms(TEL, smsConsent=IN)
    told = await receive(client, TEL, "Stop.", receivedAt=(moment := at(minutes=1)))
    assert told["reply"] == STOPPED
    assert told["channel"]["consent"]["status"] == "OPTED_OUT"
    record = told["channel"]["consent"]["record"]
    assert (record["method"], record["disclosure"]) == ("INBOUND", "Stop.")
    assert record["occurredAt"][:19] == moment[:19]
    assert (await receive(client, TEL, "STOP"))["reply"] is None
    [sent] = await queued(database, client)
    assert sent == (TEL, None, STOPPED, "TRANSACTIONAL", True)


async def test_a_phrase_that_revokes_opts_out_like_stop(client: Client) -> None:
    assert (await receive(client, TEL, "please take me off your list"))["reply"] == STOPPED
    assert (await receive(client, OTHER, "I can't stop laughing"))["reply"] is None
    assert await statuses(client) == {TEL: "OPTED_OUT", OTHER: "NOT_COLLECTED"}


async def test_a_stop_from_an_unknown_number_is_kept(client: Client) -> None:
    told = await receive(client, TEL, "STOP")
    assert (told["link"]["outcome"], told["reply"]) == ("CREATED", STOPPED)
    refused = await client.add_sms(TEL, smsConsent=IN)
    assert [each["code"] for each in refused["consentRefused"]] == ["CONSENT_REFUSED"]


async def test_stop_leaves_the_email_address_of_the_same_profile_alone(client: Client) -> None:
    await client.add_sms(TEL, ANN, smsConsent=IN, emailConsent=IN)
    before = (await channels(client))[ANN]
    await receive(client, TEL, "STOP")
    assert await statuses(client) == {TEL: "OPTED_OUT", ANN: "OPTED_IN"}
    assert (await channels(client))[ANN] == before


async def test_a_stop_older_than_the_last_opt_in_is_kept_and_changes_nothing(
    client: Client, database: Database
) -> None:
    await client.add_sms(TEL, smsConsent={**IN, "occurredAt": at(hours=1)})
    told = await receive(client, TEL, "STOP", receivedAt=at(hours=2))
    assert (told["reply"], told["channel"]["consent"]["status"]) == (None, "OPTED_IN")
    assert [each["text"] for each in (await channels(client))[TEL]["engagements"]["nodes"]] == ["STOP"]
    assert await queued(database, client) == []


@pytest.mark.parametrize(("before", "after"), [(IN, "OPTED_IN"), (None, "NOT_COLLECTED")])
async def test_start_undoes_a_stop_and_what_held_before_holds_again(
    client: Client, before: dict[str, str] | None, after: str
) -> None:
    await client.add_sms(TEL, smsConsent=before)
    await receive(client, TEL, "STOP")
    told = await receive(client, TEL, "unstop")
    assert (told["reply"], told["channel"]["consent"]["status"]) == (STARTED, after)


async def test_start_is_no_consent_and_undoes_no_other_opt_out(client: Client, database: Database) -> None:
    await client.add_sms(TEL, smsConsent={"act": "OPT_OUT"})
    assert (await receive(client, TEL, "START"))["reply"] is None
    assert (await receive(client, OTHER, "START"))["reply"] is None
    assert await statuses(client) == {TEL: "OPTED_OUT", OTHER: "NOT_COLLECTED"}
    assert await queued(database, client) == []


async def test_a_start_from_before_the_stop_that_arrives_late_undoes_nothing(client: Client) -> None:
    await receive(client, TEL, "STOP", receivedAt=at(minutes=10))
    told = await receive(client, TEL, "START", receivedAt=at(minutes=20))
    assert (told["reply"], told["channel"]["consent"]["status"]) == (None, "OPTED_OUT")


async def test_a_stop_after_a_start_that_arrived_late_still_opts_out(client: Client) -> None:
    await receive(client, TEL, "STOP", receivedAt=at(minutes=30))
    assert (await receive(client, TEL, "START", receivedAt=at(minutes=20)))["reply"] == STARTED
    told = await receive(client, TEL, "STOP", receivedAt=at(minutes=10))
    assert (told["reply"], told["channel"]["consent"]["status"]) == (STOPPED, "OPTED_OUT")


async def test_yes_without_a_question_is_only_a_response(client: Client, database: Database) -> None:
    told = await receive(client, TEL, "YES")
    assert (told["reply"], told["channel"]["consent"]["status"]) == (None, "NOT_COLLECTED")
    assert await queued(database, client) == []


async def test_help_is_answered_also_to_those_who_opted_out(client: Client, database: Database) -> None:
    await receive(client, TEL, "STOP")
    told = await receive(client, TEL, "help")
    assert told["reply"].startswith("Tested: ")
    assert "STOP" in told["reply"]
    assert len(told["reply"]) <= 160
    assert told["channel"]["consent"]["status"] == "OPTED_OUT"
    assert [sent.body for sent in await queued(database, client)] == [STOPPED, told["reply"]]


async def test_help_gets_the_accounts_own_text_where_it_has_one(client: Client, database: Database) -> None:
    said = partial(operations.set_messaging, help_text="Tested Ltd. Call 415 555 0100. STOP ends.")
    await database.write(client.account.account_id, said)
    told = await receive(client, TEL, "INFO")
    assert told["reply"] == "Tested Ltd. Call 415 555 0100. STOP ends."


async def test_the_same_message_again_changes_nothing_and_gets_no_reply(client: Client, database: Database) -> None:
    first = await receive(client, TEL, "STOP", externalId="SM-same")
    before = await channels(client)
    again = await receive(client, TEL, "STOP", externalId="SM-same")
    assert (again["channel"], again["engagement"]) == (first["channel"], first["engagement"])
    assert (again["reply"], again["link"], again["userErrors"]) == (None, None, [])
    assert await channels(client) == before
    assert [sent.body for sent in await queued(database, client)] == [STOPPED]


async def test_a_stop_told_again_after_a_start_does_not_opt_out_anew(client: Client) -> None:
    await receive(client, TEL, "STOP", externalId="SM-late")
    await receive(client, TEL, "START")
    await receive(client, TEL, "STOP", externalId="SM-late")
    assert await statuses(client) == {TEL: "NOT_COLLECTED"}


async def test_a_message_that_is_told_ten_times_at_once_counts_once(client: Client, database: Database) -> None:
    told = await asyncio.gather(*(receive(client, TEL, "STOP", externalId="SM-ten") for _ in range(10)))
    assert len({each["engagement"]["id"] for each in told}) == 1
    assert sorted(each["reply"] or "" for each in told) == [""] * 9 + [STOPPED]
    [channel] = (await channels(client)).values()
    assert len(channel["engagements"]["nodes"]) == 1
    assert [sent.body for sent in await queued(database, client)] == [STOPPED]


async def test_under_an_idempotency_key_the_same_reply_is_told_again_and_queued_once(
    client: Client, database: Database
) -> None:
    headers = {"authorization": f"Bearer {client.key}", "idempotency-key": "k1"}
    body = {"query": RECEIVE, "variables": {"input": {"from": TEL, "text": "STOP", "externalId": "SM-key"}}}
    first, again = [(await client.http.post("/graphql", json=body, headers=headers)).json() for _ in range(2)]
    assert first["data"]["receiveSms"]["reply"] == STOPPED
    assert again == first
    assert len(await queued(database, client)) == 1


async def test_ids_of_messages_are_an_accounts_own(client: Client, stranger: Client) -> None:
    for each in (client, stranger):
        assert (await receive(each, TEL, "STOP", externalId="SM-1"))["reply"] == STOPPED


@pytest.mark.parametrize(
    ("number", "code"), [("12", "INVALID_PHONE"), ("", "INVALID_PHONE"), ("+15555555555", "BLOCKED_IDENTIFIER")]
)
async def test_a_number_that_is_none_is_told_beside_from_and_nothing_is_kept(
    client: Client, number: str, code: str
) -> None:
    told = await receive(client, number, "STOP")
    assert codes(told) == [(code, ["from"])]
    assert (told["channel"], told["engagement"], told["reply"]) == (None, None, None)
    assert await channels(client) == {}


async def test_a_number_that_stands_for_nobody_by_now_is_heard_where_it_is_a_contact(
    client: Client, database: Database
) -> None:
    await client.add_sms(TEL, smsConsent=IN)
    work = partial(operations.set_guards, placeholder_patterns=["+1415555????"])
    await database.write(client.account.account_id, work)
    await asyncio.sleep(1.1)  # as long as servers may take to observe it
    assert (await receive(client, TEL, "STOP"))["reply"] == STOPPED
    told = await receive(client, OTHER, "STOP")
    assert codes(told) == [("BLOCKED_IDENTIFIER", ["from"])]
    assert await statuses(client) == {TEL: "OPTED_OUT"}


async def test_mistakes_are_told_together_each_beside_its_input(client: Client) -> None:
    more = {"externalId": " ", "receivedAt": at(minutes=-6), "to": "nobody"}
    told = await receive(client, "12", "x" * 10_001, **more)
    assert codes(told) == [
        ("INVALID_PHONE", ["from"]),
        ("INVALID_PHONE", ["to"]),
        ("LIMIT_EXCEEDED", ["text"]),
        ("INVALID_VALUE", ["externalId"]),
        ("INVALID_VALUE", ["receivedAt"]),
    ]
    assert await channels(client) == {}


async def test_the_limits_themselves_are_taken(client: Client) -> None:
    more = {"externalId": "x" * 200, "receivedAt": at(minutes=-4), "to": "74255"}
    told = await receive(client, TEL, "x" * 10_000, **more)
    assert told["userErrors"] == []
    assert told["engagement"]["occurredAt"] < at()
    assert codes(await receive(client, TEL, "Hello", externalId="x" * 201)) == [("INVALID_VALUE", ["externalId"])]


@pytest.mark.parametrize("text", ["STOP", "START", "YES", "Hello"])
async def test_a_text_from_an_erased_number_is_refused_beside_from_and_nothing_is_kept(
    client: Client, database: Database, text: str
) -> None:
    await erase(client, (await client.add_sms(TEL, smsConsent=IN))["profile"]["id"])
    assert codes(await receive(client, TEL, text)) == [("ERASED", ["from"])]
    assert await channels(client) == {}
    assert await queued(database, client) == []


@pytest.mark.parametrize("text", ["STOP", "START", "YES", "Hello"])
async def test_a_text_does_not_lift_the_opt_out_of_a_deleted_contact(
    client: Client, database: Database, text: str
) -> None:
    await receive(client, TEL, "STOP")
    await delete(client, (await profiles(client, "id"))[0]["id"])
    told = await receive(client, TEL, text)
    assert (told["userErrors"], told["reply"]) == ([], None)
    blocked = "channels { sendability(purpose: TRANSACTIONAL) { blocks { reason } } }"
    [channel] = (await profiles(client, blocked))[0]["channels"]
    assert "SUPPRESSED" in [block["reason"] for block in channel["sendability"]["blocks"]]
    assert await queued(database, client) == []
