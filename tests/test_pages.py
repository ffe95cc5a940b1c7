"""What every page behind a signed link is, and what is told of requests that are not as they should be."""

import asyncio
from hashlib import sha256
from itertools import product
from pathlib import Path
from time import time
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from starlette.applications import Starlette

from app import acts, migrations
from app.channels.rules import Address, masked
from app.db import Writer, open_database
from app.kinds import ChannelKind
from app.signing import DAY, Purpose, Signer, Token
from app.web.edge import Edge
from app.web.forms import MOST_BYTES, multipart
from app.web.pages import behind_links
from tests.client import Client, Served
from tests.html import html
from tests.links import PUBLIC_URL, SECRET, SIGNER, path, topics, uuid
from tests.visiting import (
    ERASE,
    LINKS,
    ONE_CLICK,
    PREFERENCES,
    TEL,
    U,
    contact,
    question,
    status,
)

#: What is behind links: files by one method each, and pages.
FILES = {Purpose.IMPORT: "PUT", Purpose.IMPORT_ERRORS: "GET"}
PAGES = [purpose for purpose in Purpose if purpose not in FILES]


async def test_the_links_that_the_api_gives_lead_to_the_pages_of_their_channel(client: Client) -> None:
    for channel in await contact(client):
        links = (await client.ask(LINKS, id=channel))["node"]
        opened = {name: await client.http.get(url.removeprefix(PUBLIC_URL)) for name, url in links.items()}
        assert {name: response.status_code for name, response in opened.items()} == dict.fromkeys(links, 200)
        await client.http.post(links["unsubscribeUrl"].removeprefix(PUBLIC_URL), data=ONE_CLICK)
        assert await status(client, channel) == "OPTED_OUT"


@pytest.mark.parametrize(
    ("content", "type_", "expected"),
    [
        (b"List-Unsubscribe=One-Click&a=%00", "application/x-www-form-urlencoded", 400),
        (b"List-Unsubscribe=One-Click&a=%ff", "application/x-www-form-urlencoded", 400),
        (b"List-Unsubscribe=One-Click&a=\xff", "application/x-www-form-urlencoded", 400),
        (b"List-Unsubscribe=One-Click", "multipart/form-data", 400),
        (b"List-Unsubscribe=One-Click", "multipart/form-data; boundary=x", 400),
        (b'{"List-Unsubscribe": "One-Click"}', "application/json", 415),
        (b"List-Unsubscribe=One-Click", "", 415),
        (b"List-Unsubscribe=One-Click&a=" + b"a" * MOST_BYTES, "application/x-www-form-urlencoded", 413),
    ],
)
async def test_a_form_that_is_none_changes_nothing(client: Client, content: bytes, type_: str, expected: int) -> None:
    email, _ = await contact(client)
    headers = {"content-type": type_} if type_ else {}
    response = await client.http.post(path(client, U, email), content=content, headers=headers)
    assert response.status_code == expected
    assert "Nothing was changed" in html(response).text
    assert await status(client, email) == "OPTED_IN"


@pytest.mark.parametrize("purpose", PAGES)
async def test_another_method_is_405(client: Client, purpose: Purpose) -> None:
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        response = await client.http.request(method, f"/{purpose}/x")
        assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, POST")


@pytest.mark.parametrize(("purpose", "method"), [*product(PAGES, ("GET", "POST")), *FILES.items()])
async def test_a_forged_link_is_403_and_tells_nothing(client: Client, purpose: Purpose, method: str) -> None:
    email, _ = await contact(client)
    good = path(client, purpose, email).rpartition("/")[2]
    known = Token(client.account.account_id, uuid("Channel", email))
    forged = [
        "x",
        "a.b.c",
        "%C3%A9",
        "%00",
        good[:-1],
        good + "A",
        "A" + good[1:],
        good.replace(".", "..", 1),
        Signer(b"another secret", PUBLIC_URL).signed(purpose, known),
        *(SIGNER.signed(other, known) for other in Purpose if other is not purpose),
        Signer(b"another secret", PUBLIC_URL).signed(purpose, Token(known.account_id, uuid4())),
    ]
    answers = [await client.http.request(method, f"/{purpose}/{token}", data=ONE_CLICK) for token in forged]
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.content for answer in answers}) == 1
    assert await status(client, email) == "OPTED_IN"


class Old(TimestampSigner):
    """Signs as if it were 31 days ago."""

    def get_timestamp(self) -> int:
        """A time as long ago."""
        return int(time()) - 31 * DAY


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_an_expired_link_is_410_and_says_what_to_do(client: Client, method: str) -> None:
    email, _ = await contact(client)
    parts = [client.account.account_id, uuid("Channel", email).hex]
    arguments = {"digest_method": sha256}
    signing = URLSafeTimedSerializer(SECRET, salt="link preferences", signer=Old, signer_kwargs=arguments)
    response = await client.http.request(method, f"/preferences/{signing.dumps(parts)}", data={"everything": "yes"})
    assert response.status_code == 410
    assert "Follow the link in a newer message" in html(response).text
    assert await status(client, email) == "OPTED_IN"


@pytest.mark.parametrize("purpose", PAGES)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_link_to_a_contact_that_was_removed_is_410(client: Client, purpose: Purpose, method: str) -> None:
    link = path(client, purpose, f"channel_{uuid4().hex}")
    response = await client.http.request(method, link, data=ONE_CLICK)
    assert response.status_code == 410
    assert "There is nothing here any more" in html(response).text


async def test_the_links_of_an_erased_person_are_410_and_bring_nothing_back(served: Served, client: Client) -> None:
    email, sms = await contact(client, consent=None)
    links = [await question(served, client, email), path(client, U, sms), path(client, PREFERENCES, email)]
    [profile] = (await client.ask("{ profiles { nodes { id } } }"))["profiles"]["nodes"]
    await client.ask(ERASE, input={"profileId": profile["id"]})
    for link in links:
        for method in ("GET", "POST"):
            response = await client.http.request(method, link, data=ONE_CLICK)
            assert response.status_code == 410
    assert (await client.ask("{ profiles { totalCount } }"))["profiles"]["totalCount"] == 0


async def test_a_link_of_one_account_reaches_no_channel_of_another(client: Client, stranger: Client) -> None:
    email, _ = await contact(client)
    assert (await client.http.post(path(stranger, U, email), data=ONE_CLICK)).status_code == 410
    assert await status(client, email) == "OPTED_IN"


@given(st.binary(max_size=300), st.sampled_from(["", "; boundary=x", '; boundary="', "; boundary=" + "x" * 99]))
def test_parts_are_read_or_refused_whatever_comes(sent: bytes, boundary: str) -> None:
    try:
        found = multipart(f"multipart/form-data{boundary}", b"--x\r\n" + sent)
    except ValueError:
        return
    assert all(isinstance(text, str) for field in found for text in field)


async def test_too_much_waiting_is_503_on_a_page(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'tandem.db'}"
    await migrations.upgrade(url)
    database = await open_database(url, max_connections=2, max_waiting=1)
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def hold(_: Writer) -> None:
        begun.set()
        await go_on.wait()

    held = asyncio.create_task(database.write(1, hold))
    await begun.wait()
    waiting = asyncio.create_task(database.write(1, hold))
    await asyncio.sleep(0)  # until it waits
    async with alone(database) as http:
        response = await http.post(f"/u/{SIGNER.signed(U, Token(1, uuid4()))}", data=ONE_CLICK)
    go_on.set()
    await asyncio.gather(held, waiting)
    await database.close()
    assert (response.status_code, response.headers["retry-after"]) == (503, "5")
    assert "Nothing was changed" in html(response).text


async def test_a_fault_of_ours_is_told_by_a_number_and_no_more(tmp_path: Path) -> None:
    database = await open_database(f"sqlite:///{tmp_path / 'without-tables.db'}", max_connections=2)
    async with alone(database) as http:
        response = await http.get(f"/u/{SIGNER.signed(U, Token(1, uuid4()))}")
    await database.close()
    assert response.status_code == 500
    text = html(response).text
    assert response.headers["x-request-id"] in text
    assert "no such table" not in text


def alone(database: Any) -> httpx.AsyncClient:
    """The pages over a database of their own."""
    routes = behind_links(database, now=acts.now, secret=SECRET.encode(), signer=SIGNER)
    app = Edge(Starlette(routes=routes))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://pages")


async def shown(served: Served, client: Client) -> list[httpx.Response]:
    """One of each page."""
    email, sms = await contact(client)
    await topics(client, "Sales")
    asked = await question(served, client, (await client.add_email("bob@example.com"))["channels"][0]["id"])
    ways = [path(client, U, email), path(client, PREFERENCES, email), path(client, PREFERENCES, sms), asked]
    links = [*ways, "/u/forged"]
    found = [await client.http.get(link) for link in [*links, path(client, U, f"channel_{uuid4().hex}")]]
    found.append(await client.http.post(asked))
    return [*found, await client.http.post(links[0], data=ONE_CLICK), await client.http.post(links[0], data={})]


async def test_every_page_is_accessible_and_needs_no_script(served: Served, client: Client) -> None:
    for response in await shown(served, client):
        page = html(response)
        assert page.all("html") == [{"lang": "en"}]
        assert [len(page.all(tag)) for tag in ("h1", "main", "title", "script")] == [1, 1, 1, 0]
        assert page.all("meta", name="viewport") != []
        labelled = [tag for tag, had in page.elements if tag == "label" or had.get("type") == "checkbox"]
        assert labelled == ["label", "input"] * (len(labelled) // 2)
        assert not [had for _, had in page.elements if "style" in had or any(name.startswith("on") for name in had)]


async def test_every_page_is_kept_from_caches_indexes_frames_and_other_sites(served: Served, client: Client) -> None:
    for response in await shown(served, client):
        assert {name: response.headers[name] for name in EXPECTED_HEADERS} == EXPECTED_HEADERS


EXPECTED_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-robots-tag": "noindex",
    "x-content-type-options": "nosniff",
}


async def test_the_style_sheet_comes_from_here(client: Client) -> None:
    page = html(await client.http.get("/u/forged"))
    [link] = page.all("link")
    assert link["rel"] == "stylesheet"
    response = await client.http.get(httpx.URL("http://x/u/forged").join(link["href"] or "").raw_path.decode())
    assert response.headers["content-type"] == "text/css; charset=utf-8"
    assert "prefers-color-scheme: dark" in response.text


@pytest.mark.parametrize(
    ("kind", "address", "expected"),
    [
        (ChannelKind.EMAIL, "ann@example.com", "a***@e***.com"),
        (ChannelKind.EMAIL, "a@example.com", "a***@e***.com"),
        (ChannelKind.SMS, TEL, "the number ending in 71"),
    ],
)
def test_an_address_is_masked(kind: ChannelKind, address: str, expected: str) -> None:
    assert masked(Address(kind, address)) == expected
