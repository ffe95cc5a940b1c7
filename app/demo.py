"""A demo account for development: contacts of every shape, and a key that is kept beside the data."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from app.accounts import operations as accounts
from app.accounts import queries, rules
from app.accounts.rules import Guards, Scope
from app.acts import Act, now
from app.consent.rules.evidence import Given
from app.db import Database, first
from app.engagement.operations import report
from app.engagement.rules.reporting import all_judged
from app.identity.operations.adding import add_contact
from app.identity.rules.contacts import Submitted, judged
from app.intake.operations import keywords
from app.intake.operations.submitting import create as create_form
from app.intake.rules import keywords as keyword_rules
from app.intake.rules.forms import Ask, Form, FormField, checked
from app.intake.rules.keywords import Wanted
from app.kinds import ChannelKind, EngagementKind
from app.settings import Settings
from app.tables import IntakeMethod, LedgerAct

NAMES = [
    ("Ada", "Lovelace"), ("Alan", "Turing"), ("Grace", "Hopper"), ("Edsger", "Dijkstra"), ("Barbara", "Liskov"),
    ("Donald", "Knuth"), ("Frances", "Allen"), ("Tony", "Hoare"), ("Radia", "Perlman"), ("Ken", "Thompson"),
    ("Margaret", "Hamilton"), ("John", "Backus"),
]  # fmt: skip
EMAILED = (EngagementKind.SEND, EngagementKind.DELIVERY, EngagementKind.OPEN, EngagementKind.CLICK)
ANSWERED = {"kind": EngagementKind.RESPONSE, "text": "When do you open on Saturday?"}
COMPANIES = ("Analytical Engines", "Relay & Sons", "Hut Eight")
JOIN = Wanted(
    "JOIN",
    "Welcome! You get our offers by text now. Reply STOP to opt out. Msg & data rates may apply.",
    "You get our offers by text already. Reply STOP to opt out.",
    capture_email=True,
)
WORDING = "I agree to receive offers. Reply STOP at any time."
FORM = Form(
    "Newsletter",
    (
        FormField("emailAddress", "Email", True, Ask(ChannelKind.EMAIL, "I agree to receive offers by email.")),
        FormField("mobileNumber", "Mobile", False, Ask(ChannelKind.SMS, WORDING)),
        FormField("first_name", "First name"),
    ),
    double_opt_in=True,
)


def kept_key(settings: Settings) -> str | None:
    """The demo account's key, where there is one."""
    path = _key_path(settings)
    return path.read_text().strip() if path.exists() else None


def _key_path(settings: Settings) -> Path:
    return settings.data_dir / "demo-key"


async def ensure(database: Database, settings: Settings) -> str:
    """Makes the demo account where it is missing; its key."""
    known = kept_key(settings)
    if known is not None:
        async with database.reading(0) as reader:
            if first(await reader.fetch(queries.CALLER, digest=rules.digest(known), now=now())):
                return known
    make = partial(accounts.create, name="Demo", region="US", time_zone="America/New_York", now=now())
    account = await database.write(0, make)
    await fill(database, account.account_id, settings.secret_bytes())
    make_key = partial(accounts.create_key, name="Demo", scopes=list(Scope), now=now())
    key = await database.write(account.account_id, make_key)
    path = _key_path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(key + "\n")
    return key


async def fill(database: Database, account_id: int, secret: bytes) -> None:
    """Adds the demo contacts: some by email, some by SMS, some by both, and some merged; what they did; and a form."""
    for submitted in contacts():
        act = Act(now(), "Demo", IntakeMethod.API, secret, submitted.detail)
        contact = judged(submitted, default_region="US", guards=Guards(), now=act.at)
        await database.write(account_id, partial(add_contact, contact=contact, guards=Guards(), act=act))
    act = Act(now(), "Demo", IntakeMethod.API, secret)
    await database.write(account_id, partial(keywords.create, wanted=keyword_rules.judged(JOIN), act=act))
    await database.write(account_id, partial(create_form, form=checked(FORM), act=act))
    events, _ = all_judged(engagements(act.at), now=act.at)
    await database.write(account_id, partial(report, events=events, region="US", act=act))


def contacts() -> Iterator[Submitted]:
    """36 people as three systems know them; every third is known to two of these until the last one links them."""
    for number, (company, (given, family)) in enumerate(itertools.product(COMPANIES, NAMES)):
        email, mobile = addresses(number, company, given, family)
        fields = {"first_name": given, "last_name": family, "company": company}
        shop = Submitted(ChannelKind.EMAIL, email_address=email, custom_fields=fields, tags=["shop"], detail="Shop")
        agreed = Given(LedgerAct.OPT_IN, disclosure=WORDING)
        match number % 3:
            case 0:
                yield replace(shop, consents={ChannelKind.EMAIL: agreed})
                yield Submitted(ChannelKind.SMS, mobile_number=mobile, tags=["texts"], detail="Keyword list")
                yield Submitted(ChannelKind.SMS, mobile_number=mobile, email_address=email, detail="Support desk")
            case 1:
                consents = {ChannelKind.SMS: agreed, ChannelKind.EMAIL: Given(LedgerAct.OPT_OUT)}
                yield replace(shop, own=ChannelKind.SMS, mobile_number=mobile, consents=consents)
            case _:
                yield shop


def addresses(number: int, company: str, given: str, family: str) -> tuple[str, str]:
    """The email address and the mobile number of a person."""
    return f"{given}.{family}@{company.split()[0]}.example.com".lower(), f"+1212555{2000 + number}"


def engagements(now: datetime) -> Iterator[dict[str, Any]]:
    """What the last weeks were like: an offer by email that some opened and clicked, a text that some answered."""
    for number, (company, (given, family)) in enumerate(itertools.product(COMPANIES, NAMES)):
        email, mobile = addresses(number, company, given, family)
        sent = now - timedelta(days=21 - number % 14, minutes=7 * number)
        for minutes, kind in enumerate(EMAILED[: 2 + number % 4]):
            more = {"url": "https://shop.example.com/offers"} if kind is EngagementKind.CLICK else {}
            at = sent + timedelta(minutes=9 * minutes)
            yield {"contact": {"emailAddress": email}, "kind": kind, "occurredAt": at, **more}
        if number % 3 < 2:
            texted, answered = sent + timedelta(days=2), sent + timedelta(days=2, minutes=3)
            yield {"contact": {"mobileNumber": mobile}, "kind": EngagementKind.DELIVERY, "occurredAt": texted}
            yield {"contact": {"mobileNumber": mobile}, **ANSWERED, "occurredAt": answered}
