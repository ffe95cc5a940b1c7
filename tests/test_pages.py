"""The pages behind the links in messages: unsubscribing, and the preference centre."""

import asyncio
import os
from datetime import timedelta
from functools import partial
from hashlib import sha256
from html import unescape
from pathlib import Path
from time import time
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from sqlalchemy import select
from starlette.applications import Starlette

from app import acts, migrations
from app.accounts.rules import Guards, Sender
from app.acts import Act
from app.channels.rules import Address, masked
from app.consent.rules.evidence import LONGEST_AGENT, Given, judged
from app.db import Writer, entity, open_database, param, selecting
from app.db.types import Id
from app.identity.operations.adding import add_contact
from app.identity.rules.contacts import Contact
from app.intake.operations import confirming
from app.signing import DAY, Purpose, Signer, Token
from app.tables import ChannelKind, ConsentRecord, IntakeMethod, LedgerAct, LinkTrust
from app.web.edge import Edge
from app.web.forms import MOST_BYTES, multipart
from app.web.pages import behind_links
from app.web.pages.linked import evidence
from tests.client import Client, Served
from tests.deciding import EXPORT
from tests.html import html
from tests.links import PUBLIC_URL, SECRET, SIGNER, path, topics, uuid
from tests.test_sendability import RECORD
from tests.texting import WORDING, queued, receive, request

ANN, TEL = "ann.smith@example.com", "+14155552671"
IN = {"act": "OPT_IN", "disclosure": "Yes, write to me."}
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
U, PREFERENCES = Purpose.UNSUBSCRIBE, Purpose.PREFERENCES
GETS = 1_000 if os.environ.get("TANDEM_LONG") else 200
AT_ONCE = 20
_record = entity(ConsentRecord)


class Entry(NamedTuple):
    """What a ledger's entry says."""

    act: str
    topic_id: UUID | None
    time_given: bool
    method: str
    actor: str
    source_url: str | None
    ip_address: str | None
    user_agent: str | None
    disclosure: str | None
    source_detail: str | None


ENTRIES = selecting(
    Entry,
    select(*(getattr(_record, name) for name in Entry._fields))
    .where(_record.channel_id == param("channel_id", Id()))
    .order_by(_record.number),
)
LINKS = "query ($id: ID!) { node(id: $id) { ... on Channel { preferencesUrl unsubscribeUrl } } }"
ERASE = "mutation ($input: EraseProfileInput!) { eraseProfile(input: $input) { erasedProfileId } }"
STATUS = "query ($id: ID!) { node(id: $id) { ... on Channel { consent { status } } } }"


async def contact(client: Client, consent: dict[str, str] | None = IN) -> tuple[str, str]:
    """The ids of an email address and a number, linked, both opted in."""
    added = await client.add_sms(TEL, ANN, smsConsent=consent, emailConsent=consent)
    channels = {channel["kind"]: channel["id"] for channel in added["channels"]}
    return channels["EMAIL"], channels["SMS"]


async def entries(served: Served, client: Client, channel_id: str) -> list[Entry]:
    """The channel's ledger, over a connection beside the server's."""
    async with served.database.reading(client.account.account_id) as reader:
        return await reader.fetch(ENTRIES, channel_id=uuid("Channel", channel_id))


async def status(client: Client, channel_id: str) -> str:
    """What the channel's ledger says."""
    return str((await client.ask(STATUS, id=channel_id))["node"]["consent"]["status"])


async def test_the_links_that_the_api_gives_lead_to_the_pages_of_their_channel(client: Client) -> None:
    for channel in await contact(client):
        links = (await client.ask(LINKS, id=channel))["node"]
        opened = {name: await client.http.get(url.removeprefix(PUBLIC_URL)) for name, url in links.items()}
        assert {name: response.status_code for name, response in opened.items()} == dict.fromkeys(links, 200)
        await client.http.post(links["unsubscribeUrl"].removeprefix(PUBLIC_URL), data=ONE_CLICK)
        assert await status(client, channel) == "OPTED_OUT"


# ---- unsubscribing


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_following_an_unsubscribe_link_changes_nothing(client: Client, method: str) -> None:
    email, _ = await contact(client)
    before = await client.ask(EXPORT)
    response = await client.http.request(method, path(client, U, email))
    assert response.status_code == 200
    assert await client.ask(EXPORT) == before
    if method == "GET":
        page = html(response)
        assert page.all("form") == [{"method": "post"}]
        assert [(button["name"], button["value"]) for button in page.all("button")] == list(ONE_CLICK.items())
    else:
        assert response.content == b""


async def test_scanners_that_follow_every_link_unsubscribe_nobody(client: Client) -> None:
    channels = await contact(client)
    before = await client.ask(EXPORT)
    links = [path(client, U, channel) for channel in channels]

    async def scan(number: int) -> set[int]:
        return {(await client.http.get(links[(number + i) % 2])).status_code for i in range(GETS // AT_ONCE)}

    found = await asyncio.gather(*(scan(number) for number in range(AT_ONCE)))
    assert set().union(*found) == {200}
    assert await client.ask(EXPORT) == before


async def test_one_click_is_committed_before_it_answers(served: Served, client: Client) -> None:
    email, sms = await contact(client)
    async with client.http.stream("POST", path(client, U, email), data=ONE_CLICK) as response:
        assert [entry.act for entry in await entries(served, client, email)] == ["OPT_IN", "OPT_OUT"]
        assert response.status_code == 200
    assert await status(client, email) == "OPTED_OUT"
    assert await status(client, sms) == "OPTED_IN"


async def test_an_opt_out_is_recorded_with_its_evidence_and_without_the_token(served: Served, client: Client) -> None:
    email, _ = await contact(client)
    link = path(client, U, email)
    agent = "Mail" * LONGEST_AGENT
    await client.http.post(link, data=ONE_CLICK, headers={"user-agent": agent})
    entry = (await entries(served, client, email))[-1]
    assert entry == Entry(
        act="OPT_OUT",
        topic_id=None,
        time_given=False,
        method="FORM",
        actor="One-click unsubscribe",
        source_url=f"{PUBLIC_URL}/u",
        ip_address="127.0.0.1",
        user_agent=agent[:LONGEST_AGENT],
        disclosure=None,
        source_detail=None,
    )


@pytest.mark.parametrize(
    ("host", "expected"),
    [("203.0.113.7", "203.0.113.7"), ("2001:db8::7", "2001:db8::7"), ("fe80::7%eth0", "fe80::7"), ("proxy", None)],
)
def test_the_evidence_has_the_address_of_the_device_where_it_is_known(host: str, expected: str | None) -> None:
    found = evidence({"type": "http", "headers": [], "client": (host, 1)}, "https://shop.example.com/u")
    assert judged(found, now=acts.now(), field=()).ip_address == expected


async def test_one_click_may_come_in_parts(client: Client) -> None:
    email, _ = await contact(client)
    parts = {name: (None, value) for name, value in ONE_CLICK.items()}
    response = await client.http.post(path(client, U, email), files=parts)
    assert response.request.headers["content-type"].startswith("multipart/form-data")
    assert response.status_code == 200
    assert await status(client, email) == "OPTED_OUT"


async def test_unsubscribing_again_is_harmless(served: Served, client: Client) -> None:
    email, _ = await contact(client)
    link = path(client, U, email)
    answers = await asyncio.gather(*(client.http.post(link, data=ONE_CLICK) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert [entry.act for entry in await entries(served, client, email)] == ["OPT_IN", "OPT_OUT"]
    page = html(await client.http.get(link))
    assert "You are unsubscribed" in page.text
    assert page.all("button") == []


async def test_an_address_about_which_nothing_is_on_record_can_be_unsubscribed(client: Client) -> None:
    email, _ = await contact(client, consent=None)
    await client.http.post(path(client, U, email), data=ONE_CLICK)
    assert await status(client, email) == "OPTED_OUT"


async def test_a_link_of_a_topic_opts_out_of_it_alone(served: Served, client: Client) -> None:
    email, _ = await contact(client)
    sales, _ = await topics(client, "Sales", "News")
    link = path(client, U, email, topic_id=sales)
    assert "emails about Sales" in html(await client.http.get(link)).text
    for _ in range(2):
        assert (await client.http.post(link, data=ONE_CLICK)).status_code == 200
    found = [(entry.act, entry.topic_id) for entry in await entries(served, client, email)]
    assert found == [("OPT_IN", None), ("OPT_OUT", sales)]
    assert await status(client, email) == "OPTED_IN"
    assert html(await client.http.get(path(client, PREFERENCES, email))).ticked() == {"*", "news"}


async def test_a_link_of_a_topic_that_is_no_more_opts_out_of_everything(client: Client) -> None:
    email, _ = await contact(client)
    await client.http.post(path(client, U, email, topic_id=uuid4()), data=ONE_CLICK)
    assert await status(client, email) == "OPTED_OUT"


async def test_the_links_that_the_api_gives_lead_to_the_pages(client: Client) -> None:
    email, _ = await contact(client)
    found = (await client.ask(LINKS, id=email))["node"]
    for url, title in ((found["preferencesUrl"], "Your preferences"), (found["unsubscribeUrl"], "Unsubscribe?")):
        assert title in html(await client.http.get(url.removeprefix(PUBLIC_URL))).text
    await client.http.post(found["unsubscribeUrl"].removeprefix(PUBLIC_URL), data=ONE_CLICK)
    assert await status(client, email) == "OPTED_OUT"


@pytest.mark.parametrize("sent", [{}, {"data": {"List-Unsubscribe": "one-click\r\n"}}, {"data": {"a": "b"}}])
async def test_whoever_posts_to_the_link_is_out_whatever_the_form_says(client: Client, sent: dict[str, Any]) -> None:
    email, _ = await contact(client)
    assert (await client.http.post(path(client, U, email), **sent)).status_code == 200
    assert await status(client, email) == "OPTED_OUT"


# ---- requests that are not as they should be


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


@pytest.mark.parametrize("purpose", list(Purpose))
async def test_another_method_is_405(client: Client, purpose: Purpose) -> None:
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        response = await client.http.request(method, f"/{purpose}/x")
        assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, POST")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("purpose", list(Purpose))
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


@pytest.mark.parametrize("purpose", list(Purpose))
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


# ---- what every page is


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


# ---- the preference centre


async def test_the_page_shows_its_own_address_masked_and_no_other(served: Served, client: Client) -> None:
    email, sms = await contact(client)
    own, other = [(await client.http.get(path(client, PREFERENCES, id))).text for id in (email, sms)]
    assert "a***@e***.com" in own
    assert "number ending in 71" in other
    for text in (own, other):
        assert "ann.smith" not in text
        assert "4155552671" not in text
    assert "71" not in unescape(own).replace(path(client, PREFERENCES, email), "")
    assert "example.com" not in other


async def test_only_what_differs_is_recorded_with_the_wording_that_was_shown(served: Served, client: Client) -> None:
    _, sms = await contact(client, consent=None)
    sales, news = await topics(client, "Sales", "News")
    link = path(client, PREFERENCES, sms)
    page = html(await client.http.get(link))
    assert page.ticked() == {"sales", "news"}
    saved = html(await client.http.post(link, data=page.form("*", "news"), headers={"user-agent": "Phone"}))
    assert saved.all("p", role="status") != []
    assert "Your choices are saved." in saved.text
    assert saved.ticked() == {"*", "news"}
    opt_in, opt_out = sorted(await entries(served, client, sms), key=lambda entry: entry.act)
    how = ("FORM", "Preference centre", f"{PUBLIC_URL}/preferences", "127.0.0.1", "Phone")
    assert opt_in.disclosure
    assert opt_in.disclosure in page.text
    assert opt_in == Entry("OPT_IN", None, True, *how, opt_in.disclosure, None)
    assert opt_out == Entry("OPT_OUT", sales, False, *how, None, None)
    again = html(await client.http.post(link, data=saved.form("*", "sales", "news")))
    assert again.ticked() == {"*", "sales", "news"}
    last = (await entries(served, client, sms))[-1]
    assert (last.act, last.topic_id, last.time_given) == ("OPT_IN", sales, True)
    assert last.disclosure == "Send me text messages about: Sales"
    assert "Send me text messages about: Sales" in page.text
    assert news not in [entry.topic_id for entry in await entries(served, client, sms)]


async def test_saving_what_stands_already_adds_nothing(served: Served, client: Client) -> None:
    email, _ = await contact(client)
    await topics(client, "Sales")
    link = path(client, PREFERENCES, email)
    page = html(await client.http.get(link))
    saved = html(await client.http.post(link, data=page.form("*", "sales")))
    assert "Nothing was changed" in saved.text
    assert len(await entries(served, client, email)) == 1


async def test_an_opt_in_on_the_page_beats_an_older_opt_out(client: Client) -> None:
    email, sms = await contact(client, consent={"act": "OPT_OUT"})
    link = path(client, PREFERENCES, email)
    page = html(await client.http.get(link))
    assert page.ticked() == set()
    await client.http.post(link, data=page.form("*"))
    assert [await status(client, id) for id in (email, sms)] == ["OPTED_IN", "OPTED_OUT"]


async def test_unsubscribing_from_everything_keeps_the_topics_for_another_time(served: Served, client: Client) -> None:
    email, sms = await contact(client)
    await topics(client, "Sales")
    link = path(client, PREFERENCES, email)
    [everything] = html(await client.http.get(link)).all("button", name="everything")
    for _ in range(2):
        page = html(await client.http.post(link, data={"everything": everything["value"] or ""}))
        assert "You are unsubscribed from everything." in page.text
        assert page.ticked() == {"sales"}
    assert [entry.act for entry in await entries(served, client, email)] == ["OPT_IN", "OPT_OUT"]
    assert [await status(client, id) for id in (email, sms)] == ["OPTED_OUT", "OPTED_IN"]


async def test_a_page_left_open_does_not_bring_back_what_was_opted_out_of_since(client: Client) -> None:
    email, _ = await contact(client)
    link = path(client, PREFERENCES, email)
    page = html(await client.http.get(link))
    await client.http.post(path(client, U, email), data=ONE_CLICK)
    saved = html(await client.http.post(link, data=page.form("*")))
    assert "Something was changed elsewhere" in saved.text
    assert await status(client, email) == "OPTED_OUT"


@pytest.mark.parametrize("since", ["text", "topic"])
async def test_a_form_that_is_sent_once_more_does_not_bring_back_what_was_opted_out_of_since(
    client: Client, since: str
) -> None:
    await topics(client, "News")
    _, sms = await contact(client, None)
    out = {"channelId": sms, "consent": {"act": "OPT_OUT", "topic": "news"}}
    await client.ask(RECORD, input=out)
    link = path(client, PREFERENCES, sms)
    sent = html(await client.http.get(link)).form("*", "news")
    assert html(await client.http.post(link, data=sent)).ticked() == {"*", "news"}
    if since == "text":
        await receive(client, TEL, "STOP")
    else:
        await client.ask(RECORD, input=out)
    again = html(await client.http.post(link, data=sent))
    assert "Something was changed elsewhere" in again.text
    assert again.ticked() == ({"news"} if since == "text" else {"*"})
    assert await status(client, sms) == ("OPTED_OUT" if since == "text" else "OPTED_IN")
    assert html(await client.http.post(link, data=again.form("*", "news"))).ticked() == {"*", "news"}


async def test_a_topic_that_was_not_on_the_page_is_left_as_it_is(served: Served, client: Client) -> None:
    email, _ = await contact(client)
    link = path(client, PREFERENCES, email)
    page = html(await client.http.get(link))
    await topics(client, "Sales")
    assert html(await client.http.post(link, data=page.form("*"))).ticked() == {"*", "sales"}
    forged = {"listed": ["unknown"], "wanted": ["unknown", "*"], "shown": ["*"]}
    assert (await client.http.post(link, data=forged)).status_code == 200
    assert len(await entries(served, client, email)) == 1


async def test_names_are_shown_as_text_whatever_they_contain(served: Served, client: Client) -> None:
    email, _ = await contact(client)
    await topics(client, "<script>alert(1)</script>\"'&")
    page = html(await client.http.get(path(client, PREFERENCES, email)))
    assert page.all("script") == []
    assert "<script>alert(1)</script>\"'&" in page.text


# ---- confirming


async def question(served: Served, client: Client, channel_id: str) -> str:
    """Where the link in the question of a double opt-in leads."""
    assert (await request(client, channel_id))["userErrors"] == []
    return "/confirm/" + (await queued(served.database, client))[-1].body.split("/confirm/")[1].split()[0]


async def test_following_a_confirmation_link_shows_what_is_asked_and_changes_nothing(
    served: Served, client: Client
) -> None:
    email, _ = await contact(client, consent=None)
    link = await question(served, client, email)
    before = await client.ask(EXPORT)
    page = html(await client.http.get(link))
    assert (await client.http.head(link)).status_code == 200
    assert await client.ask(EXPORT) == before
    assert WORDING in page.text
    assert "a***@e***.com" in page.text
    assert len(page.all("button")) == 1


async def test_the_button_confirms_once_with_its_evidence(served: Served, client: Client) -> None:
    email, sms = await contact(client, consent=None)
    link = await question(served, client, email)
    for _ in range(2):
        page = html(await client.http.post(link, headers={"user-agent": "Phone"}))
        assert "that is confirmed" in page.text
    asked, opt_in = await entries(served, client, email)
    assert asked.act == "ASK"
    how = ("FORM", "Confirmation page", None, "127.0.0.1", "Phone")
    assert opt_in == Entry("OPT_IN", None, True, *how, WORDING, "Confirmed by the link.")
    assert [await status(client, id) for id in (email, sms)] == ["OPTED_IN", "NOT_COLLECTED"]
    assert html(await client.http.get(link)).all("button") == []


async def test_a_confirmation_shows_the_other_addresses_that_it_is_about(served: Served, client: Client) -> None:
    email = (await client.add_email(ANN))["channels"][0]["id"]
    own, other = Address(ChannelKind.SMS, TEL), Address(ChannelKind.EMAIL, ANN)
    claim = Contact(own, other, trust=LinkTrust.CLAIMED)
    act = Act(acts.now(), "tests", IntakeMethod.KEYWORD, SECRET.encode())
    await client.add_sms(TEL)
    work = partial(add_contact, contact=claim, guards=Guards(), act=act)
    await served.database.write(client.account.account_id, work)
    link = await question(served, client, email)
    page = html(await client.http.get(link))
    assert "You also say that this is yours: the number ending in 71" in page.text
    assert "4155552671" not in page.text
    assert await linked(client) == 0
    await client.http.post(link)
    assert await linked(client) == 1


async def linked(client: Client) -> int:
    """How many profiles have both kinds of addresses."""
    return int((await client.ask("{ linkage { linked } }"))["linkage"]["linked"])


async def test_a_question_that_was_asked_long_ago_is_410_and_not_confirmed(served: Served, client: Client) -> None:
    email, _ = await contact(client, consent=None)
    act = Act(acts.now() - timedelta(days=8), "tests", IntakeMethod.API, SECRET.encode())
    ask = partial(
        confirming.ask,
        channel_id=uuid("Channel", email),
        given=Given(LedgerAct.ASK, disclosure=WORDING),
        account_id=client.account.account_id,
        account=Sender("Tested"),
        signer=SIGNER,
        act=act,
    )
    asked = await served.database.write(client.account.account_id, ask)
    link = f"/confirm/{SIGNER.signed(Purpose.CONFIRM, Token(client.account.account_id, asked.confirmation_id))}"
    for response in (await client.http.get(link), await client.http.post(link)):
        assert response.status_code == 410
        assert "Sign up again" in html(response).text
    assert await status(client, email) == "PENDING"


async def test_a_confirmation_takes_a_post_and_looking_at_the_page_is_none(served: Served, client: Client) -> None:
    email, _ = await contact(client, consent=None)
    link = await question(served, client, email)
    assert (await client.http.get(link)).status_code == 200
    assert await status(client, email) == "PENDING"
    assert (await client.http.post(link)).status_code == 200
    assert await status(client, email) == "OPTED_IN"
