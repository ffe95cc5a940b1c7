"""What an email provider tells of messages: only what it signed counts, once, in whatever order."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest
from standardwebhooks.webhooks import Webhook

from app.accounts.errors import InvalidBounces, InvalidSecret
from app.accounts.operations import set_feedback
from app.accounts.rules import bounces_to_hold, email_webhook_secret
from app.engagement.rules.notices import external_id, short
from app.ids import spelled
from app.tables import BounceType
from app.web.webhooks.email import is_signed
from tests.client import Client, Served
from tests.feeding import counts, timelines

SECRET, ANN = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "ann@example.com"
AT = "2026-01-31T09:30:00.000000Z"


def where(client: Client) -> str:
    """The path of the webhook of the client's account."""
    return f"/webhooks/email/{spelled('Account', client.account.id)}"


@pytest.fixture
async def signing(served: Served, client: Client) -> Client:
    """A client that knows one contact, its account with the secret of its provider."""
    await served.database.write(client.account.account_id, partial(set_feedback, email_webhook_secret=SECRET))
    await client.add_email(ANN)
    return client


def notice(type_: str, *, at: str | None = AT, **data: Any) -> dict[str, Any]:
    """A notice of something that became of a message."""
    return {"type": f"email.{type_}", "timestamp": at, "data": {"to": ANN, "messageId": "m-1", **data}}


def signed(body: bytes, *, id: str = "msg-1", at: datetime | None = None, secret: str = SECRET) -> dict[str, str]:
    """The headers of a notice that is signed."""
    at = at or datetime.now(UTC)
    signature = Webhook(secret).sign(id, at, body.decode())
    return {
        "webhook-id": id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
        "content-type": "application/json",
    }


async def tell(client: Client, told: dict[str, Any] | bytes, id: str | None = None) -> httpx.Response:
    """The response to a notice with the right signature."""
    body = told if isinstance(told, bytes) else orjson.dumps(told)
    return await client.http.post(where(client), content=body, headers=signed(body, id=id or uuid4().hex))


async def outcome(client: Client, told: dict[str, Any], id: str | None = None) -> str:
    """What became of a notice."""
    response = await tell(client, told, id)
    assert response.status_code == 200, response.text
    assert response.json()["message"].endswith(".")
    return str(response.json()["outcome"])


# ---- the signature


def test_the_signature_is_that_of_the_example_of_the_standard() -> None:
    """https://github.com/standard-webhooks/standard-webhooks: the vector that all its libraries share."""
    at, body = datetime.fromtimestamp(1614265330, UTC), '{"test": 2432232314}'
    signature = Webhook(SECRET).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, body)
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_one_right_signature_among_several_suffices() -> None:
    body = b'{"a": "\xc3\xbc"}'
    headers = signed(body)
    right = headers["webhook-signature"]
    assert is_signed(headers, body, SECRET)
    assert is_signed(headers | {"webhook-signature": f"v1,aGVsbG8= {right} v2,x"}, body, SECRET)
    for wrong in ("", "v1", "v1,", "v1,é", "v1,a,b", right.replace("v1", "v2"), right[:-6], f"v1 {right}"):
        assert not is_signed(headers | {"webhook-signature": wrong}, body, SECRET), wrong


@pytest.mark.parametrize("late", [timedelta(minutes=-6), timedelta(minutes=6)])
async def test_a_signature_counts_for_five_minutes(served: Served, signing: Client, late: timedelta) -> None:
    body = orjson.dumps(notice("opened"))
    response = await signing.http.post(where(signing), content=body, headers=signed(body, at=datetime.now(UTC) + late))
    assert response.status_code == 403
    response = await signing.http.post(
        where(signing), content=body, headers=signed(body, at=datetime.now(UTC) + late * 0.75)
    )
    assert response.status_code == 200
    assert await counts(served, signing) == {ANN: {"OPEN": 1}}


async def test_what_is_not_signed_is_refused_whatever_is_wrong_with_it(
    served: Served, signing: Client, stranger: Client
) -> None:
    body = orjson.dumps(notice("complained"))
    good, path = signed(body), where(signing)
    unknown, other = f"/webhooks/email/account_{uuid4().hex}", where(stranger)
    attempts: list[tuple[str, bytes, dict[str, str]]] = [
        (path, body, {"content-type": "application/json"}),
        (path, body, signed(body, secret="whsec_" + "a" * 32)),
        (path, body + b" ", good),
        (path, b"\xff", good),
        *((path, body, good | {name: "1"}) for name in good if name != "content-type"),
        *((path, body, {key: value for key, value in good.items() if key != name}) for name in list(good)[:3]),
        (path, body, good | {"webhook-timestamp": "nan"}),
        (unknown, body, good),
        (other, body, good),
        ("/webhooks/email/1", body, good),
    ]
    told = set()
    for to, sent, headers in attempts:
        response = await signing.http.post(to, content=sent, headers=headers)
        told.add((response.status_code, response.text))
    error = {"message": "The signature is missing, or does not match.", "extensions": {"code": "FORBIDDEN"}}
    assert told == {(403, orjson.dumps({"errors": [error]}).decode())}
    assert await counts(served, signing) == {}
    assert (await signing.http.post(path, content=body, headers=good)).status_code == 200


# ---- what is told


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("sent", "SEND"),
        ("delivered", "DELIVERY"),
        ("opened", "OPEN"),
        ("clicked", "CLICK"),
        ("bounced", "BOUNCE"),
        ("complained", "COMPLAINT"),
        ("unsubscribed", "UNSUBSCRIBE"),
    ],
)
async def test_each_type_is_recorded_as_its_kind(served: Served, signing: Client, type_: str, kind: str) -> None:
    assert await outcome(signing, notice(type_, to="Ann@Example.com")) == "RECORDED"
    assert await counts(served, signing) == {ANN: {kind: 1}}


async def test_all_that_is_told_is_kept(signing: Client) -> None:
    told = notice("clicked", url="https://shop.example.com", properties={"campaign": 7}, userAgent="Mozilla")
    assert await outcome(signing, told) == "RECORDED"
    [found] = (await timelines(signing))[ANN]["engagements"]["nodes"]
    assert (found["occurredAt"], found["url"], found["properties"]) == (
        AT,
        "https://shop.example.com",
        {"campaign": 7},
    )


async def test_a_notice_counts_once_and_what_happens_once_to_a_message_too(served: Served, signing: Client) -> None:
    opened = notice("opened")
    answers = await asyncio.gather(*(outcome(signing, opened, "notice-1") for _ in range(3)))
    assert sorted(answers) == ["DUPLICATE", "DUPLICATE", "RECORDED"]
    assert await outcome(signing, opened, "notice-2") == "RECORDED"
    hard = notice("bounced", bounceType="HARD")
    assert await outcome(signing, hard) == "RECORDED"
    assert await outcome(signing, hard | {"timestamp": None}) == "DUPLICATE"
    assert await outcome(signing, notice("bounced", bounceType="HARD", to="ANN@example.com")) == "DUPLICATE"
    assert await outcome(signing, notice("bounced", bounceType="SOFT")) == "RECORDED"
    assert await outcome(signing, notice("bounced", bounceType="HARD", messageId="m-2")) == "RECORDED"
    assert await outcome(signing, notice("delivered", messageId=None), "notice-3") == "RECORDED"
    assert await outcome(signing, notice("delivered", messageId=None), "notice-3") == "DUPLICATE"
    assert await counts(served, signing) == {ANN: {"OPEN": 2, "BOUNCE": 3, "DELIVERY": 1}}


def hours(number: int) -> str:
    """A time, so many hours after another."""
    return f"2026-01-31T{number:02}:00:00Z"


async def deliverability(client: Client) -> str:
    """Whether messages arrive at the contact."""
    return str((await timelines(client))[ANN]["deliverability"])


async def test_three_hard_bounces_hold_and_a_delivery_releases(signing: Client) -> None:
    seen = []
    for number in range(3):
        await tell(signing, notice("bounced", bounceType="HARD", messageId=f"m-{number}", at=hours(number)))
        seen.append(await deliverability(signing))
    await tell(signing, notice("delivered", messageId="m-3", at=hours(4)))
    assert [*seen, await deliverability(signing)] == ["ACTIVE", "ACTIVE", "HELD", "ACTIVE"]


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 0, 2)])
async def test_disorder_is_harmless(served: Served, signing: Client, order: tuple[int, ...]) -> None:
    happened = [
        notice("sent", at=hours(1)),
        notice("delivered", at=hours(2)),
        notice("bounced", bounceType="HARD", messageId="m-2", at=hours(3)),
        notice("bounced", bounceType="HARD", messageId="m-3", at=hours(4)),
    ]
    work = partial(set_feedback, bounces_to_hold=2)
    await served.database.write(signing.account.account_id, work)
    for place in order:
        assert await outcome(signing, happened[place]) == "RECORDED"
    assert await deliverability(signing) == "HELD"


async def test_a_complaint_bans_and_opts_out(signing: Client) -> None:
    await tell(signing, notice("complained"))
    channel = (await timelines(signing))[ANN]
    assert (channel["deliverability"], channel["consent"]["status"]) == ("BANNED", "OPTED_OUT")


async def test_what_is_not_known_is_passed_over_so_that_no_provider_sends_it_again(
    served: Served, signing: Client
) -> None:
    assert await outcome(signing, notice("opened", to="nobody@example.com")) == "UNKNOWN_CONTACT"
    assert await outcome(signing, notice("scheduled")) == "IGNORED"
    assert await outcome(signing, {"type": "contact.created", "data": 7}) == "IGNORED"
    assert await counts(served, signing) == {}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (b"nonsense", "not JSON"),
        (b"[]", "not a JSON object"),
        (b'{"type": "email.opened", "data": {"to": "a\\u0000"}}', "NUL"),
        ({}, "Give 'type' as text"),
        ({"type": 7}, "Give 'type' as text"),
        ({"type": "email.opened"}, '"data"'),
        (notice("opened", to=None), "Give 'to' as text"),
        (notice("opened", to="Ann <ann@example.com>"), "email address"),
        (notice("opened", at="yesterday"), "RFC 3339"),
        (notice("opened", at="2126-01-31T09:30:00Z"), "ahead"),
        (notice("bounced", bounceType="Permanent"), "HARD, SOFT"),
        (notice("delivered", messageId=7), "Give 'messageId' as text"),
        (notice("clicked", url="x" * 2001), "2000"),
        (notice("clicked", properties=[]), "an object"),
    ],
)
async def test_a_signed_notice_that_makes_no_sense_is_400_with_a_sentence(
    served: Served, signing: Client, wrong: Any, said: str
) -> None:
    response = await tell(signing, wrong)
    assert response.status_code == 400
    [error] = response.json()["errors"]
    assert said in error["message"]
    assert error["message"].endswith(".")
    assert await counts(served, signing) == {}


@pytest.mark.parametrize(
    ("method", "sent", "status"),
    [
        ("GET", {}, 405),
        ("POST", {"data": {"a": "b"}}, 415),
        ("POST", {"json": {"a": "a" * 70_000}}, 413),
    ],
)
async def test_what_is_no_notice_is_refused(client: Client, method: str, sent: dict[str, Any], status: int) -> None:
    assert (await client.http.request(method, where(client), **sent)).status_code == status


# ---- ids and settings


def test_an_id_that_is_too_long_to_be_kept_is_kept_by_its_digest() -> None:
    assert short("x" * 200) == "x" * 200
    assert len(short("x" * 201)) == 64
    assert external_id("m-1", " Ann@Example.com", BounceType.HARD) == "m-1 ann@example.com HARD"
    assert external_id("m-1", ANN, None) == "m-1 ann@example.com"


@pytest.mark.parametrize(
    "given", ["", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsec_c2hvcnQ=", "whsec_é", "whsec_" + "a" * 92]
)
def test_a_secret_is_as_the_standard_says(given: str) -> None:
    assert email_webhook_secret(f" {SECRET}\n") == SECRET
    with pytest.raises(InvalidSecret, match="24 to 64 bytes"):
        email_webhook_secret(given)


@pytest.mark.parametrize("given", [0, -1, 101])
def test_some_number_of_bounces_holds(given: int) -> None:
    assert [bounces_to_hold(number) for number in (1, 100)] == [1, 100]
    with pytest.raises(InvalidBounces, match="1 to 100"):
        bounces_to_hold(given)


async def test_an_old_message_unsubscribes_again_whoever_opted_in_since(served: Served, signing: Client) -> None:
    unsubscribed = notice("unsubscribed")
    assert await outcome(signing, unsubscribed, "notice-1") == "RECORDED"
    assert await outcome(signing, unsubscribed, "notice-1") == "DUPLICATE"
    assert await outcome(signing, unsubscribed, "notice-2") == "RECORDED"
