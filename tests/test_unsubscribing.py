"""Unsubscribing by a link: one click opts out, and looking changes nothing."""

import asyncio
import os
from typing import Any
from uuid import uuid4

import pytest

from app import acts
from app.consent.rules.evidence import LONGEST_AGENT, judged
from app.web.pages.linked import evidence
from tests.client import Client, Served
from tests.deciding import EXPORT
from tests.html import html
from tests.links import PUBLIC_URL, path, topics
from tests.visiting import (
    ONE_CLICK,
    PREFERENCES,
    Entry,
    U,
    contact,
    entries,
    status,
)

GETS = 1_000 if os.environ.get("TANDEM_LONG") else 200
AT_ONCE = 20


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
    link = path(client, U, email, about_id=sales)
    assert "emails about Sales" in html(await client.http.get(link)).text
    for _ in range(2):
        assert (await client.http.post(link, data=ONE_CLICK)).status_code == 200
    found = [(entry.act, entry.topic_id) for entry in await entries(served, client, email)]
    assert found == [("OPT_IN", None), ("OPT_OUT", sales)]
    assert await status(client, email) == "OPTED_IN"
    assert html(await client.http.get(path(client, PREFERENCES, email))).ticked() == {"*", "news"}


async def test_a_link_of_a_topic_that_is_no_more_opts_out_of_everything(client: Client) -> None:
    email, _ = await contact(client)
    await client.http.post(path(client, U, email, about_id=uuid4()), data=ONE_CLICK)
    assert await status(client, email) == "OPTED_OUT"


@pytest.mark.parametrize("sent", [{}, {"data": {"List-Unsubscribe": "one-click\r\n"}}, {"data": {"a": "b"}}])
async def test_whoever_posts_to_the_link_is_out_whatever_the_form_says(client: Client, sent: dict[str, Any]) -> None:
    email, _ = await contact(client)
    assert (await client.http.post(path(client, U, email), **sent)).status_code == 200
    assert await status(client, email) == "OPTED_OUT"
