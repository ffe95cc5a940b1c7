"""Recording what happened on channels: what is kept, what follows, what is refused."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.consent.queries.check import differences as consent_differences
from app.db import Database
from app.engagement.queries.check import differences
from tests.client import Client
from tests.links import SECRET
from tests.reporting import RECORD, at, by_email, by_sms, record, seen, standing

ANN, NUMBER = "ann@example.com", "+14155550123"


@pytest.fixture
async def ann(client: Client) -> str:
    """The id of somebody with an email address and a number."""
    return str((await client.add_sms(NUMBER, ANN))["profile"]["id"])


async def test_what_is_reported_is_kept_in_the_order_of_the_input(client: Client, ann: str) -> None:
    whole = {"name": "Viewed", "url": "https://shop.example.com/a?b", "text": "Héllo", "value": 49.5}
    payload = await record(
        client,
        by_email(ANN, "CUSTOM", externalId="7", occurredAt=at(5), properties={"basket": [1, None]}, **whole),
        by_sms(NUMBER, "BOUNCE", occurredAt=at(1), bounceType="SOFT"),
    )
    assert payload["userErrors"] == []
    assert (payload["recorded"], payload["duplicates"]) == (2, 0)
    custom, bounce = payload["engagements"]
    assert {name: custom[name] for name in whole} == whole
    assert custom["properties"] == {"basket": [1, None]}
    assert (custom["kind"], custom["channelKind"], custom["occurredAt"]) == ("CUSTOM", "EMAIL", at(5))
    assert (custom["channel"], custom["profile"], custom["bounceType"]) == ({"address": ANN}, {"id": ann}, None)
    assert (bounce["channel"], bounce["bounceType"], bounce["properties"]) == ({"address": NUMBER}, "SOFT", {})
    there = (await seen(client, ann))["engagements"]["nodes"]
    assert [node["id"] for node in there] == [custom["id"], bounce["id"]]  # the newest first


async def test_without_a_time_it_happened_now_and_a_little_ahead_is_now(client: Client, ann: str) -> None:
    before = datetime.now(UTC)
    ahead = (before + timedelta(minutes=4)).isoformat()
    payload = await record(client, by_email(ANN, "OPEN"), by_email(ANN, "CLICK", occurredAt=ahead))
    for engagement in payload["engagements"]:
        assert before <= datetime.fromisoformat(engagement["occurredAt"]) <= datetime.now(UTC)
        assert engagement["occurredAt"] == engagement["recordedAt"]


async def test_a_channel_is_found_by_its_id_its_address_and_its_profile(client: Client, ann: str) -> None:
    ids = {each["address"]: each["id"] for each in (await seen(client, ann))["channels"]}
    ways: list[dict[str, Any]] = [
        {"channelId": ids[ANN]},
        {"emailAddress": " Ann@Example.COM "},
        {"mobileNumber": "(415) 555-0123"},
        {"profile": {"id": ann, "channelKind": "SMS"}},
    ]
    payload = await record(client, *({"contact": way, "kind": "CLICK"} for way in ways))
    assert [each["channel"]["address"] for each in payload["engagements"]] == [ANN, ANN, NUMBER, NUMBER]


async def test_of_a_profile_its_primary_channel_is_taken_also_by_an_id_that_it_absorbed(client: Client) -> None:
    await client.add_email("first@example.com", "+14155550101")
    younger = (await client.add_email("second@example.com"))["profile"]["id"]
    await client.add_sms("+14155550101", "second@example.com")
    contact = {"profile": {"id": younger, "channelKind": "EMAIL"}}
    [engagement] = (await record(client, {"contact": contact, "kind": "OPEN"}))["engagements"]
    assert engagement["channel"]["address"] == "first@example.com"


async def test_the_same_external_id_of_the_same_kind_is_recorded_once(client: Client, ann: str) -> None:
    opened = by_email(ANN, "OPEN", externalId="7", occurredAt=at(0))
    first = await record(client, opened, opened, by_email(ANN, "CLICK", externalId="7"))
    assert (first["recorded"], first["duplicates"]) == (2, 1)
    again = await record(client, opened | {"occurredAt": at(9)}, by_email(ANN, "OPEN", externalId="8"))
    assert (again["recorded"], again["duplicates"], len(again["engagements"])) == (1, 1, 1)
    nodes = (await seen(client, ann))["engagements"]["nodes"]
    assert len(nodes) == 3
    assert nodes[-1]["occurredAt"] == at(0)  # as it was told first


async def test_external_ids_are_the_accounts_own(client: Client, stranger: Client) -> None:
    for each in (client, stranger):
        await each.add_email(ANN)
        assert (await record(each, by_email(ANN, "OPEN", externalId="7")))["recorded"] == 1


async def test_items_with_errors_are_left_out_and_all_others_recorded(client: Client, ann: str) -> None:
    ahead = (datetime.now(UTC) + timedelta(minutes=6)).isoformat()
    payload = await record(
        client,
        by_email(ANN, "OPEN"),
        by_email("nobody@example.com", "OPEN"),
        by_sms(NUMBER, "OPEN"),
        by_email(ANN, "CLICK", occurredAt=ahead),
        by_email(ANN, "CLICK", properties={"a": "x" * 16384}),
        by_email(ANN, "CLICK", properties=[1]),
        by_email(ANN, "CLICK", externalId=" "),
        by_email(ANN, "CLICK", bounceType="HARD"),
        by_email("ann at example", "CLICK"),
        by_sms("12", "CLICK"),
        by_email(ANN, "CLICK", url="x" * 2001),
        {"contact": {"channelId": "channel_1"}, "kind": "CLICK"},
        by_email(ANN, "CLICK"),
    )
    assert payload["recorded"] == 2
    assert [(error["field"], error["code"]) for error in payload["userErrors"]] == [
        (["engagements", "1", "contact"], "NOT_FOUND"),
        (["engagements", "2", "kind"], "INVALID_VALUE"),
        (["engagements", "3", "occurredAt"], "INVALID_VALUE"),
        (["engagements", "4", "properties"], "LIMIT_EXCEEDED"),
        (["engagements", "5", "properties"], "INVALID_VALUE"),
        (["engagements", "6", "externalId"], "INVALID_VALUE"),
        (["engagements", "7", "bounceType"], "INVALID_VALUE"),
        (["engagements", "8", "contact", "emailAddress"], "INVALID_EMAIL"),
        (["engagements", "9", "contact", "mobileNumber"], "INVALID_PHONE"),
        (["engagements", "10", "url"], "LIMIT_EXCEEDED"),
        (["engagements", "11", "contact"], "NOT_FOUND"),
    ]
    assert all(error["message"].endswith(".") for error in payload["userErrors"])


def nested(levels: int) -> Any:
    """Lists within lists."""
    return [nested(levels - 1)] if levels else 1


async def test_properties_and_custom_fields_nest_so_deep_that_every_answer_can_hold_them(
    client: Client, ann: str
) -> None:
    both = by_email(ANN, "OPEN", properties={"a": nested(31)}), by_email(ANN, "OPEN", properties={"a": nested(32)})
    payload = await record(client, *both, by_email(ANN, "OPEN", properties={"a": "[" * 40}))
    assert payload["recorded"] == 2
    [error] = payload["userErrors"]
    assert (error["code"], error["field"]) == ("INVALID_VALUE", ["engagements", "1", "properties"])
    answer = await client.ask(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Engagement { properties } } }",
        ids=[engagement["id"] for engagement in payload["engagements"]],
    )
    assert answer["nodes"] == [{"properties": {"a": nested(31)}}, {"properties": {"a": "[" * 40}}]
    assert (await client.add_email(ANN, customFields={"a": nested(32)}))["userErrors"] == []
    [error] = (await client.add_email(ANN, customFields={"a": nested(33)}))["userErrors"]
    assert (error["code"], error["field"]) == ("INVALID_VALUE", ["customFields", "a"])


@pytest.mark.parametrize("levels", [100, 800])
async def test_json_of_any_depth_is_refused_with_a_sentence(client: Client, levels: int) -> None:
    deep = by_email(ANN, "OPEN", properties={"a": nested(levels)})
    [error] = await client.errors(RECORD, input={"engagements": [deep]})
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "nested too deep" in error["message"]


async def test_nobody_records_on_anothers_channels(client: Client, stranger: Client, ann: str) -> None:
    ids = {each["address"]: each["id"] for each in (await seen(client, ann))["channels"]}
    ways = [{"channelId": ids[ANN]}, {"emailAddress": ANN}, {"profile": {"id": ann, "channelKind": "SMS"}}]
    payload = await record(stranger, *({"contact": way, "kind": "CLICK"} for way in ways))
    assert payload["recorded"] == 0
    assert [error["code"] for error in payload["userErrors"]] == ["NOT_FOUND"] * 3


async def test_too_much_at_once_records_nothing(client: Client, ann: str) -> None:
    many = await record(client, *(by_email(ANN, "OPEN") for _ in range(1001)))
    assert [(error["field"], error["code"]) for error in many["userErrors"]] == [(["engagements"], "LIMIT_EXCEEDED")]
    large = await record(client, *(by_email(ANN, "OPEN", properties={"a": "x" * 16000}) for _ in range(270)))
    assert [(error["field"], error["code"]) for error in large["userErrors"]] == [(["engagements"], "LIMIT_EXCEEDED")]
    assert (await seen(client, ann))["engagements"]["nodes"] == []


async def test_a_contact_is_named_in_exactly_one_way(client: Client) -> None:
    contact = {"emailAddress": ANN, "mobileNumber": NUMBER}
    [error] = await client.errors(RECORD, input={"engagements": [{"contact": contact, "kind": "OPEN"}]})
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_an_unsubscribe_opts_its_channel_out_and_no_other(client: Client, ann: str) -> None:
    await record(client, by_email(ANN, "UNSUBSCRIBE", occurredAt=at(3)))
    assert await standing(client, ann) == {ANN: ("OPTED_OUT", "ACTIVE"), NUMBER: ("NOT_COLLECTED", "ACTIVE")}
    [email] = [each for each in (await seen(client, ann))["channels"] if each["address"] == ANN]
    assert email["consent"]["record"]["occurredAt"] == at(3)


async def test_a_late_unsubscribe_does_not_undo_a_later_opt_in(client: Client) -> None:
    consent = {"act": "OPT_IN", "disclosure": "Yes", "occurredAt": at(10)}
    id = (await client.add_email(ANN, emailConsent=consent))["profile"]["id"]
    await record(client, by_email(ANN, "UNSUBSCRIBE", occurredAt=at(5)))
    assert (await standing(client, id))[ANN] == ("OPTED_IN", "ACTIVE")


async def test_a_complaint_bans_and_opts_out(client: Client, ann: str) -> None:
    await record(client, by_sms(NUMBER, "COMPLAINT", externalId="1"))
    assert await standing(client, ann) == {ANN: ("NOT_COLLECTED", "ACTIVE"), NUMBER: ("OPTED_OUT", "BANNED")}


async def test_a_complaint_from_before_a_release_does_not_ban_again(client: Client, ann: str) -> None:
    await record(client, by_email(ANN, "COMPLAINT", externalId="1", occurredAt=at(0)))
    await release(client, ann, ANN)
    await record(client, by_email(ANN, "COMPLAINT", externalId="1", occurredAt=at(0)))
    await record(client, by_email(ANN, "COMPLAINT", externalId="2", occurredAt=at(1)))
    assert (await standing(client, ann))[ANN] == ("OPTED_OUT", "ACTIVE")
    await record(client, by_email(ANN, "COMPLAINT", externalId="3"))
    assert (await standing(client, ann))[ANN] == ("OPTED_OUT", "BANNED")


@pytest.mark.parametrize(("text", "status"), [("Stop please", "OPTED_OUT"), ("START", "NOT_COLLECTED")])
async def test_a_response_by_text_is_heard_only_where_it_opts_out(client: Client, text: str, status: str) -> None:
    id = (await client.add_sms(NUMBER, ANN))["profile"]["id"]
    await record(client, by_sms(NUMBER, "RESPONSE", text=text), by_email(ANN, "RESPONSE", text="STOP"))
    assert await standing(client, id) == {ANN: ("NOT_COLLECTED", "ACTIVE"), NUMBER: (status, "ACTIVE")}


def bounce(number: int, minutes: float, type: str = "HARD") -> dict[str, Any]:
    """A bounce."""
    return by_email(ANN, "BOUNCE", bounceType=type, externalId=str(number), occurredAt=at(minutes))


def delivery(minutes: float) -> dict[str, Any]:
    """A delivery."""
    return by_email(ANN, "DELIVERY", occurredAt=at(minutes))


HELD = [bounce(1, 1), bounce(2, 2), bounce(3, 3)]


@pytest.mark.parametrize(
    ("told", "stands"),
    [
        (HELD, "HELD"),
        (HELD[::-1], "HELD"),
        (HELD[:2], "ACTIVE"),
        ([HELD[0], HELD[1], HELD[1], HELD[1]], "ACTIVE"),  # of one message, told again
        ([bounce(1, 1), bounce(2, 2), bounce(3, 3, "SOFT")], "ACTIVE"),
        ([by_email(ANN, "BOUNCE", occurredAt=at(m)) for m in range(4)], "ACTIVE"),  # who knows of which type
        ([*HELD, delivery(4)], "ACTIVE"),
        ([delivery(4), *HELD], "ACTIVE"),
        ([*HELD, delivery(2.5)], "ACTIVE"),  # told late: two in a row, one, and none after it
        ([*HELD, delivery(0)], "HELD"),
        ([*HELD, delivery(4), bounce(4, 5), bounce(5, 6)], "ACTIVE"),
        ([*HELD, delivery(4), bounce(4, 5), bounce(5, 6), bounce(6, 7)], "HELD"),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
async def test_hard_bounces_in_a_row_hold_a_channel(
    client: Client, ann: str, told: list[dict[str, Any]], stands: str, at_once: bool
) -> None:
    for report in [told] if at_once else [[each] for each in told]:
        assert (await record(client, *report))["userErrors"] == []
    assert await standing(client, ann) == {ANN: ("NOT_COLLECTED", stands), NUMBER: ("NOT_COLLECTED", "ACTIVE")}


RELEASE = """
mutation ($input: SetDeliverabilityInput!) { setDeliverability(input: $input) { userErrors { message } } }
"""


async def release(client: Client, id: str, address: str, to: str = "ACTIVE") -> None:
    """Says by hand how the channel of the profile stands."""
    [channel] = [each for each in (await seen(client, id))["channels"] if each["address"] == address]
    input = {"channelId": channel["id"], "deliverability": to, "reason": "They called."}
    assert (await client.ask(RELEASE, input=input))["setDeliverability"]["userErrors"] == []


async def test_bounces_from_before_a_release_do_not_count(client: Client, ann: str) -> None:
    await record(client, *HELD)
    await release(client, ann, ANN)
    await record(client, bounce(4, 4), bounce(5, 5))
    assert (await standing(client, ann))[ANN][1] == "ACTIVE"
    later = [{**bounce(n, 0), "occurredAt": datetime.now(UTC).isoformat()} for n in (6, 7, 8)]
    await record(client, *later)
    assert (await standing(client, ann))[ANN][1] == "HELD"


async def test_a_delivery_does_not_release_what_was_held_by_hand(client: Client, ann: str) -> None:
    await record(client, *HELD)
    await release(client, ann, ANN, "HELD")
    await record(client, delivery(4))
    assert (await standing(client, ann))[ANN][1] == "HELD"


async def test_a_report_under_a_key_is_recorded_once(client: Client, ann: str) -> None:
    headers = {"authorization": f"Bearer {client.key}", "idempotency-key": "k1"}
    items = [by_email(ANN, "OPEN"), by_email("nobody@example.com", "OPEN")]
    body = {"query": RECORD, "variables": {"input": {"engagements": items}}}
    answers = [(await client.http.post("/graphql", json=body, headers=headers)).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[0]["data"]["recordEngagements"]["recorded"] == 1
    assert len((await seen(client, ann))["engagements"]["nodes"]) == 1


async def test_many_who_report_the_same_at_once_record_it_once(client: Client, database: Database) -> None:
    people = [f"p{number}@example.com" for number in range(5)]
    ids = [(await client.add_email(person))["profile"]["id"] for person in people]
    kinds = ["BOUNCE", "DELIVERY", "OPEN", "CLICK", "UNSUBSCRIBE"]

    def told(number: int) -> dict[str, Any]:
        kind = kinds[number % 5]
        more = {"bounceType": "HARD"} if kind == "BOUNCE" else {}
        when = at(number * 7 % 60)
        return by_email(people[number // 5 % 5], kind, externalId=str(number), occurredAt=when, **more)

    async def reporter(shift: int) -> int:
        numbers = [(number * (2 * shift + 1) + shift) % 60 for number in range(60)]  # each in an order of its own
        batches = [numbers[start : start + 12] for start in range(0, 60, 12)]
        payloads = [await record(client, *map(told, batch)) for batch in batches]
        assert all(payload["userErrors"] == [] for payload in payloads)
        return sum(payload["recorded"] for payload in payloads)

    assert sum(await asyncio.gather(*(reporter(shift) for shift in range(6)))) == 60
    async with database.reading(client.account.account_id) as reader:
        assert await differences(reader) == []
    counted = [await seen(client, id) for id in ids]
    assert sum(each["count"] for profile in counted for each in profile["engagementSummary"]) == 60


EXPIRED = {"deliverability": "EXPIRED", "reason": "A list of old addresses."}
OPT_IN = "mutation ($input: RecordConsentInput!) { recordConsent(input: $input) { userErrors { message } } }"


async def channel_of(client: Client, id: str, address: str) -> str:
    """The id of the profile's channel with the address."""
    return str(next(each["id"] for each in (await seen(client, id))["channels"] if each["address"] == address))


async def opt_in(client: Client, channel_id: str) -> None:
    """Records an opt-in that happened just now."""
    consent = {"act": "OPT_IN", "disclosure": "Yes.", "occurredAt": datetime.now(UTC).isoformat()}
    done = await client.ask(OPT_IN, input={"channelId": channel_id, "consent": consent})
    assert done["recordConsent"]["userErrors"] == []


@pytest.mark.parametrize(
    ("told", "stands"),
    [([by_email(ANN, "COMPLAINT", occurredAt=at(0))], "BANNED"), (HELD, "HELD"), (HELD[:2], "ACTIVE")],
)
@pytest.mark.parametrize("opted_in_first", [True, False])
async def test_an_opt_in_ends_an_expiry_but_neither_a_complaint_nor_bounces(
    client: Client, ann: str, told: list[dict[str, Any]], stands: str, opted_in_first: bool
) -> None:
    channel_id = await channel_of(client, ann, ANN)
    await client.ask(RELEASE, input={"channelId": channel_id, **EXPIRED})
    if opted_in_first:
        await opt_in(client, channel_id)
    await record(client, *told)
    if not opted_in_first:
        await opt_in(client, channel_id)
    assert (await standing(client, ann))[ANN] == ("OPTED_IN", stands)


async def test_many_opt_outs_of_one_channel_are_appended_at_once(client: Client, database: Database, ann: str) -> None:
    outs = [by_email(ANN, "UNSUBSCRIBE", occurredAt=at(minute)) for minute in range(300)]
    assert (await record(client, *outs))["recorded"] == 300
    [email] = [each for each in (await seen(client, ann))["channels"] if each["address"] == ANN]
    assert email["consent"]["record"]["occurredAt"] == at(299)
    async with database.reading(client.account.account_id) as reader:
        assert await consent_differences(reader, secret=SECRET.encode()) == []
