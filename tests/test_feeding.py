"""Feeds: engagements as a stream of lines, acknowledged while they come."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import httpx
import orjson
import pytest
from starlette.types import Message

from app.accounts.rules import Scope
from app.acts import now
from app.engagement.operations import Reported
from app.engagement.rules.lines import LONGEST_LINE
from app.errors import Overloaded
from app.web.engagements.arriving import MOST_LINES, Arriving, Batch, Cutter
from app.web.engagements.recording import Recording, Stopping, Totals
from app.web.engagements.view import NDJSON, fault
from tests.client import Client, Served
from tests.conftest import new_client
from tests.feeding import counts, event, fed, feed, ndjson, timelines

ANN, TEL, AT = "ann@example.com", "+14155552671", "2026-01-31T09:30:00.000000Z"


def many(count: int, first: int = 0) -> list[dict[str, Any]]:
    """Clicks, each with an id of its own."""
    return [event(ANN, externalId=str(number)) for number in range(first, first + count)]


# ---- what is recorded


async def test_every_member_of_a_line_is_recorded(client: Client) -> None:
    added = await client.add_sms(TEL, ANN)
    ids = {channel["kind"]: channel["id"] for channel in added["channels"]}
    profile = {"id": added["profile"]["id"], "channelKind": "EMAIL"}
    sale = {
        "contact": {"channelId": ids["EMAIL"]},
        "kind": "CONVERSION",
        "externalId": " order-7 ",
        "occurredAt": "2026-01-31T10:30:00+01:00",
        "name": "Sale",
        "url": "https://shop.example.com/ü",
        "text": "Größe 38 👍",
        "value": 49,
        "bounceType": None,
        "properties": {"basket": [1, {"a": None}]},
    }
    bounce = event(ANN, "BOUNCE", bounceType="SOFT", occurredAt="2026-01-30T00:00:00Z")
    visit = {"contact": {"profile": profile}, "kind": "SITE_VISIT", "occurredAt": "2026-01-29T00:00:00Z"}
    reply = event("(415) 555-2671", "RESPONSE", text="stop")
    told = await fed(client, ndjson(sale, bounce, visit, reply))
    assert told == [
        {"through": 4, "recorded": 4, "duplicates": 0, "errors": []},
        {"done": True, "through": 4, "recorded": 4, "duplicates": 0, "failed": 0},
    ]
    found = await timelines(client)
    assert [each["kind"] for each in found[ANN]["engagements"]["nodes"]] == ["CONVERSION", "BOUNCE", "SITE_VISIT"]
    assert found[ANN]["engagements"]["nodes"][0] == {
        "kind": "CONVERSION",
        "occurredAt": AT,
        "name": "Sale",
        "url": "https://shop.example.com/ü",
        "text": "Größe 38 👍",
        "value": 49.0,
        "bounceType": None,
        "properties": {"basket": [1, {"a": None}]},
    }
    assert found[TEL]["consent"]["status"] == "OPTED_OUT"
    assert found[ANN]["consent"]["status"] == "NOT_COLLECTED"


@pytest.mark.parametrize("type_", ["application/x-ndjson", "application/jsonl", "application/ndjson; charset=utf-8"])
async def test_all_names_of_the_format_are_taken(client: Client, type_: str) -> None:
    assert await fed(client, b"", type_) == [
        {"done": True, "through": 0, "recorded": 0, "duplicates": 0, "failed": 0},
    ]


async def test_empty_lines_are_passed_over_and_counted_and_the_last_needs_no_end(client: Client) -> None:
    await client.add_email(ANN)
    body = b"\n\r\n" + ndjson(event(ANN)).replace(b"\n", b"\r\n") + b"  \n{}\n" + ndjson(event(ANN)).strip()
    [settled, done] = await fed(client, body)
    assert [error["line"] for error in settled["errors"]] == [5]
    assert done == {"done": True, "through": 6, "recorded": 2, "duplicates": 0, "failed": 1}


# ---- the stream


async def test_lines_are_acknowledged_while_others_are_still_to_come(served: Served, client: Client) -> None:
    await client.add_email(ANN)
    stream = await feed(served, client)
    await stream.send(ndjson(event(ANN), event("nobody@example.com")) + b'{"contact": ')
    first = await stream.told()
    assert (first["through"], first["recorded"], first["errors"][0]["line"]) == (2, 1, 2)
    assert await counts(served, client) == {ANN: {"CLICK": 1}}
    await stream.send(b'{"emailAddress": "ann@example.com"}, "kind": "OPEN"}\n')
    assert await stream.told() == {"through": 3, "recorded": 1, "duplicates": 0, "errors": []}
    assert await stream.finish() == [{"done": True, "through": 3, "recorded": 2, "duplicates": 0, "failed": 1}]
    assert stream.status == 200


async def test_a_stream_that_broke_is_sent_again_and_counts_once(served: Served, client: Client) -> None:
    await client.add_email(ANN)
    body = ndjson(*many(3 * MOST_LINES))
    stream = await feed(served, client)
    await stream.send(body[: len(body) // 2])
    through = (await stream.told())["through"]
    stream.break_off()
    assert through > 0
    rest = body.split(b"\n", through)[-1]
    await fed(client, rest)
    assert await counts(served, client) == {ANN: {"CLICK": 3 * MOST_LINES}}
    *_, done = await fed(client, body)
    assert (done["recorded"], done["duplicates"]) == (0, 3 * MOST_LINES)
    assert await counts(served, client) == {ANN: {"CLICK": 3 * MOST_LINES}}


async def test_of_a_client_that_goes_away_the_complete_lines_are_recorded(served: Served, client: Client) -> None:
    await client.add_email(ANN)
    stream = await feed(served, client)
    await stream.send(ndjson(event(ANN, "OPEN")) + ndjson(event(ANN, "CLICK")).strip())
    await stream.told()
    stream.break_off()
    stream = await feed(served, client)
    await stream.send(ndjson(event(ANN, "SITE_VISIT")) + b'{"contact"')
    stream.writer.write_eof()
    await asyncio.sleep(0.3)
    stream.break_off()
    assert await counts(served, client) == {ANN: {"OPEN": 1, "SITE_VISIT": 1}}


async def test_a_long_stream_is_acknowledged_batch_by_batch_in_order(client: Client) -> None:
    await client.add_email(ANN)
    lines = many(5 * MOST_LINES)
    lines[MOST_LINES] = event("nobody@example.com")
    lines[MOST_LINES + 1] = lines[0]
    *batches, done = await fed(client, ndjson(*lines))
    assert [batch["through"] for batch in batches] == sorted({batch["through"] for batch in batches})
    assert len(batches) >= 5
    assert max(batch["recorded"] for batch in batches) <= MOST_LINES
    assert [error["line"] for batch in batches for error in batch["errors"]] == [MOST_LINES + 1]
    expected = {"recorded": 5 * MOST_LINES - 2, "duplicates": 1, "failed": 1}
    assert done == {"done": True, "through": 5 * MOST_LINES, **expected}


async def test_many_streams_at_once_are_all_recorded_and_others_are_answered_meanwhile(
    served: Served, client: Client
) -> None:
    await client.add_email(ANN)
    streams = [asyncio.create_task(fed(client, ndjson(*many(1000, first=500 * number)))) for number in range(6)]
    await client.add_email("late@example.com")
    answers = await asyncio.gather(*streams)
    assert sum(answer[-1]["recorded"] for answer in answers) == 3500
    assert sum(answer[-1]["duplicates"] for answer in answers) == 2500
    assert (await counts(served, client))[ANN] == {"CLICK": 3500}


@pytest.mark.skipif(not os.environ.get("TANDEM_LONG"), reason="it waits for 10 seconds")
async def test_a_stalled_client_is_told_so_and_dropped(served: Served, client: Client) -> None:
    await client.add_email(ANN)
    stream = await feed(served, client)
    await stream.send(ndjson(event(ANN)) + b"{")
    assert (await stream.told())["recorded"] == 1
    last = await stream.told()
    assert (last["error"]["code"], last["through"], last["recorded"]) == ("REQUEST_TIMEOUT", 1, 1)
    assert await stream.told() is None
    stream.break_off()


async def recorded(body: bytes, record: Callable[[Batch], Awaitable[Reported]]) -> tuple[list[Any], Recording]:
    """What is told of a body, and the recording; it ends with what `record` failed by, if it did."""
    told: list[Any] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def tell(line: dict[str, Any]) -> None:
        told.append(line)

    recording = Recording(Arriving(receive, now), record=record, tell=tell)
    with suppress(Overloaded):
        await recording.run()
    return told, recording


async def test_batches_are_acknowledged_in_order_whichever_is_recorded_first() -> None:
    async def slowly(batch: Batch) -> Reported:
        await asyncio.sleep(0.1 if batch.through == MOST_LINES else 0)
        return Reported()

    told, _ = await recorded(ndjson(*many(3 * MOST_LINES)), slowly)
    assert [line["through"] for line in told] == [MOST_LINES, 2 * MOST_LINES, 3 * MOST_LINES]


async def test_nothing_behind_a_batch_that_failed_is_acknowledged_and_what_is_begun_ends() -> None:
    begun, ended = [], []

    async def failing(batch: Batch) -> Reported:
        begun.append(batch.through)
        await asyncio.sleep(0.05 if batch.through == 3 * MOST_LINES else 0)
        ended.append(batch.through)
        if batch.through == 2 * MOST_LINES:
            raise Overloaded
        return Reported(duplicates=len(batch.events))

    told, recording = await recorded(ndjson(*many(9 * MOST_LINES)), failing)
    assert [line["through"] for line in told] == [MOST_LINES]
    assert recording.totals == Totals(through=MOST_LINES, duplicates=MOST_LINES)
    assert sorted(ended) == begun
    assert len(begun) <= 3


async def test_a_fault_is_told_by_a_number_and_what_was_wrong_stays_with_us() -> None:
    assert fault(Overloaded(), "17") == {"code": "OVERLOADED", "message": str(Overloaded())}
    told = fault(ValueError("ann@example.com"), "17")
    assert told["code"] == "INTERNAL_SERVER_ERROR"
    assert "17" in told["message"]
    assert ANN not in told["message"]


# ---- what is refused

GOOD = '"contact": {"emailAddress": "ann@example.com"}, "kind": "CLICK"'
MALFORMED = [
    (b"nonsense", [], "not JSON"),
    (b'{"contact"', [], "not JSON"),
    (b"\xff\xfe", [], "not JSON in UTF-8"),
    (b'{"kind": "\xff"}', [], "not JSON in UTF-8"),
    (b'{"kind": "\\ud800"}', [], "not JSON in UTF-8"),
    (b'{"value": NaN}', [], "not JSON"),
    (b'{"value": 1e999}', [], "not JSON"),
    (b"[" * 2000, [], "not JSON"),
    (b"[1]", [], "not a JSON object"),
    (b"null", [], "not a JSON object"),
    (f'{{{GOOD}, "text": "a\\u0000b"}}'.encode(), [], "NUL"),
    (f'{{{GOOD}, "properties": {{"\\\\\\u0000": 1}}}}'.encode(), [], "NUL"),
    (f'{{{GOOD}, "color": "red"}}'.encode(), ["color"], "There is no 'color'"),
    (b"{}", ["contact"], "Say on which channel"),
    (b'{"kind": "CLICK", "contact": null}', ["contact"], "Say on which channel"),
    (b'{"contact": {"emailAddress": "ann@example.com"}}', ["kind"], "Say what happened: SEND"),
    (b'{"contact": "ann@example.com"}', ["contact"], "exactly one of channelId"),
    (b'{"contact": {}}', ["contact"], "exactly one of"),
    (b'{"contact": {"emailAddress": "a@b.c", "channelId": "x"}}', ["contact"], "exactly one of"),
    (b'{"contact": {"phone": "1"}}', ["contact", "phone"], "There is no 'phone'"),
    (b'{"contact": {"emailAddress": null}}', ["contact", "emailAddress"], "as text"),
    (b'{"contact": {"emailAddress": "%b"}}' % (b"a" * 321), ["contact", "emailAddress"], "at most 320"),
    (b'{"contact": {"profile": {"id": "x"}}}', ["contact", "profile"], "primary channel"),
    (b'{"contact": {"profile": {"id": "x", "channelKind": "FAX"}}}', ["contact", "profile", "channelKind"], "EMAIL"),
    (f'{{{GOOD}, "kind": "click"}}'.encode(), ["kind"], "'kind' is one of SEND"),
    (f'{{{GOOD}, "kind": ["CLICK"]}}'.encode(), ["kind"], "'kind' is one of SEND"),
    (f'{{{GOOD}, "externalId": 7}}'.encode(), ["externalId"], "as text"),
    (f'{{{GOOD}, "externalId": " "}}'.encode(), ["externalId"], "1 to 200"),
    (f'{{{GOOD}, "occurredAt": "yesterday"}}'.encode(), ["occurredAt"], "RFC 3339"),
    (f'{{{GOOD}, "occurredAt": "2026-01-31T09:30:00"}}'.encode(), ["occurredAt"], "offset"),
    (f'{{{GOOD}, "occurredAt": 1700000000}}'.encode(), ["occurredAt"], "RFC 3339"),
    (f'{{{GOOD}, "occurredAt": "2126-01-31T09:30:00Z"}}'.encode(), ["occurredAt"], "ahead"),
    (f'{{{GOOD}, "value": "49"}}'.encode(), ["value"], "a number"),
    (f'{{{GOOD}, "value": true}}'.encode(), ["value"], "a number"),
    (f'{{{GOOD}, "bounceType": "HARD"}}'.encode(), ["bounceType"], "Only a BOUNCE"),
    (f'{{{GOOD}, "properties": [1]}}'.encode(), ["properties"], "an object"),
    (f'{{{GOOD}, "name": "{"a" * 201}"}}'.encode(), ["name"], "200"),
    (f'{{{GOOD}, "text": "{"a" * LONGEST_LINE}"}}'.encode(), [], f"longer than {LONGEST_LINE} bytes"),
]


async def test_a_malformed_line_is_told_with_its_number_and_the_rest_is_recorded(client: Client) -> None:
    await client.add_email(ANN)
    good = f"{{{GOOD}}}".encode()
    body = b"\n".join(line for malformed, _, _ in MALFORMED for line in (good, malformed))
    *batches, done = await fed(client, body)
    errors = [error for batch in batches for error in batch["errors"]]
    assert [(error["line"], error["field"]) for error in errors] == [
        (2 * place, field) for place, (_, field, _) in enumerate(MALFORMED, 1)
    ]
    for error, (_, _, said) in zip(errors, MALFORMED, strict=True):
        assert said in error["message"], error
        assert error["message"].endswith("."), error
        assert len(error["message"]) < 300, error
    assert (done["recorded"], done["failed"]) == (len(MALFORMED), len(MALFORMED))


async def test_a_text_that_only_looks_like_nul_is_taken(client: Client) -> None:
    await client.add_email(ANN)
    await fed(client, f'{{{GOOD}, "text": "\\\\u0000"}}'.encode())
    assert [each["text"] for each in (await timelines(client))[ANN]["engagements"]["nodes"]] == ["\\u0000"]


async def test_another_accounts_contacts_are_unknown(served: Served, client: Client, stranger: Client) -> None:
    [channel] = (await stranger.add_email(ANN))["channels"]
    by_id = {"contact": {"channelId": channel["id"]}, "kind": "OPEN"}
    [settled, _] = await fed(client, ndjson(by_id, event(ANN)))
    assert [(error["line"], error["code"]) for error in settled["errors"]] == [(1, "NOT_FOUND"), (2, "NOT_FOUND")]
    assert await counts(served, stranger) == {}


@pytest.mark.parametrize(
    ("method", "headers", "status", "code"),
    [
        ("POST", {}, 401, "UNAUTHENTICATED"),
        ("POST", {"authorization": "Bearer nonsense"}, 401, "UNAUTHENTICATED"),
        ("POST", {"content-type": "application/json"}, 415, "BAD_USER_INPUT"),
        ("GET", {}, 405, "BAD_USER_INPUT"),
    ],
)
async def test_what_is_no_feed_is_refused_as_a_whole(
    served: Served, client: Client, method: str, headers: dict[str, str], status: int, code: str
) -> None:
    await client.add_email(ANN)
    given = headers if status == 401 else {"authorization": f"Bearer {client.key}", **headers}
    given = {"content-type": "application/x-ndjson", **given}
    response = await client.http.request(method, "/engagements", content=ndjson(event(ANN)), headers=given)
    assert (response.status_code, response.json()["errors"][0]["extensions"]) == (status, {"code": code})
    assert await counts(served, client) == {}


async def test_a_key_that_may_only_read_records_nothing(served: Served, http: httpx.AsyncClient) -> None:
    reading = await new_client(served, http, [Scope.READ])
    headers = {"authorization": f"Bearer {reading.key}", "content-type": "application/x-ndjson"}
    response = await http.post("/engagements", content=ndjson(event(ANN)), headers=headers)
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (403, "FORBIDDEN")


# ---- lines


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_lines_are_the_same_however_they_are_cut_into_chunks(size: int) -> None:
    body = b"one\n\n" + b"x" * (2 * LONGEST_LINE) + b"\ntwo\r\nlast"
    cutter = Cutter()
    found = [
        line[: LONGEST_LINE + 1] for at in range(0, len(body), size) for line in cutter.lines(body[at : at + size])
    ]
    assert [*found, *cutter.last()] == [b"one", b"", b"x" * (LONGEST_LINE + 1), b"two\r", b"last"]


def test_every_line_is_json_that_ends_with_a_newline() -> None:
    assert ndjson({"a": 1}) == orjson.dumps({"a": 1}) + b"\n"


async def test_a_stream_ends_when_the_server_stops_after_what_is_begun() -> None:
    told: list[Any] = []
    waiting = asyncio.Event()
    messages: list[Message] = [{"type": "http.request", "body": ndjson(event(ANN, "OPEN")), "more_body": True}]

    async def receive() -> Message:
        if messages:
            return messages.pop()
        await waiting.wait()
        raise AssertionError

    async def record(_: Batch) -> Reported:
        await asyncio.sleep(0.05)
        return Reported()

    async def tell(line: dict[str, Any]) -> None:
        told.append(line)

    recording = Recording(Arriving(receive, now), record=record, tell=tell)
    asyncio.get_running_loop().call_later(0.04, recording.stop)
    with pytest.raises(Stopping):
        await recording.run()
    assert [line["through"] for line in told] == [1]


async def test_a_stream_is_not_compressed(client: Client) -> None:
    headers = {"authorization": f"Bearer {client.key}", "content-type": NDJSON, "content-encoding": "gzip"}
    response = await client.http.post("/engagements", content=b"\x1f\x8b", headers=headers)
    assert response.status_code == 415
