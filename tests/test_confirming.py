"""Double opt-in: asking by email and by text, confirming by the link and by a reply, and what becomes of claims."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts.rules import Guards
from app.acts import Act, now
from app.channels.rules import Address
from app.db import Database, Writer, selecting, table
from app.db.expressions import one_of
from app.errors import Refusal
from app.identity.operations.adding import Added, add_contact
from app.identity.queries.check import differences
from app.identity.rules.contacts import Contact
from app.ids import uuid_of
from app.intake.operations import confirming
from app.intake.operations.confirming import Confirmed
from app.intake.rules.asking import Answer
from app.kinds import ChannelKind
from app.profiles.operations import lock
from app.signing import Purpose, Signer
from app.tables import IntakeMethod, LinkTrust, Profile
from tests.client import Client
from tests.deciding import addresses, codes, merge, profiles, proposals, undo
from tests.links import uuid
from tests.texting import WORDING, at, channels, queued, receive, request, statuses

TEL, OTHER, ANN, BOB = "+14155552671", "+14155550101", "ann@example.com", "bob@example.com"
IN = {"act": "OPT_IN", "disclosure": "Yes, write to me."}
OUT = {"act": "OPT_OUT"}
ACT = Act(now(), "the person", IntakeMethod.API, b"a secret of the tests")
SECRET = b"a secret of the tests"
_profile = table(Profile)
LOCK_AT_ONCE = selecting(
    lambda id: id,
    select(_profile.c.id).where(one_of(_profile.c.id, "ids")).with_for_update(key_share=True, nowait=True),
)


async def claim(database: Database, client: Client, mobile: str, email: str) -> Added:
    """What a texter does who types an email address."""
    own, other = Address(ChannelKind.SMS, mobile), Address(ChannelKind.EMAIL, email)
    contact = Contact(own, other, trust=LinkTrust.CLAIMED)
    act = Act(now(), "tests", IntakeMethod.KEYWORD, SECRET)
    return await database.write(
        client.account.account_id, partial(add_contact, contact=contact, guards=Guards(), act=act)
    )


async def follow(
    database: Database, client: Client, *, place: int = -1, later: timedelta = timedelta(0), **evidence: Any
) -> Confirmed:
    """Follows the link of a confirmation email that was queued, the last one if nothing is said."""
    links = [sent.body.split("/confirm/")[1].split()[0] for sent in await queued(database, client) if sent.subject]
    token = Signer(SECRET, "").read(Purpose.CONFIRM, links[place])
    assert token.account_id == client.account.account_id
    act = replace(ACT, at=now() + later)
    more: dict[str, Any] = {"answer": Answer(**evidence), "guards": Guards(), "act": act}
    return await database.write(token.account_id, partial(confirming.confirm, confirmation_id=token.id, **more))


async def asked(client: Client, address: str, **more: Any) -> Any:
    """The payload of asking a known address."""
    return await request(client, (await channels(client))[address]["id"], **more)


async def linked(client: Client) -> list[set[str]]:
    """The addresses of each profile."""
    return [addresses(each) for each in await profiles(client, "channels { address }")]


# ---- asking


async def test_a_question_makes_a_channel_pending_and_goes_out_by_email(client: Client, database: Database) -> None:
    await client.add_email(ANN)
    told = await asked(client, ANN, sourceUrl="https://shop.example.com/join", ipAddress="203.0.113.7")
    assert (told["userErrors"], told["channel"]["consent"]) == ([], {"status": "PENDING"})
    [sent] = await queued(database, client)
    assert (sent.address, sent.subject, sent.purpose) == (ANN, "Please confirm: Tested", "TRANSACTIONAL")
    assert WORDING in sent.body
    assert "/confirm/" in sent.body
    assert sent.is_reply is False


async def test_a_question_goes_out_by_text_and_says_how_to_answer(client: Client, database: Database) -> None:
    await client.add_sms(TEL)
    assert (await asked(client, TEL))["channel"]["consent"] == {"status": "PENDING"}
    [sent] = await queued(database, client)
    assert (sent.address, sent.subject, sent.is_reply) == (TEL, None, False)
    assert sent.body == f'Tested: Reply YES to confirm: "{WORDING}" Reply STOP to opt out.'


async def test_a_long_wording_is_shortened_in_a_text_and_kept_whole_on_record(
    client: Client, database: Database
) -> None:
    await client.add_sms(TEL)
    wording = "I agree to get texts about offers. " * 20
    await asked(client, TEL, disclosure=wording)
    [sent] = await queued(database, client)
    assert len(sent.body) <= 160
    assert sent.body.endswith('..." Reply STOP to opt out.')
    await receive(client, TEL, "yes")
    assert (await channels(client))[TEL]["consent"]["record"]["disclosure"] == wording


async def test_a_person_is_asked_at_most_once_in_ten_minutes(client: Client, database: Database) -> None:
    await client.add_email(ANN)
    await asked(client, ANN)
    told = await asked(client, ANN)
    assert codes(told) == [("INVALID_STATE", ["channelId"])]
    assert "10 minutes" in told["userErrors"][0]["message"]
    assert len(await queued(database, client)) == 1


async def test_of_ten_questions_at_once_one_is_asked(client: Client, database: Database) -> None:
    await client.add_email(ANN)
    id = (await channels(client))[ANN]["id"]
    told = await asyncio.gather(*(request(client, id) for _ in range(10)))
    assert sorted(len(each["userErrors"]) for each in told) == [0] + [1] * 9
    assert len(await queued(database, client)) == 1


async def test_who_is_opted_in_is_not_asked_where_nothing_is_claimed(client: Client, database: Database) -> None:
    await client.add_email(ANN, emailConsent=IN)
    assert codes(await asked(client, ANN)) == [("INVALID_STATE", ["channelId"])]
    assert await queued(database, client) == []


async def test_an_opt_in_is_not_lowered_by_asking_about_a_claim(client: Client, database: Database) -> None:
    await client.add_email(ANN, emailConsent=IN)
    await client.add_sms(TEL)
    await claim(database, client, TEL, ANN)
    assert (await asked(client, ANN))["channel"]["consent"] == {"status": "OPTED_IN"}


async def test_a_number_that_opted_out_is_not_asked_by_text(client: Client, database: Database) -> None:
    await client.add_sms(TEL, smsConsent=OUT)
    told = await asked(client, TEL)
    assert codes(told) == [("INVALID_STATE", ["channelId"])]
    assert "OPTED_OUT" in told["userErrors"][0]["message"]
    assert await queued(database, client) == []


async def test_a_channel_that_is_not_there_is_not_asked(client: Client, stranger: Client) -> None:
    await stranger.add_email(ANN)
    for id in ("channel_1", (await channels(stranger))[ANN]["id"]):
        assert codes(await request(client, id)) == [("NOT_FOUND", ["channelId"])]


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"disclosure": " "}, ("CONSENT_EVIDENCE_REQUIRED", ["disclosure"])),
        ({"disclosure": "x" * 10_001}, ("LIMIT_EXCEEDED", ["disclosure"])),
        ({"ipAddress": "nowhere"}, ("INVALID_VALUE", ["ipAddress"])),
    ],
)
async def test_a_question_needs_its_wording(client: Client, more: dict[str, str], error: Any) -> None:
    await client.add_email(ANN)
    assert codes(await asked(client, ANN, **more)) == [error]
    assert await statuses(client) == {ANN: "NOT_COLLECTED"}


# ---- confirming


async def test_the_link_opts_in_to_the_wording_that_was_asked(client: Client, database: Database) -> None:
    await client.add_email(ANN)
    await asked(client, ANN, sourceUrl="https://shop.example.com/join")
    await follow(database, client, ip_address="203.0.113.9", user_agent="Browser")
    channel = (await channels(client))[ANN]
    record = channel["consent"]["record"]
    assert channel["consent"]["status"] == "OPTED_IN"
    assert channel["verifiedAt"] == record.pop("occurredAt") == channel["consent"]["updatedAt"]
    assert record == {
        "status": "OPTED_IN",
        "method": "FORM",
        "disclosure": WORDING,
        "sourceUrl": "https://shop.example.com/join",
        "ipAddress": "203.0.113.9",
        "userAgent": "Browser",
        "sourceDetail": "Confirmed by the link.",
        "actor": "the person",
    }


async def test_a_reply_opts_in_to_the_wording_that_was_asked(client: Client, database: Database) -> None:
    await client.add_sms(TEL)
    await asked(client, TEL)
    told = await receive(client, TEL, "Yes!")
    assert (told["reply"], told["channel"]["consent"]["status"]) == (None, "OPTED_IN")
    record = (await channels(client))[TEL]["consent"]["record"]
    assert (record["method"], record["disclosure"]) == ("INBOUND", WORDING)
    assert record["sourceDetail"] == "Confirmed by reply: Yes!"
    assert len(await queued(database, client)) == 1


async def test_confirming_twice_is_harmless(client: Client, database: Database) -> None:
    await client.add_email(ANN)
    await asked(client, ANN)
    first = await follow(database, client)
    before = await channels(client)
    again = await follow(database, client)
    assert (again.channel_id, again.confirmation_id, again.before) == (first.channel_id, first.confirmation_id, True)
    assert await channels(client) == before


async def test_following_a_link_ten_times_at_once_opts_in_once(client: Client, database: Database) -> None:
    await client.add_email(ANN)
    await asked(client, ANN)
    told = await asyncio.gather(*(follow(database, client) for _ in range(10)))
    assert sorted(each.before for each in told) == [False] + [True] * 9


async def test_a_confirmation_expires_after_seven_days(client: Client, database: Database) -> None:
    await client.add_email(ANN)
    await asked(client, ANN)
    with pytest.raises(Refusal, match="expired"):
        await follow(database, client, later=timedelta(days=7))
    assert await statuses(client) == {ANN: "PENDING"}
    await follow(database, client, later=timedelta(days=6))
    assert await statuses(client) == {ANN: "OPTED_IN"}


async def test_an_opt_out_stays_in_force_until_it_is_confirmed(client: Client, database: Database) -> None:
    await client.add_email(ANN, emailConsent=OUT)
    assert (await asked(client, ANN))["channel"]["consent"] == {"status": "OPTED_OUT"}
    await follow(database, client)
    assert await statuses(client) == {ANN: "OPTED_IN"}


async def test_a_link_that_is_followed_after_an_opt_out_opts_in_anew(client: Client, database: Database) -> None:
    await client.add_email(ANN)
    await asked(client, ANN)
    await client.add_email(ANN, emailConsent=OUT)
    assert await statuses(client) == {ANN: "OPTED_OUT"}
    await follow(database, client)
    assert await statuses(client) == {ANN: "OPTED_IN"}


async def test_yes_after_an_opt_out_confirms_nothing(client: Client) -> None:
    await client.add_sms(TEL)
    await asked(client, TEL)
    await receive(client, TEL, "STOP")
    assert (await receive(client, TEL, "YES"))["channel"]["consent"]["status"] == "OPTED_OUT"


async def test_yes_after_a_stop_that_was_undone_confirms(client: Client) -> None:
    await client.add_sms(TEL)
    await asked(client, TEL)
    await receive(client, TEL, "STOP")
    assert (await receive(client, TEL, "START"))["channel"]["consent"]["status"] == "PENDING"
    assert (await receive(client, TEL, "YES"))["channel"]["consent"]["status"] == "OPTED_IN"


async def test_a_yes_from_before_the_question_is_no_answer_to_it(client: Client) -> None:
    await client.add_sms(TEL)
    await asked(client, TEL)
    told = await receive(client, TEL, "YES", receivedAt=at(minutes=1))
    assert told["channel"]["consent"]["status"] == "PENDING"


async def test_a_question_to_one_number_is_not_answered_by_another(client: Client) -> None:
    await client.add_sms(TEL, ANN)
    await client.add_sms(OTHER, ANN)
    await asked(client, TEL)
    await receive(client, OTHER, "YES")
    assert await statuses(client) == {TEL: "PENDING", OTHER: "NOT_COLLECTED", ANN: "NOT_COLLECTED"}


# ---- claims


async def test_an_email_says_masked_what_else_is_confirmed(client: Client, database: Database) -> None:
    await claim(database, client, TEL, ANN)
    await asked(client, ANN)
    [sent] = await queued(database, client)
    assert "the number ending in 71" in sent.body
    assert TEL not in sent.body


async def test_a_text_says_masked_what_else_is_confirmed(client: Client, database: Database) -> None:
    await claim(database, client, TEL, ANN)
    await asked(client, TEL)
    [sent] = await queued(database, client)
    assert "You also confirm as yours: a***@e***.com." in sent.body
    assert ANN not in sent.body
    assert "example" not in sent.body  # for it stays in this message, whatever becomes of the other address


async def test_confirming_makes_a_claimed_link_trusted_so_that_it_yields_no_more(
    client: Client, database: Database
) -> None:
    await claim(database, client, TEL, ANN)
    await asked(client, ANN)
    confirmed = await follow(database, client)
    assert confirmed.link
    assert confirmed.link.outcome == "UNCHANGED"
    assert await profiles(client, "links { trust }") == [{"links": [{"trust": "TRUSTED"}]}]
    await client.add_sms(OTHER, ANN)
    assert await linked(client) == [{TEL, OTHER, ANN}]


async def test_an_opt_in_of_one_address_is_none_of_the_other(client: Client, database: Database) -> None:
    await claim(database, client, TEL, ANN)
    await asked(client, ANN)
    await follow(database, client)
    assert await statuses(client) == {TEL: "NOT_COLLECTED", ANN: "OPTED_IN"}


async def test_confirming_a_claim_about_two_known_people_merges_them_and_can_be_undone(
    client: Client, database: Database
) -> None:
    await client.add_email(ANN)
    await client.add_sms(TEL)
    assert (await claim(database, client, TEL, ANN)).outcome == "PROPOSED"
    await asked(client, ANN)
    confirmed = await follow(database, client)
    assert confirmed.link
    assert (confirmed.link.outcome, len(confirmed.link.merge_ids)) == ("MERGED", 1)
    assert await linked(client) == [{TEL, ANN}]
    [proposal] = await proposals(client)
    assert (proposal["status"], proposal["resolvedBy"]) == ("ACCEPTED", "the person")
    assert (await undo(client, f"profile_merge_{confirmed.link.merge_ids[0].hex}"))["userErrors"] == []
    assert await linked(client) == [{ANN}, {TEL}]
    async with database.reading(client.account.account_id) as reader:
        assert await differences(reader) == []


async def test_a_reply_that_confirms_a_claim_tells_the_merge(client: Client, database: Database) -> None:
    older = await client.add_email(ANN)
    await client.add_sms(TEL)
    await claim(database, client, TEL, ANN)
    await asked(client, TEL)
    told = await receive(client, TEL, "YES")
    assert (told["link"]["outcome"], len(told["link"]["merges"])) == ("MERGED", 1)
    assert told["channel"]["profile"]["id"] == older["profile"]["id"]
    assert await statuses(client) == {TEL: "OPTED_IN", ANN: "NOT_COLLECTED"}


async def test_a_guard_that_objects_by_now_leaves_the_proposal_open_and_the_opt_in_is_recorded(
    client: Client, database: Database
) -> None:
    await client.add_email(ANN)
    await client.add_sms(TEL)
    await claim(database, client, TEL, ANN)
    await asked(client, ANN)
    ids = [each["id"] for each in await profiles(client, "id")]
    merged = await merge(client, *ids)
    await undo(client, merged["merge"]["id"])  # keeps the two apart from now on
    confirmed = await follow(database, client)
    assert confirmed.link
    assert (confirmed.link.outcome, confirmed.link.merge_ids) == ("PROPOSED", ())
    assert sorted(map(sorted, await linked(client))) == [[TEL], [ANN]]
    assert [each["status"] for each in await proposals(client)] == ["OPEN"]
    assert (await statuses(client))[ANN] == "OPTED_IN"


async def test_a_claim_made_after_the_question_is_not_confirmed_by_it(client: Client, database: Database) -> None:
    await client.add_email(ANN)
    await client.add_sms(TEL)
    await asked(client, ANN)
    await claim(database, client, TEL, ANN)
    assert (await follow(database, client)).link is None
    assert len(await linked(client)) == 2
    assert [each["status"] for each in await proposals(client)] == ["OPEN"]


async def test_a_claim_that_was_decided_meanwhile_is_left_as_it_was_decided(client: Client, database: Database) -> None:
    await claim(database, client, TEL, ANN)
    await asked(client, ANN)
    await client.add_sms(OTHER, ANN)  # to which the claim yields
    assert (await follow(database, client)).link is None
    assert sorted(map(sorted, await linked(client))) == [[OTHER, ANN], [TEL]]


async def test_one_answer_confirms_several_claims(client: Client, database: Database) -> None:
    await client.add_email(ANN)
    await client.add_sms(TEL)
    await claim(database, client, TEL, ANN)
    await claim(database, client, OTHER, ANN)
    await asked(client, ANN)
    confirmed = await follow(database, client)
    assert confirmed.link
    assert confirmed.link.outcome == "MERGED"
    assert await linked(client) == [{TEL, OTHER, ANN}]
    async with database.reading(client.account.account_id) as reader:
        assert await differences(reader) == []


async def test_a_reply_holds_no_profile_while_it_waits_for_an_older_one(client: Client, database: Database) -> None:
    older = uuid("Profile", (await client.add_email(ANN))["profile"]["id"])
    younger = uuid("Profile", (await client.add_sms(TEL))["profile"]["id"])
    await claim(database, client, TEL, ANN)
    await asked(client, TEL)
    tries: list[Writer] = []
    replies: list[asyncio.Task[Any]] = []

    async def lock_both(writer: Writer) -> None:
        tries.append(writer)
        await lock(writer, profile_ids=[older])
        replies.append(asyncio.create_task(receive(client, TEL, "YES")))
        await asyncio.sleep(0.3)
        await writer.fetch(LOCK_AT_ONCE, ids=[younger])

    await database.write(client.account.account_id, lock_both)
    [told] = await asyncio.gather(*replies)
    assert len(tries) == 1
    assert told["link"]["outcome"] == "MERGED"


async def test_an_unknown_confirmation_is_refused(client: Client, database: Database) -> None:
    await client.add_email(ANN)
    id = uuid_of((await channels(client))[ANN]["id"], "Channel")
    assert id
    work = partial(confirming.confirm, confirmation_id=id, answer=Answer(), guards=Guards(), act=ACT)
    with pytest.raises(Refusal, match="no confirmation"):
        await database.write(client.account.account_id, work)
