"""Files that are sent by PUT: kept while they come, and refused with the reason."""

import asyncio
from collections.abc import AsyncIterator
from time import monotonic
from typing import Any

import pytest

from app.acts import now
from app.imports.errors import FileTooLarge
from app.imports.jobs.storing import CHUNK_BYTES, Storing
from app.signing import Purpose
from app.web.imports.arriving import Arriving, Stalled, Stopping
from tests.client import Client, Served
from tests.uploading import FILE, awaiting

LINE = b"ann@example.com,+14155552671\r\n"


def message(response: Any) -> str:
    """What the answer says is wrong."""
    [error] = response.json()["errors"]
    return str(error["message"])


async def test_a_file_is_kept_whole_and_queued(served: Served, client: Client) -> None:
    new = await awaiting(served, client)
    response = await new.put()
    assert response.status_code == 200
    assert response.json() == {"import": f"import_{new.id.hex}", "status": "QUEUED", "bytes": len(FILE)}
    assert response.headers["access-control-allow-origin"] == "*"


async def test_a_file_that_comes_in_pieces_of_any_size_is_kept_in_chunks_of_a_mebibyte(
    served: Served, client: Client
) -> None:
    new = await awaiting(served, client, dry_run=True)
    whole = b"Email,Mobile\r\n" + LINE * (int(2.5 * CHUNK_BYTES) // len(LINE))

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(whole), 99_991):
            yield whole[start : start + 99_991]

    upload = await new.begun()
    await upload.send(b"Email,Mobile\r\n" + LINE * 40_000)  # another takes its place
    while not await new.chunks():
        await asyncio.sleep(0.01)
    assert (await new.put(pieces())).json()["bytes"] == len(whole)
    chunks = await new.chunks()
    assert b"".join(chunks) == whole
    assert [len(chunk) for chunk in chunks] == [CHUNK_BYTES, CHUNK_BYTES, len(whole) - 2 * CHUNK_BYTES]
    status, content = await upload.answer()
    assert (status, content["errors"][0]["extensions"]["code"]) == (409, "INVALID_STATE")


async def test_a_link_that_is_not_good_is_told(served: Served, client: Client) -> None:
    new = await awaiting(served, client)
    for path in (new.path() + "x", new.path(Purpose.IMPORT_ERRORS).replace("import-errors", "imports")):
        response = await client.http.put(path, content=FILE)
        assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (403, "FORBIDDEN")
        assert response.headers["access-control-allow-origin"] == "*"
    assert (await new.standing())[0] == "AWAITING_UPLOAD"


async def test_only_an_import_that_awaits_a_file_takes_one(served: Served, client: Client) -> None:
    new = await awaiting(served, client)
    assert (await new.put()).status_code == 200
    again = await new.put()
    assert again.status_code == 409
    assert "createImport" in message(again)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-encoding": "gzip"}, 415),
        ({"content-type": "multipart/form-data; boundary=x"}, 415),
        ({"content-type": "text/csv"}, 200),
    ],
)
async def test_what_is_sent_must_be_the_file_itself(
    served: Served, client: Client, headers: dict[str, str], status: int
) -> None:
    new = await awaiting(served, client)
    assert (await new.put(**headers)).status_code == status
    assert (await new.standing())[0] == ("AWAITING_UPLOAD" if status != 200 else "QUEUED")


async def test_a_file_that_cannot_be_read_is_refused_while_it_comes(served: Served, client: Client) -> None:
    new = await awaiting(served, client)
    response = await new.put(b"Email,Mobile\r\n" + LINE + b"be\xff@example.com,\r\n")
    assert response.status_code == 422
    status, _, problem, line = await new.standing()
    assert (status, problem, line) == ("FAILED", message(response), response.json()["errors"][0]["extensions"]["line"])
    assert await new.chunks() == []


async def test_a_file_that_is_too_large_is_refused_before_it_comes_or_while_it_does(
    served: Served, client: Client
) -> None:
    new = await awaiting(served, client)
    upload = await new.begun("Content-Length: 3000000000")
    status, content = await upload.answer(ended=False)
    assert (status, content["errors"][0]["message"].partition(";")[0]) == (
        413,
        "The file is larger than 2,147,483,648 bytes",
    )
    assert (await new.standing())[0] == "AWAITING_UPLOAD"
    storing = Storing(served.database, new.account_id, new.id, now=now, most=len(FILE))
    await storing.begin()
    await storing.take(FILE)
    with pytest.raises(FileTooLarge):
        await storing.take(b"x")
    assert (await new.standing())[0] == "FAILED"


async def test_a_sender_that_breaks_off_may_send_the_file_again(served: Served, client: Client) -> None:
    new = await awaiting(served, client, dry_run=True)
    upload = await new.begun()
    await upload.send(b"Email,Mobile\r\n" + LINE * 40_000)
    while not await new.chunks():
        await asyncio.sleep(0.01)
    upload.break_off()
    assert (await new.standing())[0] == "AWAITING_UPLOAD"
    assert (await new.put()).status_code == 200
    assert (await new.standing())[1] == len(FILE)


async def test_pages_of_other_sites_may_send_a_file(served: Served, client: Client) -> None:
    new = await awaiting(served, client)
    headers = {"origin": "https://shop.example.com", "access-control-request-method": "PUT"}
    asked = await client.http.options(new.path(), headers=headers)
    assert asked.status_code == 204
    allowed = {name: value for name, value in asked.headers.items() if name.startswith("access-control")}
    assert allowed == {
        "access-control-allow-origin": "*",
        "access-control-allow-methods": "PUT",
        "access-control-allow-headers": "*",
        "access-control-max-age": "86400",
    }


async def test_another_method_is_told_the_right_one(served: Served, client: Client) -> None:
    new = await awaiting(served, client)
    response = await client.http.post(new.path(), content=FILE)
    assert (response.status_code, response.headers["allow"]) == (405, "PUT, OPTIONS")


# ---- the body


async def silent() -> Any:
    """Nothing comes."""
    await asyncio.Event().wait()


async def test_a_sender_that_says_nothing_is_given_up() -> None:
    with pytest.raises(Stalled):
        await anext(aiter(Arriving(silent, stalled_seconds=0.05)))


async def test_a_server_that_stops_ends_uploads_at_once() -> None:
    body = Arriving(silent)
    asyncio.get_running_loop().call_later(0.05, body.stop)
    began = monotonic()
    with pytest.raises(Stopping):
        await anext(aiter(body))
    assert monotonic() - began < 1.0
    with pytest.raises(Stopping):  # and those that begin later
        await anext(aiter(body))
