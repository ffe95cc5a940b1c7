"""Mistakes: each gets a sentence that helps, and changes nothing."""

from typing import Any

import pytest

from tests.client import ADD_SMS, Client
from tests.test_fields import UPDATE
from tests.test_sendability import RECORD, SENDABLE

TEL = "+14155552671"
HELD = """
query ($id: ID!, $at: DateTime!) {
  node(id: $id) { ... on Channel { consentAsOf(at: $at) { updatedAt } consentLedgerIntact } }
}
"""


async def nothing_is_stored(client: Client) -> bool:
    answer = await client.ask("{ profiles { totalCount } tags }")
    return bool(answer == {"profiles": {"totalCount": 0}, "tags": []})


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"mobileNumber": "12"}, "INVALID_PHONE", ["mobileNumber"]),
        ({"mobileNumber": "hello"}, "INVALID_PHONE", ["mobileNumber"]),
        ({"mobileNumber": "+999123456789"}, "INVALID_PHONE", ["mobileNumber"]),
        ({"mobileNumber": TEL + " ext. 5"}, "INVALID_PHONE", ["mobileNumber"]),
        ({"mobileNumber": ""}, "IDENTIFIER_REQUIRED", ["mobileNumber"]),
        ({"mobileNumber": " ", "emailAddress": ""}, "IDENTIFIER_REQUIRED", ["mobileNumber"]),
        ({"mobileNumber": "", "emailAddress": "a@example.com"}, "IDENTIFIER_REQUIRED", ["mobileNumber"]),
        ({"mobileNumber": TEL, "emailAddress": "not an address"}, "INVALID_EMAIL", ["emailAddress"]),
        ({"mobileNumber": TEL, "emailAddress": "a@b"}, "INVALID_EMAIL", ["emailAddress"]),
        ({"mobileNumber": TEL, "emailAddress": "a" * 300 + "@example.com"}, "INVALID_EMAIL", ["emailAddress"]),
        ({"mobileNumber": TEL, "defaultRegion": "Utopia"}, "INVALID_VALUE", ["defaultRegion"]),
        ({"mobileNumber": TEL, "customFields": [1]}, "INVALID_VALUE", ["customFields"]),
        ({"mobileNumber": TEL, "customFields": {"": 1}}, "INVALID_VALUE", ["customFields", ""]),
        (
            {"mobileNumber": TEL, "customFields": {"email_address": 1}},
            "INVALID_VALUE",
            ["customFields", "email_address"],
        ),
        ({"mobileNumber": TEL, "customFields": {"n": 2**53 + 1}}, "INVALID_VALUE", ["customFields", "n"]),
        (
            {"mobileNumber": TEL, "customFields": {f"k{n}": n for n in range(65)}},
            "LIMIT_EXCEEDED",
            ["customFields"],
        ),
        ({"mobileNumber": TEL, "customFields": {"k": "x" * 16_384}}, "LIMIT_EXCEEDED", ["customFields"]),
        ({"mobileNumber": TEL, "tags": [""]}, "INVALID_VALUE", ["tags"]),
        ({"mobileNumber": TEL, "tags": ["x" * 101]}, "INVALID_VALUE", ["tags"]),
        ({"mobileNumber": TEL, "sourceDetail": "x" * 1001}, "LIMIT_EXCEEDED", ["sourceDetail"]),
    ],
)
async def test_a_mistake_is_told_beside_its_field_and_nothing_is_stored(
    client: Client, given: dict[str, Any], code: str, field: list[str]
) -> None:
    payload = (await client.ask(ADD_SMS, input=given))["addSmsContact"]
    [error] = payload["userErrors"]
    assert (error["code"], error["field"]) == (code, field)
    assert error["message"].endswith((".", "!"))
    assert (payload["profile"], payload["channels"], payload["link"]) == (None, [], None)
    assert await nothing_is_stored(client)


async def test_all_mistakes_of_a_call_are_told_together(client: Client) -> None:
    payload = await client.add_sms("12", "nobody", tags=[""], customFields=1)
    assert {error["code"] for error in payload["userErrors"]} == {"INVALID_PHONE", "INVALID_EMAIL", "INVALID_VALUE"}
    assert len(payload["userErrors"]) == 4


@pytest.mark.parametrize(
    "given",
    [
        {"mobileNumber": "1" * 65},
        {"mobileNumber": TEL, "emailAddress": "a" * 321},
        {"mobileNumber": TEL, "smsConsent": {"act": "OPT_OUT", "occurredAt": "2026-01-31T09:30:00"}},
        {"mobileNumber": TEL, "smsConsent": {"act": "OPT_OUT", "occurredAt": "yesterday"}},
        {"mobileNumber": TEL, "smsConsent": {"act": "MAYBE"}},
        {"mobileNumber": TEL, "customFields": {"k": "a\0b"}},
        {"mobileNumber": TEL, "customFields": {"a\0b": 1}},
        {"mobileNumber": TEL, "tags": ["a\0"]},
        {"mobileNumber": "\0"},
        {"mobileNumber": 5},
        {},
    ],
)
async def test_what_no_form_could_show_is_bad_user_input(client: Client, given: dict[str, Any]) -> None:
    response = await client.send(ADD_SMS, input=given)
    assert response.status_code in (200, 400)
    [error] = response.json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert await nothing_is_stored(client)


async def test_lone_surrogates_are_refused(client: Client) -> None:
    body = b'{"query": "{ profiles(search: \\"x\\") { totalCount } }", "variables": {"x": "\\ud800"}}'
    headers = {"authorization": f"Bearer {client.key}", "content-type": "application/json"}
    response = await client.http.post("/graphql", content=body, headers=headers)
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize("literal", ['"a\\u0000b"', '"""a\\u0000b"""'])
async def test_nul_in_the_document_itself_is_refused(client: Client, literal: str) -> None:
    document = (
        f'mutation {{ addSmsContact(input: {{mobileNumber: "{TEL}", tags: [{literal}]}}) {{ profile {{ id }} }} }}'
    )
    response = await client.send(document)
    if literal.startswith('"""'):  # a block text has no such escapes: these are ordinary characters
        assert response.json()["data"]["addSmsContact"]["profile"] is not None
    else:
        assert response.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
        assert await nothing_is_stored(client)


async def test_a_naive_time_in_the_document_itself_is_bad_user_input(client: Client) -> None:
    [error] = await client.errors(
        '{ profiles { nodes { engagementSummary(since: "2026-01-31T09:30:00") { count } } } }'
    )
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "offset" in error["message"]


@pytest.mark.parametrize(
    "moment",
    ["0001-01-01T00:00:00Z", "1899-12-31T23:59:59Z", "9999-12-31T23:59:59Z"],
)
async def test_nothing_is_recorded_or_sent_at_the_ends_of_time(client: Client, moment: str) -> None:
    id = (await client.add_sms(TEL))["channels"][0]["id"]
    given = {"channelId": id, "consent": {"act": "OPT_OUT", "occurredAt": moment}}
    [error] = (await client.ask(RECORD, input=given))["recordConsent"]["userErrors"]
    assert (error["code"], error["field"]) == ("INVALID_VALUE", ["consent", "occurredAt"])
    [error] = await client.errors(SENDABLE, id=id, at=moment)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-01:00"])
async def test_a_time_that_is_none_in_utc_is_bad_user_input(client: Client, moment: str) -> None:
    [error] = await client.errors(HELD, id="channel_1", at=moment)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "years 1 to 9999" in error["message"]


@pytest.mark.parametrize("moment", ["1980-01-01T00:00:00Z", "9998-12-31T23:59:59Z"])
async def test_what_held_and_what_may_be_sent_is_told_for_every_other_time(client: Client, moment: str) -> None:
    id = (await client.add_sms(TEL))["channels"][0]["id"]
    given = {"channelId": id, "consent": {"act": "OPT_OUT", "occurredAt": "1900-01-01T00:00:00Z"}}
    assert (await client.ask(RECORD, input=given))["recordConsent"]["userErrors"] == []
    blocks = (await client.ask(SENDABLE, id=id, at=moment))["node"]["sendability"]["blocks"]
    assert "OPTED_OUT" in [block["reason"] for block in blocks]
    found = (await client.ask(HELD, id=id, at=moment))["node"]
    assert found == {"consentAsOf": {"updatedAt": "1900-01-01T00:00:00.000000Z"}, "consentLedgerIntact": True}


@pytest.mark.parametrize(
    "id",
    [
        "",
        "profile_",
        "profile_xyz",
        "nonsense",
        "profile_" + "0" * 32,
        "channel_" + "0" * 32,
        "☃",
        "profile_" + "A" * 32,
    ],
)
async def test_an_unknown_id_answers_null_and_cannot_be_updated(client: Client, id: str) -> None:
    assert (await client.ask("query ($id: ID!) { node(id: $id) { id } }", id=id))["node"] is None
    assert (await client.ask("query ($id: ID!) { profile(by: {id: $id}) { id } }", id=id))["profile"] is None
    payload = (await client.ask(UPDATE, input={"id": id, "tags": ["x"]}))["updateProfile"]
    assert payload["userErrors"] == [
        {"code": "NOT_FOUND", "field": ["id"], "message": "There is no profile with this id."}
    ]


async def test_a_foreign_id_is_like_an_unknown_one(client: Client, stranger: Client) -> None:
    added = await stranger.add_sms(TEL, customFields={"x": 1})
    id = added["profile"]["id"]
    payload = (await client.ask(UPDATE, input={"id": id, "customFields": {"x": 2}}))["updateProfile"]
    assert payload["userErrors"][0]["code"] == "NOT_FOUND"
    mine = await client.add_sms(TEL)
    change = {"id": mine["profile"]["id"], "primaryChannelIds": [added["channels"][0]["id"]]}
    payload = (await client.ask(UPDATE, input=change))["updateProfile"]
    assert payload["userErrors"][0]["field"] == ["primaryChannelIds", "0"]
    theirs = await stranger.ask("query ($id: ID!) { profile(by: {id: $id}) { customFields } }", id=id)
    assert theirs["profile"]["customFields"] == {"x": 1}


@pytest.mark.parametrize(
    "arguments",
    [
        "first: -1",
        "first: 251",
        "last: 1000000",
        "first: 1, last: 1",
        'after: "nonsense"',
        'after: ""',
        'before: "0a1b5e~2026-01-01~00000000000000000000000000000000"',
        'after: "0a1b5e~0001-01-01T00:00:00.000000Z~00000000000000000000000000000000x"',
        'after: "2026-01-01T00:00:00.000000Z~00000000000000000000000000000000"',
    ],
)
async def test_a_page_that_cannot_be_is_bad_user_input(client: Client, arguments: str) -> None:
    for selected in ("totalCount nodes { id }", "totalCount", "pageInfo { __typename }"):
        [error] = await client.errors(f"{{ profiles({arguments}) {{ {selected} }} }}")
        assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_cursor_of_another_list_or_order_is_bad_user_input(client: Client) -> None:
    await client.add_sms(TEL)
    orders = ["", "CREATED_AT, direction: ASC", "LAST_ENGAGED_AT, direction: DESC", "UPDATED_AT, direction: DESC"]
    lists = [f"profiles({f'orderBy: {{field: {order}}}, ' if order else ''}%s)" for order in orders]
    cursors = []
    for each in lists:
        answer = await client.ask(f"{{ {each % 'first: 1'} {{ pageInfo {{ endCursor }} }} }}")
        cursors.append(answer["profiles"]["pageInfo"]["endCursor"])
    for given in cursors:
        after = f'after: "{given}"'
        for own, each in zip([*cursors, ""], [*lists, "engagements(%s)"], strict=True):
            if own != given:
                [error] = await client.errors(f"{{ {each % after} {{ totalCount }} }}")
                assert error["extensions"]["code"] == "BAD_USER_INPUT"
    same = lists[0].replace("(", "(orderBy: {field: CREATED_AT, direction: DESC}, ") % f'after: "{cursors[0]}"'
    assert await client.ask(f"{{ {same} {{ nodes {{ id }} }} }}") == {"profiles": {"nodes": []}}


@pytest.mark.parametrize(
    "document",
    [
        "query ($k: EngagementKind = OPEN) { engagements(where: {kinds: [$k]}) { totalCount } }",
        "query ($k: ProfileOrderField = CREATED_AT) { profiles(orderBy: {field: $k, direction: ASC}) { totalCount } }",
        'query ($k: ID = "x") { node(id: $k) { id } }',
        'query ($k: ID = "x") { node(id: $k) @include(if: true) { id } }',
        'query ($k: DateTime = "2026-01-01T00:00:00Z") '
        "{ profiles { nodes { channels { consentAsOf(at: $k) { updatedAt } } } } }",
        'mutation ($k: ID = "x") { undoMerge(input: {mergeId: $k}) { userErrors { message } } }',
    ],
)
async def test_a_null_where_none_may_stand_is_bad_user_input(client: Client, document: str) -> None:
    [error] = await client.errors(document, k=None)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "null" in error["message"].lower()


async def test_a_null_where_none_may_stand_begins_no_subscription(client: Client) -> None:
    document = "subscription ($k: EngagementKind = OPEN) { engagementRecorded(where: {kinds: [$k]}) { id } }"
    headers = {"authorization": f"Bearer {client.key}", "accept": "text/event-stream"}
    body = {"query": document, "variables": {"k": None}}
    told = await client.http.post("/graphql", json=body, headers=headers)
    assert '"BAD_USER_INPUT"' in told.text
    assert "null" in told.text


async def test_too_many_ids_at_once_are_refused(client: Client) -> None:
    [error] = await client.errors("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=["x"] * 101)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "by", ['{emailAddress: "no address"}', '{mobileNumber: "12"}', "{}", '{id: "a", emailAddress: "b"}']
)
async def test_a_lookup_by_what_is_no_address_is_told_so(client: Client, by: str) -> None:
    [error] = await client.errors(f"{{ profile(by: {by}) {{ id }} }}")
    assert error["extensions"]["code"] in ("BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED")


async def test_a_selection_nested_too_deep_is_too_costly(client: Client) -> None:
    inner = "id"
    for _ in range(4):
        inner = f"links {{ channels {{ profile {{ {inner} }} }} }}"
    [error] = await client.errors(f"{{ profiles {{ nodes {{ {inner} }} }} }}")
    assert error["extensions"]["code"] == "QUERY_TOO_COSTLY"
