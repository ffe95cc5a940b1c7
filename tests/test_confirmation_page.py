"""The page that the link of a double opt-in leads to."""

from datetime import timedelta
from functools import partial

from app import acts
from app.accounts.rules import Guards, Sender
from app.acts import Act
from app.channels.rules import Address
from app.consent.rules.evidence import Given
from app.identity.operations.adding import add_contact
from app.identity.rules.contacts import Contact
from app.intake.operations import confirming
from app.kinds import ChannelKind
from app.signing import Purpose, Token
from app.tables import IntakeMethod, LedgerAct, LinkTrust
from tests.client import Client, Served
from tests.deciding import EXPORT
from tests.html import html
from tests.links import SECRET, SIGNER, uuid
from tests.texting import WORDING
from tests.visiting import ANN, TEL, Entry, contact, entries, question, status


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
