"""What an SMS provider tells of messages that it was given: only what it signed counts, once, in whatever order."""

import asyncio
from functools import partial
from uuid import uuid4

import httpx
import pytest

from app.accounts.operations import set_messaging
from app.engagement.rules.notices import HARD_SMS_ERRORS, sms_bounce_type
from app.ids import spelled
from app.web.webhooks.signature import signature
from tests.client import Client, Served
from tests.feeding import counts, timelines
from tests.links import PUBLIC_URL

TOKEN, TEL = "a-token-of-the-provider", "+14155552671"


def where(client: Client) -> str:
    """The path of the webhook of the client's account."""
    return f"/webhooks/sms/{spelled('Account', client.account.id)}/status"


@pytest.fixture
async def signing(served: Served, client: Client) -> Client:
    """A client that knows one number, its account with the token of its provider."""
    await served.database.write(client.account.account_id, partial(set_messaging, sms_auth_token=TOKEN))
    await client.add_sms(TEL)
    return client


def status(name: str, sid: str = "SM1", **more: str) -> dict[str, str]:
    """A status as the provider sends it."""
    return {"MessageSid": sid, "SmsSid": sid, "MessageStatus": name, "To": TEL, "From": "+18885550100", **more}


async def tell(client: Client, fields: dict[str, str], to: str | None = None) -> httpx.Response:
    """The response to a status with the right signature."""
    path = to or where(client)
    right = signature(TOKEN, f"{PUBLIC_URL}{path}", fields.items())
    return await client.http.post(path, data=fields, headers={"x-twilio-signature": right})


async def test_each_status_is_recorded_as_its_kind_once(served: Served, signing: Client) -> None:
    for name in ("queued", "sent", "delivered", "sent", "read"):
        response = await tell(signing, status(name))
        assert response.status_code == 200, response.text
    assert await counts(served, signing) == {TEL: {"SEND": 1, "DELIVERY": 1}}
    answers = await asyncio.gather(*(tell(signing, status("delivered", "SM2")) for _ in range(3)))
    assert sorted(answer.text for answer in answers) == [
        "It was known already.\n",
        "It was known already.\n",
        "It was recorded.\n",
    ]


async def test_a_message_that_fails_bounces_once(served: Served, signing: Client) -> None:
    for name in ("undelivered", "failed"):
        assert (await tell(signing, status(name, ErrorCode="30005"))).status_code == 200
    [bounce] = (await timelines(signing))[TEL]["engagements"]["nodes"]
    assert (bounce["kind"], bounce["bounceType"], bounce["properties"]) == ("BOUNCE", "HARD", {"errorCode": "30005"})


@pytest.mark.parametrize("error", ["30003", "30007", "21610", "99999", "", None])
def test_what_may_go_well_the_next_time_bounces_softly(error: str | None) -> None:
    assert sms_bounce_type(error) == "SOFT"
    assert {sms_bounce_type(each) for each in HARD_SMS_ERRORS} == {"HARD"}


async def test_three_numbers_that_are_gone_hold_and_a_delivery_releases_in_whatever_order(signing: Client) -> None:
    seen = []
    for sid in ("SM1", "SM2", "SM3"):
        await tell(signing, status("failed", sid, ErrorCode="30006"))
        seen.append((await timelines(signing))[TEL]["deliverability"])
    await tell(signing, status("delivered", "SM4"))
    await tell(signing, status("sent", "SM4"))
    assert [*seen, (await timelines(signing))[TEL]["deliverability"]] == ["ACTIVE", "ACTIVE", "HELD", "ACTIVE"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"To": "+14155550199"}, "No channel is known by this address; nothing was recorded.\n"),
        ({"To": "whatsapp:+14155552671"}, "It is of a kind that is not recorded.\n"),
        ({"MessageStatus": "accepted"}, "It is of a kind that is not recorded.\n"),
    ],
)
async def test_what_is_not_known_is_passed_over(
    served: Served, signing: Client, more: dict[str, str], said: str
) -> None:
    response = await tell(signing, status("sent") | more)
    assert (response.status_code, response.text) == (200, said)
    assert await counts(served, signing) == {}


@pytest.mark.parametrize(("more", "said"), [({"To": "nobody"}, "no digits"), ({"MessageSid": "", "SmsSid": ""}, "id")])
async def test_a_signed_status_that_makes_no_sense_is_400_with_a_sentence(
    served: Served, signing: Client, more: dict[str, str], said: str
) -> None:
    response = await tell(signing, status("sent") | more)
    assert response.status_code == 400
    assert said in response.text
    assert await counts(served, signing) == {}


async def test_what_is_not_signed_is_refused(served: Served, signing: Client, stranger: Client) -> None:
    unknown = f"/webhooks/sms/account_{uuid4().hex}/status"
    inbound = where(signing).removesuffix("/status")
    right = signature(TOKEN, f"{PUBLIC_URL}{inbound}", status("sent").items())
    answers = [
        await signing.http.post(where(signing), data=status("sent")),
        await signing.http.post(where(signing), data=status("sent"), headers={"x-twilio-signature": right}),
        await tell(signing, status("sent"), unknown),
        await tell(signing, status("sent"), where(stranger)),
    ]
    told = {(answer.status_code, answer.text) for answer in answers}
    assert told == {(403, "The signature is missing, or does not match.\n")}
    assert await counts(served, signing) == {}
    assert (await signing.http.get(where(signing))).status_code == 405
