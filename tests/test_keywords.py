"""Keywords: what may be one, what a texted one does, and the email address that it asks for."""

import asyncio
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.accounts.rules import Guards
from app.consent.rules.words import Said, said
from app.db import Database
from app.errors import Refusals
from app.intake.rules import capturing, texts
from app.intake.rules.keywords import Wanted, form, judged, may_be
from tests.client import Client, Served
from tests.deciding import addresses, codes, profiles, proposals
from tests.held import delete, erase
from tests.keywords import ALREADY, WELCOME, create
from tests.reporting import record
from tests.test_confirming import follow
from tests.test_receiving import GSM
from tests.test_webhooks import hand_over, message, signing
from tests.test_words import DRESS, HOSTILE, rows
from tests.texting import at, channels, queued, receive, statuses

TEL, OTHER, ANN, BOB = "+14155552671", "+14155550101", "ann@example.com", "bob@example.com"
IN = {"act": "OPT_IN", "disclosure": "Yes, text me."}
ASKING = f"{WELCOME} {texts.EMAIL_ASKED}"
TAKEN, UNREAD = texts.email_taken("Tested"), texts.email_unread("Tested")
QUESTION = texts.asked_to_join("Tested", "JOIN", [])
KEYWORDS = "{ keywords { id word } }"
LINKAGE = "{ linkage { byMethod { method profiles linked } } }"


async def ledger(client: Client, address: str = TEL) -> tuple[str, Any]:
    """What an address's ledger says, and the record that decides."""
    consent = (await channels(client))[address]["consent"]
    return consent["status"], consent["record"]


async def linked(client: Client) -> list[set[str]]:
    """The addresses of each profile."""
    return [addresses(each) for each in await profiles(client, "channels { address }")]


# ---- making one


async def test_a_keyword_is_made_listed_and_found_by_its_id(client: Client, stranger: Client) -> None:
    made = (await create(client, " Pizza-Club! ", welcome=f"  {WELCOME} "))["keyword"]
    assert (made["word"], made["welcome"], made["captureEmail"], made["doubleOptIn"]) == (
        "PIZZACLUB",
        WELCOME,
        False,
        False,
    )
    await create(client, "Deals")
    assert [each["word"] for each in (await client.ask(KEYWORDS))["keywords"]] == ["DEALS", "PIZZACLUB"]
    node = "query ($id: ID!) { node(id: $id) { ... on Keyword { word alreadySubscribed } } }"
    assert (await client.ask(node, id=made["id"]))["node"] == {"word": "PIZZACLUB", "alreadySubscribed": ALREADY}
    assert await stranger.ask(KEYWORDS) == {"keywords": []}
    assert (await stranger.ask(node, id=made["id"]))["node"] is None


async def test_advice_says_what_is_missing(client: Client) -> None:
    made = (await create(client, welcome="Hi!"))["keyword"]
    assert made["advice"][0] == "Collects only a mobile number: its contacts will not be linked."
    assert "STOP" in made["advice"][1]
    assert (await create(client, "DEALS", captureEmail=True))["keyword"]["advice"] == []


@pytest.mark.parametrize(
    "word",
    ["", " ", "J", "!!", "a b c d", "x" * 41, "me@example.com", "Stop", "opt-out", "START", "unstop", "Y E S", "help!",
     "INFO", "arrêt", "take me off your list"],
)  # fmt: skip
async def test_what_is_no_word_or_means_something_already_is_no_keyword(client: Client, word: str) -> None:
    assert codes(await create(client, word)) == [("INVALID_VALUE", ["word"])]
    assert await client.ask(KEYWORDS) == {"keywords": []}


async def test_a_keyword_is_there_once_however_it_is_written(client: Client) -> None:
    told = await asyncio.gather(*(create(client, word) for word in ("Join", "JOIN!", "jo-in")))
    found = sorted(codes(each) for each in told)
    assert found == [[], [("ALREADY_EXISTS", ["word"])], [("ALREADY_EXISTS", ["word"])]]


async def test_answers_have_one_to_a_thousand_characters(client: Client) -> None:
    told = await create(client, "y", welcome=" ", alreadySubscribed="x" * 1_001)
    assert codes(told) == [
        ("INVALID_VALUE", ["word"]),
        ("INVALID_VALUE", ["welcome"]),
        ("INVALID_VALUE", ["alreadySubscribed"]),
    ]
    assert (await create(client, "x" * 40, welcome="x" * 1_000))["userErrors"] == []


# ---- joining


@pytest.mark.parametrize(
    "text", ["JOIN", " join! ", "“Jóin” 🎉", "\uff4a\uff4f\uff49\uff4e", "J O I N", "join join", "jo\u200bin"]
)
async def test_a_keyword_opts_its_sender_in_however_it_is_written(
    client: Client, database: Database, text: str
) -> None:
    await create(client)
    told = await receive(client, TEL, text, receivedAt=(moment := at(minutes=1)))
    assert (told["reply"], told["link"]["outcome"]) == (WELCOME, "CREATED")
    assert told["channel"]["source"] == {"method": "KEYWORD"}
    status, kept = await ledger(client)
    assert (status, kept["method"], kept["disclosure"], kept["sourceDetail"]) == ("OPTED_IN", "KEYWORD", text, "JOIN")
    assert kept["occurredAt"][:19] == moment[:19]
    assert [(sent.address, sent.body, sent.is_reply) for sent in await queued(database, client)] == [
        (TEL, WELCOME, True)
    ]


async def test_other_texts_and_other_accounts_keywords_do_nothing(
    client: Client, stranger: Client, database: Database
) -> None:
    await create(client)
    for text in ("join please", "I want to join", "joinjoin", "joins", 'Liked "JOIN"'):
        assert (await receive(client, TEL, text))["reply"] is None
    told = await receive(stranger, TEL, "JOIN")
    assert (told["reply"], told["channel"]["source"]) == (None, {"method": "INBOUND"})
    assert (await statuses(client), await statuses(stranger)) == ({TEL: "NOT_COLLECTED"}, {TEL: "NOT_COLLECTED"})
    assert await queued(database, client) == []


async def test_who_is_subscribed_already_is_told_so_and_a_repeated_message_does_nothing(
    client: Client, database: Database
) -> None:
    await create(client)
    await client.add_sms(TEL, smsConsent=IN)
    first = await receive(client, TEL, "JOIN", externalId="SM-join")
    assert (first["reply"], first["link"]["outcome"]) == (ALREADY, "UNCHANGED")
    again = await receive(client, TEL, "JOIN", externalId="SM-join")
    assert (again["reply"], again["link"], again["engagement"]) == (None, None, first["engagement"])
    assert [sent.body for sent in await queued(database, client)] == [ALREADY]
    assert (await ledger(client))[0] == "OPTED_IN"


async def test_of_ten_texts_at_once_one_is_welcomed(client: Client) -> None:
    await create(client)
    told = await asyncio.gather(*(receive(client, TEL, "JOIN") for _ in range(10)))
    assert sorted(each["reply"] for each in told) == sorted([WELCOME] + [ALREADY] * 9)


async def test_a_later_keyword_beats_a_stop_and_an_older_one_does_not(client: Client) -> None:
    await create(client)
    await receive(client, TEL, "STOP", receivedAt=at(minutes=20))
    late = await receive(client, TEL, "JOIN", receivedAt=at(minutes=30))
    assert (late["reply"], await statuses(client)) == (None, {TEL: "OPTED_OUT"})
    later = await receive(client, TEL, "JOIN", receivedAt=at(minutes=10))
    assert (later["reply"], await statuses(client)) == (WELCOME, {TEL: "OPTED_IN"})


async def test_a_keyword_at_the_very_time_of_a_stop_loses(client: Client) -> None:
    await create(client)
    moment = at(minutes=1)
    await receive(client, TEL, "STOP", receivedAt=moment)
    assert (await receive(client, TEL, "JOIN", receivedAt=moment))["reply"] is None
    assert await statuses(client) == {TEL: "OPTED_OUT"}


async def test_a_keyword_brings_back_who_was_deleted_or_erased(client: Client) -> None:
    await create(client)
    await receive(client, TEL, "STOP")
    await delete(client, (await profiles(client, "id"))[0]["id"])
    assert (await receive(client, TEL, "JOIN"))["reply"] == WELCOME
    await erase(client, (await profiles(client, "id"))[0]["id"])
    assert codes(await receive(client, TEL, "JOIN", receivedAt=at(minutes=5))) == [("ERASED", ["from"])]
    assert (await receive(client, TEL, "JOIN"))["reply"] == WELCOME
    assert await statuses(client) == {TEL: "OPTED_IN"}


async def test_a_recorded_response_is_never_a_keyword(client: Client, database: Database) -> None:
    await create(client)
    await client.add_sms(TEL)
    await record(client, {"contact": {"mobileNumber": TEL}, "kind": "RESPONSE", "text": "JOIN"})
    assert (await statuses(client), await queued(database, client)) == ({TEL: "NOT_COLLECTED"}, [])


async def test_the_webhook_heeds_keywords_and_the_address_that_follows(served: Served, client: Client) -> None:
    await signing(served, client)
    await create(client, captureEmail=True)
    await client.add_email(ANN)
    for text in ("Join", f"it's {ANN}, thanks"):
        assert (await hand_over(client, message(text))).status_code == 200
    sent = await queued(served.database, client)
    assert [each.body for each in sent if each.is_reply] == [ASKING, TAKEN]
    [mail] = [each for each in sent if not each.is_reply]
    assert mail.address == ANN
    assert (await statuses(client))[TEL] == "OPTED_IN"


# ---- double opt-in


async def test_with_double_opt_in_the_welcome_follows_the_yes(client: Client, database: Database) -> None:
    await create(client, doubleOptIn=True)
    told = await receive(client, TEL, "JOIN")
    assert (told["reply"], told["channel"]["consent"]["status"]) == (QUESTION, "PENDING")
    assert told["channel"]["source"] == {"method": "KEYWORD"}
    yes = await receive(client, TEL, "Yes!")
    assert (yes["reply"], yes["channel"]["consent"]["status"]) == (WELCOME, "OPTED_IN")
    assert (await ledger(client))[1]["disclosure"] == QUESTION
    assert [sent.body for sent in await queued(database, client)] == [QUESTION, WELCOME]
    assert (await receive(client, TEL, "YES"))["reply"] is None
    assert (await receive(client, TEL, "JOIN"))["reply"] == ALREADY


async def test_double_opt_in_after_a_stop_leaves_the_opt_out_in_force_until_the_yes(client: Client) -> None:
    await create(client, doubleOptIn=True)
    await receive(client, TEL, "STOP", receivedAt=at(minutes=20))
    assert (await receive(client, TEL, "JOIN", receivedAt=at(minutes=30)))["reply"] is None
    assert (await receive(client, TEL, "JOIN"))["reply"] == QUESTION
    assert await statuses(client) == {TEL: "OPTED_OUT"}
    assert (await receive(client, TEL, "YES"))["reply"] == WELCOME
    assert await statuses(client) == {TEL: "OPTED_IN"}


async def test_a_stop_between_question_and_yes_ends_it_until_the_keyword_comes_again(client: Client) -> None:
    await create(client, doubleOptIn=True, captureEmail=True)
    await receive(client, TEL, "JOIN")
    await receive(client, TEL, "STOP")
    assert (await receive(client, TEL, "YES"))["reply"] is None
    assert (await receive(client, TEL, "JOIN"))["reply"] == QUESTION
    assert (await receive(client, TEL, ANN))["reply"] is None  # is not asked for before the YES
    assert (await receive(client, TEL, "YES"))["reply"] == ASKING
    assert (await receive(client, TEL, ANN))["reply"] == TAKEN


# ---- the email address


async def test_an_address_that_nobody_had_is_linked_as_a_claim_and_gets_no_consent(
    client: Client, database: Database
) -> None:
    await create(client, captureEmail=True)
    assert (await receive(client, TEL, "JOIN"))["reply"] == ASKING
    told = await receive(client, TEL, "Hi, it's <Ann@Example.com>. Thanks")
    assert (told["reply"], told["link"]["outcome"]) == (TAKEN, "LINKED")
    shown = "channels { address } links { trust source { method detail } explanation }"
    [profile] = await profiles(client, shown)
    assert addresses(profile) == {TEL, ANN}
    [link] = profile["links"]
    assert (link["trust"], link["source"]) == ("CLAIMED", {"method": "KEYWORD", "detail": "JOIN"})
    assert link["explanation"].startswith("A reply to a keyword (JOIN)")
    assert await statuses(client) == {TEL: "OPTED_IN", ANN: "NOT_COLLECTED"}
    assert [sent.body for sent in await queued(database, client)] == [ASKING, TAKEN]
    assert (await client.ask(LINKAGE))["linkage"]["byMethod"] == [{"method": "KEYWORD", "profiles": 1, "linked": 1}]


async def test_an_address_of_the_own_profile_changes_nothing(client: Client, database: Database) -> None:
    await client.add_sms(TEL, ANN)
    await create(client, captureEmail=True)
    await receive(client, TEL, "JOIN")
    told = await receive(client, TEL, ANN)
    assert (told["reply"], told["link"]["outcome"]) == (TAKEN, "UNCHANGED")
    assert (await receive(client, TEL, "JOIN"))["reply"] == ALREADY  # whose address is known is not asked again
    assert [sent.body for sent in await queued(database, client)] == [ASKING, TAKEN, ALREADY]


async def test_an_address_of_somebody_known_waits_until_it_confirms_and_then_they_are_one(
    client: Client, database: Database
) -> None:
    await client.add_email(ANN, customFields={"first_name": "Ann"})
    await create(client, captureEmail=True)
    await receive(client, TEL, "JOIN")
    told = await receive(client, TEL, ANN)
    assert (told["reply"], told["link"]["outcome"], told["link"]["merges"]) == (TAKEN, "PROPOSED", [])
    assert told["channel"]["profile"]["channels"] == [{"address": TEL}]
    assert [each["reason"] for each in await proposals(client)] == ["UNVERIFIED"]
    mail = next(sent for sent in await queued(database, client) if sent.subject)
    assert (mail.address, mail.purpose, mail.is_reply) == (ANN, "TRANSACTIONAL", False)
    assert "the number ending in 71" in mail.body
    assert TEL not in mail.body
    assert await statuses(client) == {TEL: "OPTED_IN", ANN: "NOT_COLLECTED"}
    assert (await follow(database, client)).link is not None
    assert await linked(client) == [{TEL, ANN}]
    assert await statuses(client) == {TEL: "OPTED_IN", ANN: "NOT_COLLECTED"}  # confirming a claim is no consent


async def test_the_page_behind_the_confirmation_asks_about_the_number_and_about_no_consent(
    client: Client, database: Database
) -> None:
    await client.add_email(ANN)
    await create(client, captureEmail=True)
    await receive(client, TEL, "JOIN")
    await receive(client, TEL, ANN)
    [link] = [sent.body.split("/confirm/")[1].split()[0] for sent in await queued(database, client) if sent.subject]
    page = await client.http.get(f"/confirm/{link}")
    assert (page.status_code, "blockquote" in page.text, "yours" in page.text) == (200, False, True)
    assert (await client.http.post(f"/confirm/{link}")).status_code == 200
    assert await linked(client) == [{TEL, ANN}]


async def test_an_address_that_was_asked_a_moment_ago_or_erased_gets_no_mail_and_the_texter_learns_nothing(
    client: Client, database: Database
) -> None:
    erased = await client.add_email(BOB)
    await erase(client, erased["profile"]["id"])
    await client.add_email(ANN)
    await create(client, captureEmail=True)
    for number, address in ((TEL, ANN), (OTHER, ANN), ("+14155550102", BOB)):
        await receive(client, number, "JOIN")
        assert (await receive(client, number, address))["reply"] == TAKEN
    assert [sent.address for sent in await queued(database, client) if sent.subject] == [ANN]
    assert BOB not in await channels(client)


async def test_what_looks_like_an_address_and_is_none_is_asked_for_again_twice(
    client: Client, database: Database
) -> None:
    await create(client, captureEmail=True)
    await receive(client, TEL, "JOIN")
    assert (await receive(client, TEL, "What for?"))["reply"] is None
    assert (await receive(client, TEL, "ann@example"))["reply"] == UNREAD
    assert (await receive(client, TEL, "ann.example.com"))["reply"] == UNREAD
    assert (await receive(client, TEL, "none@none.com"))["reply"] is None
    assert (await receive(client, TEL, ANN))["reply"] == TAKEN
    assert (await receive(client, TEL, BOB))["reply"] is None  # nobody asked for another one
    assert await linked(client) == [{TEL, ANN}]
    assert [sent.body for sent in await queued(database, client)] == [ASKING, UNREAD, UNREAD, TAKEN]


async def test_an_address_that_comes_after_seven_days_or_unasked_is_only_a_response(client: Client) -> None:
    await create(client, captureEmail=True)
    await receive(client, TEL, "JOIN", receivedAt=at(days=8))
    told = await receive(client, TEL, ANN, receivedAt=at(hours=23))
    assert (told["reply"], told["link"]["outcome"]) == (None, "UNCHANGED")
    assert (await receive(client, OTHER, ANN))["reply"] is None
    assert await linked(client) == [{TEL}, {OTHER}]
    assert (await receive(client, TEL, ANN, receivedAt=at(days=2)))["reply"] == TAKEN


@pytest.mark.parametrize("back", ["START", None])
async def test_after_a_stop_nothing_is_captured_any_more(client: Client, back: str | None) -> None:
    await create(client, captureEmail=True)
    await receive(client, TEL, "JOIN")
    await receive(client, TEL, "STOP")
    if back:
        await receive(client, TEL, back)
    for text in (ANN, "ann@example"):
        assert (await receive(client, TEL, text))["reply"] is None
    assert await linked(client) == [{TEL}]


async def test_an_address_that_comes_ten_times_at_once_is_taken_once(client: Client) -> None:
    await create(client, captureEmail=True)
    await receive(client, TEL, "JOIN")
    told = await asyncio.gather(*(receive(client, TEL, ANN) for _ in range(10)))
    assert sorted(each["reply"] or "" for each in told) == [""] * 9 + [TAKEN]


# ---- rules


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (ANN, ANN),
        (f"it's {ANN} thanks", ANN),
        (f"mailto:{ANN}?subject=hi", ANN),
        (f'"{ANN.upper()}"...', ANN),
        (f"'{ANN}'", ANN),
        (f"{ANN}🎉", ANN),
        ("@ann or ann+shop@mail.example.co.uk!", "ann+shop@mail.example.co.uk"),
        (f"not none@none.com but {ANN} or {BOB}", ANN),
        ("ann@example", None),
        ("ann @ example.com", None),
        ("a" * 65 + "@example.com", None),
        ("@" * 10_000, None),
        ("a" * 10_000, None),
    ],
)
def test_an_address_is_found_anywhere_in_a_text(text: str, address: str | None) -> None:
    found = capturing.address_in(text, Guards())
    assert (found and found.text) == address


def test_a_text_is_a_word_a_keyword_or_an_address_and_never_two_of_these() -> None:
    every = [
        "STOP",
        "yes",
        "Help",
        "start",
        "JOIN",
        "stop@example.com",
        ANN,
        "ann.example.com",
        "take me off",
        "Hello!",
    ]
    for text in every:
        as_word, as_keyword = said(text) is not Said.NOTHING, may_be(text) is not None
        as_address = capturing.address_in(text, Guards()) is not None
        assert not (as_keyword and as_address), text
        assert as_word or as_keyword or as_address or capturing.is_attempt(text), text
    assert form(ANN) is None


@settings(max_examples=200)
@given(st.sampled_from(["JOIN", "join", "J-o-i-n"]), *[st.lists(st.sampled_from(DRESS), max_size=4)] * 2)
def test_a_keyword_is_the_same_however_it_is_dressed(word: str, before: list[str], after: list[str]) -> None:
    assert form("".join([*before, word, *after])) == "JOIN"


def test_no_text_that_says_something_about_consent_can_be_a_keyword() -> None:
    saying = [text for text, meaning in rows("corpus.csv") if said(text) is meaning is not Said.NOTHING]
    assert len(saying) > 100
    for text in saying:
        with pytest.raises(Refusals):
            judged(Wanted(text, WELCOME, ALREADY))


@pytest.mark.parametrize("text", [*HOSTILE.values(), "a@" * 50_000, "a.a@a.a" * 10_000, "a." * 50_000])
def test_no_text_takes_long(text: str) -> None:
    began = perf_counter()
    may_be(text)
    capturing.address_in(text, Guards())
    capturing.is_attempt(text)
    assert perf_counter() - began < 1


def test_a_question_is_open_for_seven_days_from_the_text_that_it_follows() -> None:
    asked = datetime(2026, 1, 1, tzinfo=UTC)
    week, moment = timedelta(days=7), timedelta(microseconds=1)
    times = [asked - moment, asked, asked + week - moment, asked + week]
    assert [capturing.is_open(asked, at=time) for time in times] == [False, True, True, False]


def test_every_text_fits_one_message_where_the_name_is_of_ordinary_length() -> None:
    name = "Harbour & Sons Trading Company"
    for text in (texts.asked_to_join(name, "JOIN", []), texts.email_taken(name), texts.email_unread(name)):
        assert len(text) <= 160
        assert set(text) <= set(GSM)
