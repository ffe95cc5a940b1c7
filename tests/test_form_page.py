"""Forms as anybody meets them: their page, posts of other sites, and links that know who opens them."""

from typing import Any

import httpx
import pytest

from app.db import Database
from app.ids import spelled
from app.signing import Purpose
from app.web.pages.rating import grouped
from tests.client import Client
from tests.deciding import EXPORT, addresses, profiles, proposals
from tests.forming import BY_EMAIL, BY_TEXT, CITY, EMAIL, MOBILE, form, sent_to
from tests.held import erase
from tests.html import html
from tests.links import path, uuid
from tests.texting import channels, queued, receive, statuses

TEL, ANN, BOB = "+14155552671", "ann@example.com", "bob@example.com"
OTHER = "https://shop.example.com"
FROM_SITE = {"origin": OTHER, "referer": f"{OTHER}/join?coupon=secret"}
CONSENTED = {"emailAddress": ANN, "mobileNumber": TEL, "city": "Paris", "consent": ["emailAddress", "mobileNumber"]}


async def post(client: Client, form_id: str, values: Any, consents: Any = (), **headers: str) -> httpx.Response:
    """What a site's own form gets that posts JSON."""
    sent = {"values": values, "consents": list(consents)}
    return await client.http.post(f"/forms/{form_id}", json=sent, headers={**FROM_SITE, **headers})


async def test_the_page_shows_the_fields_and_the_exact_wordings(client: Client) -> None:
    form_id = await form(client, EMAIL, {**MOBILE, "required": True}, CITY)
    response = await client.http.get(f"/forms/{form_id}")
    page = html(response)
    assert response.status_code == 200
    assert "default-src 'none'" in response.headers["content-security-policy"]
    shown = [(each["type"], each["name"], "required" in each) for each in page.all("input") if "type" in each]
    assert shown == [
        ("email", "emailAddress", False),
        ("checkbox", "consent", False),
        ("tel", "mobileNumber", True),
        ("checkbox", "consent", False),
        ("text", "city", False),
    ]
    assert BY_EMAIL in page.text
    assert BY_TEXT in page.text
    assert page.ticked() == set()
    assert page.all("script") == []


async def test_a_browser_submits_the_page_and_is_thanked(client: Client) -> None:
    form_id = await form(client)
    response = await client.http.post(f"/forms/{form_id}", data=CONSENTED, headers={"user-agent": "Phone"})
    assert (response.status_code, html(response).all("h1")) == (200, [{}])
    assert "Thank you" in html(response).text
    found = await channels(client)
    record = found[TEL]["consent"]["record"]
    assert record["status"] == "OPTED_IN"
    del record["occurredAt"]
    assert record == {
        "status": "OPTED_IN",
        "method": "FORM",
        "disclosure": BY_TEXT,
        "sourceUrl": f"https://tandem.example.com/forms/{form_id}",
        "ipAddress": "127.0.0.1",
        "userAgent": "Phone",
        "sourceDetail": "Newsletter",
        "actor": "Form",
    }
    [profile] = await profiles(client, "channels { address } customFields")
    assert (addresses(profile), profile["customFields"]) == ({ANN, TEL}, {"city": "Paris"})


async def test_mistakes_stand_beside_their_fields_and_what_was_typed_is_kept(client: Client) -> None:
    form_id = await form(client, EMAIL, MOBILE, {**CITY, "required": True})
    typed = {"emailAddress": "ann@", "city": " ", "mobileNumber": "<TEL>", "consent": "mobileNumber"}
    response = await client.http.post(f"/forms/{form_id}", data=typed)
    page = html(response)
    assert response.status_code == 422
    assert [each["href"] for each in page.all("a")] == ["#field-1", "#field-2", "#field-3"]
    [email] = page.all("input", name="emailAddress")
    assert (email["value"], email["aria-invalid"], "autofocus" in email) == ("ann@", "true", True)
    described = (email["aria-describedby"] or "").split()
    assert described[0] == "field-1-error"
    assert page.all("p", id="field-1-error") == [{"class": "error", "id": "field-1-error"}]
    assert page.all("input", name="mobileNumber")[0]["value"] == "<TEL>"
    assert page.ticked() == {"mobileNumber"}
    assert len(page.all("div", role="alert")) == 1
    assert await profiles(client, "id") == []


async def test_another_site_posts_json_and_reads_the_answer(client: Client) -> None:
    form_id = await form(client)
    asked = {"origin": OTHER, "access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    before = await client.http.options(f"/forms/{form_id}", headers=asked)
    assert before.status_code == 204
    assert before.headers["access-control-allow-origin"] == "*"
    assert "content-type" in before.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in before.headers
    done = await post(client, form_id, {"emailAddress": ANN, "city": ["Paris", "Rome"]}, ["emailAddress"])
    assert (done.status_code, done.json()) == (200, {"ok": True})
    assert done.headers["access-control-allow-origin"] == "*"
    assert (await channels(client))[ANN]["consent"]["record"]["sourceUrl"] == f"{OTHER}/join"
    wrong = await post(client, form_id, {"emailAddress": ANN, "town": "Paris"})
    assert wrong.status_code == 422
    assert wrong.json() == {
        "errors": [
            {"field": "town", "message": "The form has no field 'town'; it has emailAddress, mobileNumber, city."}
        ]
    }


async def test_another_site_posts_as_browsers_do(client: Client) -> None:
    form_id = await form(client)
    json = {"accept": "application/json"}
    answer = await client.http.post(f"/forms/{form_id}", data=CONSENTED, headers=json)
    assert answer.json() == {"ok": True}
    fetched = await client.http.post(f"/forms/{form_id}", data={"city": "x"}, headers={"sec-fetch-mode": "cors"})
    assert fetched.json()["errors"][0]["field"] == "emailAddress"
    navigated = {**FROM_SITE, "accept": "text/html,*/*;q=0.8", "sec-fetch-mode": "navigate"}
    assert "Thank you" in html(await client.http.post(f"/forms/{form_id}", data=CONSENTED, headers=navigated)).text


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"values": 1}', b'{"values": {"a": {}}}', b'{"values": {"a": "\\u0000"}}']
)
async def test_a_body_that_is_no_form_is_refused(client: Client, body: bytes) -> None:
    answer = await client.http.post(
        f"/forms/{await form(client)}", content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"]


async def test_a_form_that_is_not_there_is_said_so(client: Client) -> None:
    for form_id in ("form_1", spelled("Form", uuid("Channel", (await client.add_email(ANN))["channels"][0]["id"]))):
        page = await client.http.get(f"/forms/{form_id}")
        assert (page.status_code, html(page).all("form")) == (404, [])
        assert (await post(client, form_id, {"emailAddress": ANN})).status_code == 404
    wrong = await client.http.put(f"/forms/{await form(client)}")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET, HEAD, POST, OPTIONS")


@pytest.mark.parametrize("double_opt_in", [False, True])
async def test_no_answer_tells_whether_an_address_is_known(client: Client, double_opt_in: bool) -> None:
    form_id = await form(client, doubleOptIn=double_opt_in)
    out = {"act": "OPT_OUT"}
    await client.add_email("known@example.com")
    await client.add_email("out@example.com", emailConsent=out)
    await client.add_sms("+14155550101", smsConsent=out)
    await erase(client, (await client.add_email("erased@example.com"))["profile"]["id"])
    answers = set()
    for place in ("new", "known", "out", "erased"):
        values = {"emailAddress": f"{place}@example.com", "mobileNumber": "+14155550101"}
        answer = await post(client, form_id, values, ["emailAddress", "mobileNumber"])
        answers.add((answer.status_code, answer.text, tuple(sorted(_headers(answer).items()))))
        typed = {**values, "consent": ["emailAddress"]}
        shown = await client.http.post(f"/forms/{form_id}", data=typed)
        answers.add((shown.status_code, shown.text, tuple(sorted(_headers(shown).items()))))
    assert len(answers) == 2
    assert "erased@example.com" not in await channels(client)


def _headers(response: httpx.Response) -> dict[str, str]:
    """The headers but those that every answer has of its own."""
    return {name: value for name, value in response.headers.items() if name not in ("date", "x-request-id")}


async def test_a_machine_that_fills_in_the_trap_is_thanked_and_nothing_is_done(client: Client) -> None:
    form_id = await form(client)
    [trap] = [each for each in html(await client.http.get(f"/forms/{form_id}")).all("input") if "tabindex" in each]
    before = await client.ask(EXPORT)
    thanked = await client.http.post(f"/forms/{form_id}", data={"emailAddress": ANN, trap["name"] or "": "x"})
    answered = await post(client, form_id, {"emailAddress": ANN, trap["name"]: "x"})
    assert await client.ask(EXPORT) == before
    done = await client.http.post(f"/forms/{form_id}", data={"emailAddress": ANN, trap["name"] or "": ""})
    assert (thanked.text, answered.json()) == (done.text, {"ok": True})
    assert list(await channels(client)) == [ANN]


async def test_an_address_may_post_a_form_ten_times_a_minute(client: Client) -> None:
    form_id, another = await form(client), await form(client)
    codes = [(await post(client, form_id, {"emailAddress": "ann@"})).status_code for _ in range(10)]
    assert codes == [422] * 10
    refused = await post(client, form_id, {"emailAddress": ANN})
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert "too often" in refused.json()["errors"][0]["message"]
    page = await client.http.post(f"/forms/{form_id}", data={"emailAddress": ANN})
    assert (page.status_code, html(page).all("h1")) == (429, [{}])
    assert await profiles(client, "id") == []
    assert (await client.http.get(f"/forms/{form_id}")).status_code == 200
    assert (await post(client, another, {"emailAddress": ANN})).status_code == 200


def test_a_household_counts_as_one() -> None:
    assert grouped("2001:db8:1:2:3::4") == grouped("2001:db8:1:2::9") != grouped("2001:db8:1:3::9")
    assert grouped("203.0.113.7") == "203.0.113.7"


async def test_a_public_claim_is_confirmed_by_the_claimed_address(client: Client, database: Database) -> None:
    await client.add_email(ANN)
    await client.add_sms(TEL)
    form_id = await form(client, MOBILE, EMAIL)
    for _ in range(2):
        assert (await post(client, form_id, {"emailAddress": ANN, "mobileNumber": TEL})).json() == {"ok": True}
    [sent] = await queued(database, client)
    assert sent.address == ANN
    link = "/confirm/" + sent.body.split("/confirm/")[1].split()[0]
    assert "the number ending in 71" in html(await client.http.get(link)).text
    await client.http.post(link)
    [profile] = await profiles(client, "channels { address }")
    assert addresses(profile) == {ANN, TEL}
    assert [each["status"] for each in await proposals(client)] == ["ACCEPTED"]


# ---- signed links


async def link(client: Client, form_id: str, address: str) -> str:
    """The signed link of a channel to a form, as the API gives it."""
    found = "query ($id: ID!, $form: ID!) { node(id: $id) { ... on Channel { formUrl(formId: $form) } } }"
    channel_id = (await channels(client))[address]["id"]
    url = (await client.ask(found, id=channel_id, form=form_id))["node"]["formUrl"]
    assert url.startswith("https://tandem.example.com/form/")
    return str(url.removeprefix("https://tandem.example.com"))


async def test_a_known_contact_is_asked_only_for_what_is_missing(client: Client) -> None:
    form_id = await form(client, EMAIL, MOBILE, CITY, {"key": "shoe_size", "label": "Shoe size", "required": True})
    await client.add_email(ANN, customFields={"city": "Rome"})
    to = await link(client, form_id, ANN)
    page = html(await client.http.get(to))
    asked = [each["name"] for each in page.all("input") if each.get("type") != "checkbox" and "type" in each]
    assert asked == ["mobileNumber", "shoe_size"]
    assert [each["value"] for each in page.all("input", type="checkbox")] == ["emailAddress", "mobileNumber"]
    assert ANN not in page.text
    assert "a***@e***.com" in page.text
    wrong = html(await client.http.post(to, data={"mobileNumber": TEL}))
    assert [each["href"] for each in wrong.all("a")] == ["#field-3"]
    done = {"mobileNumber": TEL, "shoe_size": "43", "consent": ["emailAddress", "mobileNumber"]}
    for _ in range(2):
        assert "Thank you" in html(await client.http.post(to, data=done)).text
    [profile] = await profiles(client, "channels { address } customFields links { source { detail } }")
    assert addresses(profile) == {ANN, TEL}
    assert profile["customFields"] == {"city": "Rome", "shoe_size": "43"}
    assert await statuses(client) == {ANN: "OPTED_IN", TEL: "OPTED_IN"}
    assert "Nothing is missing" in html(await client.http.get(to)).text


async def test_by_a_link_the_own_address_counts_as_confirmed_and_a_new_one_does_not(
    client: Client, database: Database
) -> None:
    form_id = await form(client, doubleOptIn=True)
    await client.add_email(ANN, emailConsent={"act": "OPT_OUT"})
    await client.add_sms(TEL)
    to = await link(client, form_id, ANN)
    await client.http.post(to, data={"mobileNumber": TEL, "consent": ["emailAddress", "mobileNumber"]})
    assert await statuses(client) == {ANN: "OPTED_IN", TEL: "PENDING"}
    assert [each["reason"] for each in await proposals(client)] == ["UNVERIFIED"]
    assert await sent_to(database, client) == [TEL]
    await receive(client, TEL, "YES")
    assert await statuses(client) == {ANN: "OPTED_IN", TEL: "OPTED_IN"}
    assert len(await profiles(client, "id")) == 1


async def test_a_link_does_not_tell_who_was_erased(client: Client) -> None:
    await erase(client, (await client.add_sms(TEL))["profile"]["id"])
    await client.add_email(ANN)
    to = await link(client, await form(client), ANN)
    thanked = await client.http.post(to, data={"mobileNumber": TEL})
    assert (thanked.status_code, "Thank you" in html(thanked).text) == (200, True)
    assert list(await channels(client)) == [ANN]


async def test_a_link_to_what_is_gone_says_so(client: Client, stranger: Client) -> None:
    await client.add_email(ANN)
    for form_id in (await form(stranger), spelled("Form", uuid("Profile", (await profiles(client, "id"))[0]["id"]))):
        assert (await client.http.get(await link(client, form_id, ANN))).status_code == 410
    other = await client.ask('{ profiles { nodes { channels { formUrl(formId: "channel_1") } } } }')
    assert other["profiles"]["nodes"][0]["channels"] == [{"formUrl": None}]
    channel_id = (await channels(client))[ANN]["id"]
    plain = path(client, Purpose.FORM, channel_id)
    assert (await client.http.get(plain)).status_code == 410
    assert (await client.http.get(plain[:-1])).status_code == 403
