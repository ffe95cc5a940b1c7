"""Texts that an SMS provider hands over: only what it signed counts."""

import asyncio
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx
import pytest

from app.accounts.operations import set_messaging
from app.ids import spelled
from app.web.forms import MOST_BYTES
from app.web.webhooks.signature import is_signed, signature
from tests.client import Client, Served
from tests.deciding import EXPORT
from tests.held import erase
from tests.links import PUBLIC_URL
from tests.texting import channels, queued, statuses

TOKEN, TEL, ANN = "a-token-of-the-provider", "+14155552671", "ann@example.com"
IN = {"act": "OPT_IN", "disclosure": "Yes, text me."}
EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
#: https://www.twilio.com/docs/usage/security, "Validating signatures from Twilio"
EXAMPLE = {
    "token": "12345",
    "url": "https://mycompany.com/myapp.php?foo=1&bar=2",
    "fields": [
        ("Digits", "1234"),
        ("CallSid", "CA1234567890ABCDE"),
        ("To", "+18005551212"),
        ("Caller", "+14158675309"),
        ("From", "+14158675309"),
    ],
}
ERASE = "mutation ($input: EraseProfileInput!) { eraseProfile(input: $input) { erasedProfileId } }"
FORM = "application/x-www-form-urlencoded"


def where(client: Client) -> str:
    """The path of the webhook of the client's account."""
    return f"/webhooks/sms/{spelled('Account', client.account.id)}"


async def signing(served: Served, client: Client) -> Client:
    """The client, its account with the token of its provider."""
    work = partial(set_messaging, sms_auth_token=TOKEN)
    await served.database.write(client.account.account_id, work)
    return client


def message(text: str, **more: str) -> dict[str, str]:
    """A message as the provider sends it."""
    return {"MessageSid": f"SM{uuid4().hex}", "From": TEL, "To": "+18885550100", "Body": text, "NumMedia": "0", **more}


def sign(path: str, fields: dict[str, str]) -> str:
    """The right signature."""
    return signature(TOKEN, f"{PUBLIC_URL}{path}", fields.items())


async def hand_over(client: Client, fields: dict[str, str], *, path: str | None = None) -> httpx.Response:
    """The response to a message with the right signature."""
    to = path or where(client)
    return await client.http.post(to, data=fields, headers={"x-twilio-signature": sign(to, fields)})


# ---- the signature


def test_the_signature_is_that_of_the_example_in_the_documentation() -> None:
    assert signature(**EXAMPLE) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="  # type: ignore[arg-type]


def test_a_value_that_comes_again_counts_once() -> None:
    twice, once = [("a", "1"), ("a", "1"), ("a", "2")], [("a", "2"), ("a", "1")]
    assert signature("t", "https://x", twice) == signature("t", "https://x", once)
    assert signature("t", "https://x", once) != signature("t", "https://x", once[:1])


@pytest.mark.parametrize("token", [None, ""])
def test_without_a_token_nothing_is_signed(token: str | None) -> None:
    assert is_signed(signature("", "https://x", []), token=token, url="https://x", fields=[]) is False


@pytest.mark.parametrize("given", ["", "é", "RSOYDt4T1cUTdK1PDd93/VVr8B8", "rSOYDt4T1cUTdK1PDd93/VVr8B8="])
def test_a_signature_that_differs_at_all_is_wrong(given: str) -> None:
    assert is_signed(given, **EXAMPLE) is False  # type: ignore[arg-type]


# ---- the webhook


async def test_a_signed_stop_opts_the_number_out_and_nothing_else(served: Served, client: Client) -> None:
    await signing(served, client)
    await client.add_sms(TEL, ANN, smsConsent=IN, emailConsent=IN)
    response = await hand_over(client, message("Stop!"))
    assert (response.status_code, response.text) == (200, EMPTY)
    assert response.headers["content-type"] == "text/xml; charset=utf-8"
    assert await statuses(client) == {TEL: "OPTED_OUT", ANN: "OPTED_IN"}
    [reply] = await queued(served.database, client)
    assert (reply.address, reply.is_reply) == (TEL, True)


async def test_a_text_from_a_number_that_was_erased_is_passed_over_and_nothing_of_it_kept(
    served: Served, client: Client
) -> None:
    await signing(served, client)
    await erase(client, (await client.add_sms(TEL))["profile"]["id"])
    response = await hand_over(client, message("Who are you?"))
    assert (response.status_code, response.text) == (200, EMPTY)
    assert await channels(client) == {}


async def test_a_text_from_an_unknown_number_is_kept(served: Served, client: Client) -> None:
    await signing(served, client)
    assert (await hand_over(client, message("Do you have it in blue? Größe 38 + 40 👍"))).status_code == 200
    [channel] = (await channels(client)).values()
    assert channel["address"] == TEL
    assert channel["consent"]["status"] == "NOT_COLLECTED"
    assert [each["text"] for each in channel["engagements"]["nodes"]] == ["Do you have it in blue? Größe 38 + 40 👍"]


@pytest.mark.parametrize("text", ["STOP", "START", "Hello"])
async def test_a_text_from_an_erased_number_is_passed_over(served: Served, client: Client, text: str) -> None:
    await signing(served, client)
    await erase(client, (await client.add_sms(TEL))["profile"]["id"])
    response = await hand_over(client, message(text))
    assert (response.status_code, response.text) == (200, EMPTY)
    assert await channels(client) == {}
    assert await queued(served.database, client) == []


async def test_the_same_message_again_changes_nothing(served: Served, client: Client) -> None:
    await signing(served, client)
    await client.add_sms(TEL, smsConsent=IN)
    stop = message("STOP")
    answers = await asyncio.gather(*(hand_over(client, stop) for _ in range(4)))
    before = await client.ask(EXPORT)
    answers.append(await hand_over(client, stop))
    assert {(answer.status_code, answer.text) for answer in answers} == {(200, EMPTY)}
    assert await client.ask(EXPORT) == before
    assert len(await queued(served.database, client)) == 1


async def test_the_query_is_a_part_of_what_is_signed(served: Served, client: Client) -> None:
    await signing(served, client)
    path = f"{where(client)}?from=provider&a=%20b"
    stop = message("STOP")
    assert (await hand_over(client, stop, path=path)).status_code == 200
    headers = {"x-twilio-signature": sign(path, stop)}
    assert (await client.http.post(where(client), data=stop, headers=headers)).status_code == 403


async def test_what_is_not_signed_is_refused_whatever_is_wrong_with_it(
    served: Served, client: Client, stranger: Client
) -> None:
    await signing(served, client)
    await client.add_sms(TEL, smsConsent=IN)
    before = [await each.ask(EXPORT) for each in (client, stranger)]
    stop, path = message("STOP"), where(client)
    good = sign(path, stop)
    unknown, other = f"/webhooks/sms/account_{uuid4().hex}", where(stranger)
    attempts: list[tuple[str, dict[str, str], str | None]] = [
        (path, stop, None),
        (path, stop, ""),
        (path, stop, "é"),
        (path, stop, good[:-2] + "="),
        (path, {**stop, "Body": "STOp"}, good),
        (path, {**stop, "Extra": ""}, good),
        (path, {name: value for name, value in stop.items() if name != "NumMedia"}, good),
        (f"{path}?", {**stop, "Body": "stop"}, good),
        (unknown, stop, sign(unknown, stop)),
        (unknown, stop, signature("", f"{PUBLIC_URL}{unknown}", stop.items())),
        (other, stop, sign(other, stop)),
        (other, stop, signature("", f"{PUBLIC_URL}{other}", stop.items())),
        ("/webhooks/sms/1", stop, sign("/webhooks/sms/1", stop)),
        (f"/webhooks/sms/{client.account.id}", stop, sign(f"/webhooks/sms/{client.account.id}", stop)),
    ]
    told = set()
    for to, fields, given in attempts:
        headers = {} if given is None else {b"x-twilio-signature": given.encode("latin-1")}
        response = await client.http.post(to, data=fields, headers=headers)
        told.add((response.status_code, response.text))
    assert told == {(403, "The signature is missing, or does not match.\n")}
    assert [await each.ask(EXPORT) for each in (client, stranger)] == before
    assert (await hand_over(client, stop)).status_code == 200


async def test_one_changed_byte_is_refused(served: Served, client: Client) -> None:
    await signing(served, client)
    fields = message("STOP")
    headers = {"x-twilio-signature": sign(where(client), fields), "content-type": FORM}
    sent = urlencode(fields).encode()
    refused = {(403, "The signature is missing, or does not match.\n"), (400, f"The body is not {FORM} in UTF-8.\n")}
    for place in range(len(sent)):
        changed = bytearray(sent)
        changed[place] ^= 0x01
        response = await client.http.post(where(client), content=bytes(changed), headers=headers)
        assert (response.status_code, response.text) in refused, changed
    assert await channels(client) == {}
    assert (await client.http.post(where(client), content=sent, headers=headers)).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"From": ""}, "it has no digits"),
        ({"From": "+1415"}, "too short"),
        ({"From": "whatsapp:+14155552671"}, "did not come by SMS"),
        ({"MessageSid": ""}, "id"),
        ({"Body": "a" * 10_001}, "10000"),
    ],
)
async def test_a_signed_message_that_makes_no_sense_is_400_with_a_sentence(
    served: Served, client: Client, wrong: dict[str, str], said: str
) -> None:
    await signing(served, client)
    response = await hand_over(client, message("STOP", **wrong))
    assert response.status_code == 400
    assert said in response.text
    assert response.text.endswith(".\n")
    assert await channels(client) == {}


@pytest.mark.parametrize("to", ["12345", "+18885550100", "", "MG123", "+1000"])
async def test_a_stop_counts_whatever_it_was_sent_to(served: Served, client: Client, to: str) -> None:
    await signing(served, client)
    await client.add_sms(TEL, smsConsent=IN)
    assert (await hand_over(client, message("STOP", To=to))).status_code == 200
    assert await statuses(client) == {TEL: "OPTED_OUT"}


async def test_the_older_name_of_the_id_is_read(served: Served, client: Client) -> None:
    await signing(served, client)
    fields = message("Hello", SmsMessageSid="SM1")
    del fields["MessageSid"]
    for _ in range(2):
        assert (await hand_over(client, fields)).status_code == 200
    [channel] = (await channels(client)).values()
    assert len(channel["engagements"]["nodes"]) == 1


@pytest.mark.parametrize(
    ("method", "sent", "expected"),
    [
        ("GET", {}, 405),
        ("PUT", {"data": {"a": "b"}}, 405),
        ("POST", {"json": {"From": TEL}}, 415),
        ("POST", {"data": {"Body": "a" * MOST_BYTES}}, 413),
        ("POST", {"content": b"Body=%ff", "headers": {"content-type": FORM}}, 400),
    ],
)
async def test_what_is_no_form_is_refused(client: Client, method: str, sent: dict[str, Any], expected: int) -> None:
    assert (await client.http.request(method, where(client), **sent)).status_code == expected
