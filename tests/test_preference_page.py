"""The preference centre: what a person chooses about one address."""

from html import unescape

import pytest

from tests.client import Client, Served
from tests.html import html
from tests.links import PUBLIC_URL, path, topics
from tests.test_sendability import RECORD
from tests.texting import receive
from tests.visiting import ONE_CLICK, PREFERENCES, TEL, Entry, U, contact, entries, status


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
