"""A person of whom everything is held that can be, and what of it must not be found once the person is erased."""

import secrets
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from app.accounts.rules import Guards
from app.acts import Act, now
from app.consent import operations as consent
from app.consent.rules.evidence import Given
from app.db import Database, Insertion, Writer
from app.delivery.operations import queue
from app.engagement.operations import Entry, append
from app.identity.operations.adding import add_contact
from app.identity.rules.contacts import Submitted, judged
from app.ids import parsed
from app.kinds import ChannelKind, EngagementKind
from app.tables import (
    Confirmation,
    EmailCapture,
    Import,
    ImportMistake,
    IntakeMethod,
    Keyword,
    LedgerAct,
    LinkTrust,
    MessagePurpose,
    Topic,
)
from tests.client import ADD_SMS, Client
from tests.deciding import merge, undo

INTO_TOPICS, INTO_CONFIRMATIONS = Insertion(Topic), Insertion(Confirmation)
INTO_IMPORTS, INTO_MISTAKES = Insertion(Import), Insertion(ImportMistake)
NUMBERS = [name for name, field in Import.model_fields.items() if field.annotation is int]
INTO_KEYWORDS, INTO_CAPTURES = Insertion(Keyword), Insertion(EmailCapture)
DELETE = """
mutation Delete($input: DeleteProfileInput!) {
  deleteProfile(input: $input) { deletedId userErrors { code field message } }
}
"""
ERASE = """
mutation Erase($input: EraseProfileInput!) {
  eraseProfile(input: $input) { erasedProfileId suppressedIdentifiers userErrors { code field message } }
}
"""
EXPORT = "query Export($id: ID!) { exportProfile(id: $id) }"


async def delete(client: Client, id: str) -> Any:
    """The payload of deleteProfile."""
    return (await client.ask(DELETE, input={"profileId": id}))["deleteProfile"]


async def erase(client: Client, id: str) -> Any:
    """The payload of eraseProfile."""
    return (await client.ask(ERASE, input={"profileId": id}))["eraseProfile"]


async def export(client: Client, id: str) -> Any:
    """All that is held of a profile."""
    return (await client.ask(EXPORT, id=id))["exportProfile"]


def digits() -> str:
    """Seven digits that make a number with an area code of New York."""
    return f"{2 + secrets.randbelow(8)}{secrets.randbelow(10**6):06}"


@dataclass
class Person:
    """A person known by three addresses, beside a neighbour; `words` are all that could tell who it is."""

    words: list[str] = field(default_factory=list)
    profile_id: str = ""
    merge_id: str = ""
    undone_id: str = ""
    neighbour_id: str = ""

    def __post_init__(self) -> None:
        self.mobile = "+1212" + digits()
        self.words.append(self.mobile[1:])
        self.email, self.second = (f"{self.word()}@{self.word()}.example.com" for _ in range(2))

    def word(self) -> str:
        """A word that is nowhere else."""
        self.words.append("q" + secrets.token_hex(6))
        return self.words[-1]


async def held(client: Client, database: Database) -> Person:
    """A person of whom a row is held in every table that can hold one."""
    person = Person()
    added = await _add(client, person)
    person.profile_id = added["profile"]["id"]
    other = (await client.add_email(person.second, customFields={"last_name": person.word()}))["profile"]["id"]
    person.merge_id = (await merge(client, person.profile_id, other, reason=person.word()))["merge"]["id"]
    neighbour = f"n{secrets.token_hex(6)}@example.com"
    person.neighbour_id = (await client.add_email(neighbour, customFields={"first_name": "Neighbour"}))["profile"]["id"]
    person.undone_id = (await merge(client, person.profile_id, person.neighbour_id))["merge"]["id"]
    await undo(client, person.undone_id)  # remembers a never-link
    assert (await client.add_sms(person.mobile, neighbour))["link"]["outcome"] == "PROPOSED"
    await _yielding(client, database, person)
    channel_ids = [uuid(channel["id"]) for channel in added["channels"]]
    act = Act(now(), "tests", IntakeMethod.API, b"secret")
    await database.write(client.account.account_id, partial(_hang, ids=channel_ids, person=person, act=act))
    return person


async def _add(client: Client, person: Person) -> Any:
    """Adds it with everything that may come with a contact, under a key that names it."""
    evidence = {
        "act": "OPT_IN",
        "disclosure": f"Text {person.word()}",
        "sourceUrl": f"https://shop.example.com/{person.word()}",
        "ipAddress": f"2001:db8::{secrets.randbelow(0x8000) + 0x1000:x}",
        "userAgent": person.word(),
    }
    data = {
        "mobileNumber": person.mobile,
        "emailAddress": person.email,
        "customFields": {"first_name": person.word(), "note": {"deep": [person.word()]}},
        "tags": [person.word()],
        "sourceDetail": person.word(),
        "smsConsent": evidence,
    }
    headers = {"authorization": f"Bearer {client.key}", "idempotency-key": f"add-{person.email.upper()}"}
    body = {"query": ADD_SMS, "variables": {"input": data}}
    answer = (await client.http.post("/graphql", json=body, headers=headers)).json()
    return answer["data"]["addSmsContact"]


async def _yielding(client: Client, database: Database, person: Person) -> None:
    """A claim that somebody texted about the person's number, and that yielded to what is known of another."""
    claimed = f"c{secrets.token_hex(6)}@example.com"
    submitted = Submitted(
        ChannelKind.SMS, mobile_number=person.mobile, email_address=claimed, trust=LinkTrust.CLAIMED, detail=None
    )
    contact = judged(submitted, default_region="US", guards=Guards(), now=now())
    act = Act(now(), "tests", IntakeMethod.KEYWORD, b"secret")
    work = partial(add_contact, contact=contact, guards=Guards(), act=act)
    assert (await database.write(client.account.account_id, work)).outcome == "LINKED"
    await client.add_sms("+1646" + digits())
    assert (await client.add_email(claimed, "+1917" + digits()))["link"]["outcome"] == "LINKED"


async def _hang(writer: Writer, *, ids: list[UUID], person: Person, act: Act) -> None:
    """Hangs on the person's channels what comes in by other ways."""
    mobile, email = ids
    topic_id = act.new_id()
    writer.insert(INTO_TOPICS, id=topic_id, key="news", name="News", created_at=act.at)
    await writer.settle()
    said = Given(LedgerAct.OPT_IN, occurred_at=act.at, disclosure=person.word(), topic="news")
    await consent.record(writer, given=[(mobile, said)], act=act)
    record_id = await consent.ask(
        writer, channel_id=email, given=Given(LedgerAct.ASK, disclosure=person.word()), act=act
    )
    more: dict[str, Any] = {"claims": [], "asked_at": act.at, "expires_at": act.at, "confirmed_at": None}
    writer.insert(INTO_CONFIRMATIONS, id=act.new_id(), channel_id=email, record_id=record_id, **more)
    keyword_id = act.new_id()
    answers: dict[str, Any] = {"welcome": "Welcome!", "already_subscribed": "You are in."}
    switches = {"capture_email": True, "double_opt_in": False}
    writer.insert(INTO_KEYWORDS, id=keyword_id, word="JOIN", **answers, **switches, created_at=act.at)
    await writer.settle()
    asked: dict[str, Any] = {"keyword_id": keyword_id, "asked_at": act.at, "retries": 1, "answered_at": None}
    writer.insert(INTO_CAPTURES, channel_id=mobile, **asked)
    for kind in (EngagementKind.CLICK, EngagementKind.CLICK, EngagementKind.RESPONSE):
        await _engage(writer, email, kind, person, act)
    _mistaken(writer, person, act)
    purpose = MessagePurpose.TRANSACTIONAL
    due: dict[str, Any] = {"due_at": act.at.replace(year=act.at.year + 1), "act": act}
    queue(writer, channel_id=email, purpose=purpose, subject=person.word(), body=f"Dear {person.word()}", **due)


def _mistaken(writer: Writer, person: Person, act: Act) -> None:
    """Rows of a file that failed: one of the person, one of another, and one of which nothing could be read."""
    import_id = act.new_id()
    empty = dict.fromkeys(Import.model_fields) | dict.fromkeys(NUMBERS, 0)
    what: dict[str, Any] = {"id": import_id, "file_name": "people.csv", "status": "SUCCEEDED", "created_at": act.at}
    how: dict[str, Any] = {"actor": "tests", "dry_run": False, "undoing": False, "existing": "UPDATE", "options": {}}
    del empty["account_id"]
    writer.insert(INTO_IMPORTS, **{**empty, **what, **how})
    said: dict[str, Any] = {"place": 0, "column": "email", "code": "INVALID_VALUE", "message": "It is not.", "line": 2}
    rows = [
        (person.email, None, f"{person.email},{person.word()}"),
        (None, person.mobile, f"no address,{person.mobile}"),
        (None, None, f'"{person.second.upper()} or so, else +{person.mobile}"'),
        ("neighbour@example.com", None, "neighbour@example.com,none"),
    ]
    for number, (email, mobile, raw) in enumerate(rows, 1):
        row: dict[str, Any] = {"import_id": import_id, "row": number, "email": email, "mobile": mobile, "raw": raw}
        writer.insert(INTO_MISTAKES, **row, **said)


async def _engage(writer: Writer, channel_id: UUID, kind: EngagementKind, person: Person, act: Act) -> None:
    said: dict[str, Any] = {"external_id": person.word(), "name": person.word(), "text": person.word()}
    url = f"https://shop.example.com/?who={person.word()}"
    entry = Entry(channel_id, kind, act.at, **said, url=url, value=0.1 + 0.2, properties={"seen": person.word()})
    await append(writer, entries=[entry], act=act)


def uuid(id: str) -> UUID:
    """The UUID of an id as the API spells it."""
    found = parsed(id)
    assert found is not None
    return found[1]
