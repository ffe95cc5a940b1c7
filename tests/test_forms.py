"""Forms: what they may be, and what comes of submitting them by the API."""

from typing import Any

import pytest

from app.db import Database
from tests.client import Client
from tests.deciding import EXPORT, addresses, codes, profiles, proposals
from tests.forming import BY_EMAIL, BY_TEXT, CITY, EMAIL, MOBILE, create, form, sent_to, submit
from tests.held import erase
from tests.texting import channels, queued, receive, statuses

TEL, ANN, BOB = "+14155552671", "ann@example.com", "bob@example.com"
IN = {"act": "OPT_IN", "disclosure": "Yes, write to me."}
BOTH = {"emailAddress": ANN, "mobileNumber": TEL}
PAGE = "https://shop.example.com/join"


async def confirm(database: Database, client: Client) -> None:
    """Follows the link of the newest confirmation email."""
    body = [sent.body for sent in await queued(database, client) if sent.subject][-1]
    answer = await client.http.post("/confirm/" + body.split("/confirm/")[1].split()[0])
    assert answer.status_code == 200


# ---- making them


async def test_a_form_is_made_and_shown_as_it_was_given(client: Client, stranger: Client) -> None:
    made = (await create(client))["form"]
    both = [{**EMAIL, "required": False}, {**MOBILE, "required": False}]
    assert made["fields"] == [*both, {**CITY, "required": False, "consent": None}]
    assert (made["name"], made["doubleOptIn"], made["trusted"], made["advice"]) == ("Newsletter", False, False, [])
    assert made["url"] == f"https://tandem.example.com/forms/{made['id']}"
    shown = "query ($id: ID!) { forms { id name } node(id: $id) { ... on Form { name fields { label } } } }"
    fields = [{"label": "Email"}, {"label": "Mobile"}, {"label": "City"}]
    assert await client.ask(shown, id=made["id"]) == {
        "forms": [{"id": made["id"], "name": "Newsletter"}],
        "node": {"name": "Newsletter", "fields": fields},
    }
    assert await stranger.ask(shown, id=made["id"]) == {"forms": [], "node": None}


@pytest.mark.parametrize(("field", "what"), [(EMAIL, "an email address"), (MOBILE, "a mobile number")])
async def test_a_form_that_collects_one_address_says_so_and_requires_it(client: Client, field: Any, what: str) -> None:
    made = (await create(client, CITY, field))["form"]
    assert made["advice"] == [f"Collects only {what}: its contacts will not be linked."]
    assert [each["required"] for each in made["fields"]] == [False, True]


@pytest.mark.parametrize(
    ("fields", "more", "where"),
    [
        ([EMAIL], {"name": " "}, [["name"]]),
        ([], {}, [["fields"]]),
        ([CITY], {}, [["fields"]]),
        ([EMAIL, *({"key": f"key_{each}", "label": "Key"} for each in range(30))], {}, [["fields"]]),
        ([EMAIL, EMAIL], {}, [["fields", "1", "key"]]),
        ([EMAIL, {"key": "tags", "label": "x" * 201}], {}, [["fields", "1", "key"], ["fields", "1", "label"]]),
        ([EMAIL, {"key": "consent", "label": "Consent"}], {}, [["fields", "1", "key"]]),
        ([EMAIL, {**CITY, "consent": EMAIL["consent"]}], {}, [["fields", "1", "consent", "channelKind"]]),
        ([{**EMAIL, "consent": MOBILE["consent"]}], {}, [["fields", "0", "consent", "channelKind"]]),
        (
            [{**EMAIL, "consent": {"channelKind": "EMAIL", "disclosure": ""}}],
            {},
            [["fields", "0", "consent", "disclosure"]],
        ),
    ],
)
async def test_a_form_that_cannot_be_is_refused_beside_the_mistake(
    client: Client, fields: Any, more: Any, where: Any
) -> None:
    input = {"name": "Newsletter", "fields": fields, **more}
    document = "mutation ($input: CreateFormInput!) { createForm(input: $input) { form { id } userErrors { field } } }"
    made = (await client.ask(document, input=input))["createForm"]
    assert made == {"form": None, "userErrors": [{"field": each} for each in where]}
    assert await client.ask("{ forms { id } }") == {"forms": []}


# ---- submitting them


async def test_a_submission_makes_a_linked_contact_with_consent_in_the_exact_wording(client: Client) -> None:
    form_id = await form(client)
    evidence = {"sourceUrl": PAGE, "ipAddress": "203.0.113.7", "userAgent": "Phone"}
    told = await submit(client, form_id, {**BOTH, "city": ["Paris", 1]}, ["mobileNumber"], **evidence)
    assert (told["userErrors"], told["link"]["outcome"]) == ([], "CREATED")
    found = await channels(client)
    assert {place: each["consent"]["status"] for place, each in found.items()} == {
        ANN: "NOT_COLLECTED",
        TEL: "OPTED_IN",
    }
    record = found[TEL]["consent"]["record"]
    said = {name: record[name] for name in ("method", "disclosure", "sourceDetail", *evidence)}
    assert said == {"method": "FORM", "disclosure": BY_TEXT, "sourceDetail": "Newsletter", **evidence}
    [profile] = await profiles(client, "customFields source { method detail } links { source { method } }")
    assert profile == {
        "customFields": {"city": ["Paris", 1]},
        "source": {"method": "FORM", "detail": "Newsletter"},
        "links": [{"source": {"method": "FORM"}}],
    }
    linkage = await client.ask("{ linkage { byMethod { method profiles linked } } }")
    assert linkage["linkage"]["byMethod"] == [{"method": "FORM", "profiles": 1, "linked": 1}]


async def test_submitting_twice_changes_nothing_the_second_time(client: Client, database: Database) -> None:
    for double_opt_in in (False, True):
        form_id = await form(client, doubleOptIn=double_opt_in)
        values = {"emailAddress": BOB if double_opt_in else ANN, "city": "Paris"}
        await submit(client, form_id, values, ["emailAddress"])
        before = await client.ask(EXPORT), await queued(database, client)
        told = await submit(client, form_id, values, ["emailAddress"])
        assert (told["userErrors"], told["link"]["outcome"]) == ([], "UNCHANGED")
        assert (await client.ask(EXPORT), await queued(database, client)) == before


async def test_a_new_address_joins_the_known_one(client: Client) -> None:
    await client.add_email(ANN, customFields={"city": "Rome"})
    told = await submit(client, await form(client), {**BOTH, "city": ""})
    assert told["link"]["outcome"] == "LINKED"
    [profile] = await profiles(client, "channels { address } customFields")
    assert (addresses(profile), profile["customFields"]) == ({ANN, TEL}, {"city": "Rome"})


async def test_a_placeholder_beside_an_address_is_left_aside(client: Client) -> None:
    told = await submit(
        client, await form(client), {"emailAddress": ANN, "mobileNumber": "1234567890"}, ["mobileNumber"]
    )
    assert (told["userErrors"], [each["address"] for each in told["channels"]]) == ([], [ANN])


async def test_a_claim_that_would_merge_waits_until_the_claimed_address_confirms_it(
    client: Client, database: Database
) -> None:
    await client.add_email(ANN)
    await client.add_sms(TEL)
    told = await submit(client, await form(client, MOBILE, EMAIL), BOTH)
    assert (told["link"]["outcome"], told["link"]["proposal"]) == ("PROPOSED", {"reason": "UNVERIFIED"})
    assert [each["address"] for each in told["channels"]] == [ANN, TEL]
    [sent] = await queued(database, client)
    assert (sent.address, sent.purpose) == (ANN, "TRANSACTIONAL")
    assert "the number ending in 71" in sent.body
    assert len(await profiles(client, "id")) == 2
    await confirm(database, client)
    [profile] = await profiles(client, "channels { address consent { status } }")
    assert {each["address"]: each["consent"]["status"] for each in profile["channels"]} == {
        ANN: "NOT_COLLECTED",  # only the claim was confirmed
        TEL: "NOT_COLLECTED",
    }
    assert [each["status"] for each in await proposals(client)] == ["ACCEPTED"]


async def test_a_claimed_number_is_asked_by_text(client: Client, database: Database) -> None:
    await client.add_email(ANN)
    await client.add_sms(TEL)
    await submit(client, await form(client), BOTH)
    [sent] = await queued(database, client)
    assert sent.address == TEL
    assert sent.body.startswith("Tested: Reply YES to confirm as yours: a***@e***.com.")
    assert (await receive(client, TEL, "yes"))["link"]["outcome"] == "MERGED"
    assert await statuses(client) == {ANN: "NOT_COLLECTED", TEL: "NOT_COLLECTED"}


async def test_a_trusted_form_merges_at_once(client: Client, database: Database) -> None:
    await client.add_email(ANN)
    await client.add_sms(TEL)
    told = await submit(client, await form(client, trusted=True), BOTH)
    assert told["link"]["outcome"] == "MERGED"
    assert await queued(database, client) == []


async def test_a_double_opt_in_is_pending_until_each_address_confirms(client: Client, database: Database) -> None:
    form_id = await form(client, doubleOptIn=True)
    await submit(client, form_id, BOTH, ["emailAddress", "mobileNumber"], sourceUrl=PAGE)
    assert await statuses(client) == {ANN: "PENDING", TEL: "PENDING"}
    assert sorted(await sent_to(database, client)) == [TEL, ANN]
    await confirm(database, client)
    assert await statuses(client) == {ANN: "OPTED_IN", TEL: "PENDING"}
    record = (await channels(client))[ANN]["consent"]["record"]
    assert (record["disclosure"], record["sourceUrl"]) == (BY_EMAIL, PAGE)
    await receive(client, TEL, "YES")
    assert await statuses(client) == {ANN: "OPTED_IN", TEL: "OPTED_IN"}


async def test_an_opt_out_is_not_undone_by_a_form_that_anybody_may_fill_in(client: Client, database: Database) -> None:
    await client.add_sms(TEL, ANN, smsConsent={"act": "OPT_OUT"}, emailConsent={"act": "OPT_OUT"})
    told = await submit(client, await form(client), BOTH, ["emailAddress", "mobileNumber"])
    refused = [(each["code"], each["channel"]["address"]) for each in told["consentRefused"]]
    assert sorted(refused) == [("CONSENT_REFUSED", TEL), ("CONSENT_REFUSED", ANN)]
    assert await statuses(client) == {ANN: "OPTED_OUT", TEL: "OPTED_OUT"}
    double = await submit(client, await form(client, doubleOptIn=True), BOTH, ["emailAddress", "mobileNumber"])
    assert [each["channel"]["address"] for each in double["consentRefused"]] == [TEL]  # no text may ask, a mail may
    await confirm(database, client)
    assert (await statuses(client))[ANN] == "OPTED_IN"
    told = await submit(client, await form(client, trusted=True), {"mobileNumber": TEL}, ["mobileNumber"])
    assert (told["consentRefused"], (await statuses(client))[TEL]) == ([], "OPTED_IN")


@pytest.mark.parametrize(
    ("values", "consents", "expected"),
    [
        ({}, [], [("IDENTIFIER_REQUIRED", ["values", "emailAddress"]), ("INVALID_VALUE", ["values", "city"])]),
        ("Ann", [], [("INVALID_VALUE", ["values"])]),
        ({"emailAddress": ANN, "city": " "}, [], [("INVALID_VALUE", ["values", "city"])]),
        ({"emailAddress": "ann@", "city": "Rome"}, [], [("INVALID_EMAIL", ["values", "emailAddress"])]),
        (
            {"emailAddress": "ann@", "mobileNumber": "555"},
            [],
            [
                ("INVALID_EMAIL", ["values", "emailAddress"]),
                ("INVALID_PHONE", ["values", "mobileNumber"]),
                ("INVALID_VALUE", ["values", "city"]),
            ],
        ),
        ({"emailAddress": 1, "city": "Rome"}, [], [("INVALID_VALUE", ["values", "emailAddress"])]),
        ({"mobileNumber": "555", "city": "Rome"}, [], [("INVALID_PHONE", ["values", "mobileNumber"])]),
        ({"emailAddress": ANN, "town": "Rome", "city": "x"}, [], [("INVALID_VALUE", ["values", "town"])]),
        ({"emailAddress": ANN, "city": 2**60}, [], [("INVALID_VALUE", ["values", "city"])]),
        ({"emailAddress": ANN, "city": "Rome"}, ["city"], [("INVALID_VALUE", ["consents"])]),
        (
            {"emailAddress": ANN, "city": "Rome"},
            ["mobileNumber"],
            [("IDENTIFIER_REQUIRED", ["values", "mobileNumber"])],
        ),
        (
            {"emailAddress": "none@none.com", "city": "Rome"},
            [],
            [("BLOCKED_IDENTIFIER", ["values", "emailAddress"])],
        ),
    ],
)
async def test_a_submission_that_cannot_be_is_refused_beside_the_mistake(
    client: Client, values: Any, consents: Any, expected: Any
) -> None:
    form_id = await form(client, EMAIL, MOBILE, {**CITY, "required": True})
    told = await submit(client, form_id, values, consents)
    assert codes(told) == expected
    assert await profiles(client, "id") == []
    if "town" in values:
        assert told["userErrors"][0]["message"].endswith("it has emailAddress, mobileNumber, city.")


async def test_a_form_of_another_account_is_not_found(client: Client, stranger: Client) -> None:
    for form_id in (await form(stranger), "form_1"):
        assert codes(await submit(client, form_id, BOTH)) == [("NOT_FOUND", ["formId"])]


async def test_who_was_erased_comes_back_by_a_trusted_form_alone(client: Client) -> None:
    await erase(client, (await client.add_email(ANN))["profile"]["id"])
    told = await submit(client, await form(client), {"emailAddress": ANN}, ["emailAddress"])
    assert codes(told) == [("ERASED", ["values", "emailAddress"])]
    told = await submit(client, await form(client, trusted=True), {"emailAddress": ANN}, ["emailAddress"])
    assert (told["userErrors"], told["link"]["outcome"]) == ([], "CREATED")


async def test_wrong_evidence_is_refused_where_it_stands(client: Client) -> None:
    told = await submit(client, await form(client), BOTH, ["emailAddress"], ipAddress="nowhere")
    assert codes(told) == [("INVALID_VALUE", ["ipAddress"])]
