"""Following an import: how it stands at once, then whenever it changed, until it has ended."""

import asyncio
from functools import partial
from itertools import pairwise

import pytest

from app.acts import Act, now
from app.imports.operations import deciding
from app.tables import IntakeMethod
from tests.client import Client, Served
from tests.following import SOON, events, following, line
from tests.links import SECRET
from tests.uploading import FILE, Awaiting, awaiting

WATCH = "subscription ($id: ID!) { importProgressed(id: $id) { id status rows created bytesTotal } }"


def id_of(new: Awaiting) -> str:
    return f"import_{new.id.hex}"


async def cancel(new: Awaiting) -> None:
    act = Act(now(), "Tests", IntakeMethod.MANUAL, SECRET.encode())
    await new.served.database.write(new.account_id, partial(deciding.cancel, import_id=new.id, act=act))


async def test_an_import_is_told_at_once_and_until_it_has_ended(served: Served, client: Client) -> None:
    new = await awaiting(served, client)
    async with line(served.url, client.key) as told, asyncio.timeout(SOON):
        await told.say("subscribe", id="1", payload={"query": WATCH, "variables": {"id": id_of(new)}})
        found = [await told.hear()]
        await new.put()
        while found[-1]["type"] == "next":
            found.append(await told.hear())
    assert found.pop() == {"id": "1", "type": "complete"}
    states = [each["payload"]["data"]["importProgressed"] for each in found]
    at_first = {"id": id_of(new), "status": "AWAITING_UPLOAD", "rows": 0, "created": 0, "bytesTotal": None}
    assert states[0] == at_first
    assert states[-1] == {**at_first, "status": "SUCCEEDED", "rows": 1, "created": 1, "bytesTotal": len(FILE)}
    assert all(one != other for one, other in pairwise(states))


async def test_an_import_that_has_ended_is_told_and_that_is_all(served: Served, client: Client) -> None:
    new = await awaiting(served, client)
    await cancel(new)
    query = WATCH.replace("($id: ID!)", "").replace("$id", f'"{id_of(new)}"')
    async with events(client, query) as told, asyncio.timeout(SOON):
        found = [await told.next() for _ in range(3)]
    assert [name for name, _ in found] == ["next", "complete", "end"]
    assert found[0][1]["data"]["importProgressed"]["status"] == "CANCELLED"


async def test_a_change_that_no_announcement_tells_of_is_seen_all_the_same(served: Served, client: Client) -> None:
    new = await awaiting(served, client)
    async with line(served.url, client.key) as told, asyncio.timeout(SOON):
        await told.say("subscribe", id="1", payload={"query": WATCH, "variables": {"id": id_of(new)}})
        await told.hear()
        await new.set_rows(7)
        assert (await told.hear())["payload"]["data"]["importProgressed"]["rows"] == 7


async def test_all_who_watch_are_told_how_it_stands_whenever_they_begin(served: Served, client: Client) -> None:
    new = await awaiting(served, client)
    async with line(served.url, client.key) as told, asyncio.timeout(SOON):
        for id in ("one", "two"):
            await told.say("subscribe", id=id, payload={"query": WATCH, "variables": {"id": id_of(new)}})
            first = await told.hear()
            assert (first["id"], first["type"]) == (id, "next")
        await cancel(new)
        found = [await told.hear() for _ in range(4)]
    assert sorted((each["id"], each["type"]) for each in found) == [
        ("one", "complete"),
        ("one", "next"),
        ("two", "complete"),
        ("two", "next"),
    ]


@pytest.mark.parametrize("kind", ["malformed", "unknown", "another account's"])
async def test_an_import_that_there_is_not_is_told_at_once(
    served: Served, client: Client, stranger: Client, kind: str
) -> None:
    theirs = id_of(await awaiting(served, stranger))
    id = {"malformed": "contacts.csv", "unknown": "import_" + "0" * 32, "another account's": theirs}[kind]
    async with line(served.url, client.key) as told, asyncio.timeout(SOON):
        await told.say("subscribe", id="1", payload={"query": WATCH, "variables": {"id": id}})
        answer = await told.hear()
    [error] = answer["payload"]
    assert (error["message"], error["path"]) == (
        "There is no import with this id; 'imports' lists them.",
        ["importProgressed"],
    )


async def test_what_happens_and_how_something_stands_are_told_side_by_side(served: Served, client: Client) -> None:
    new = await awaiting(served, client)
    async with following(served.url, client.key) as told, asyncio.timeout(SOON):
        await told.say("subscribe", id="2", payload={"query": WATCH, "variables": {"id": id_of(new)}})
        assert (await told.hear())["id"] == "2"
        await new.put()
        while (await told.hear())["type"] != "complete":
            pass
