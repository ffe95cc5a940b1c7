"""Imports are rehearsed, run, repeated and taken back, whatever is in the file and in the account."""

import csv
import random
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Any

import httpx
import pytest

from app.consent.rules.evidence import Given
from app.db import Database
from app.imports.errors import CannotRun
from app.imports.rules.options import Options
from app.kinds import ChannelKind
from app.tables import ExistingContacts, ImportStatus, LedgerAct
from tests.client import Client, Served
from tests.conftest import new_client
from tests.imports.importing import ASKED, Importer

HEADER = ("Email", "Mobile", "First name", "Plan", "Tags", "SMS consent", "smsConsentAt", "smsConsentWording", "Status")
EMAILS = [f"person.{n}@example.com" for n in range(5)]
MOBILES = [f"+1415555267{n}" for n in range(5)]
IN = Given(LedgerAct.OPT_IN, disclosure="I agree.")
LIVES = 4
ERASE = "mutation Erase($input: EraseProfileInput!) { eraseProfile(input: $input) { userErrors { code } } }"


@pytest.fixture
def importer(client: Client, database: Database) -> Importer:
    return Importer(client, database)


@pytest.fixture
async def third(served: Served, http: httpx.AsyncClient) -> Client:
    return await new_client(served, http)


def file(rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> bytes:
    """The file with these rows."""
    text = StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


def drawn_rows(drawn: random.Random, *, safe: bool) -> Iterator[tuple[str, ...]]:
    """A few rows about a few people; those that are `safe` opt nobody out, and hold or expire nobody."""
    for _ in range(drawn.randrange(1, 12)):
        email, mobile = drawn.choice([*EMAILS, ""]), drawn.choice([*MOBILES, "", "555"])
        consent = ("yes", drawn.choice(["", "2024-03-01"]), "I agree.") if drawn.random() < 0.3 else ("", "", "")
        status = "" if safe else drawn.choice(["", "", "", "unsub", "held", "expired", "nonsense"])
        values = drawn.choice(["", "Ann", "Bob"]), drawn.choice(["", "pro"]), drawn.choice(["", "vip", "vip, new"])
        yield email, mobile, *values, *consent, status


async def begin_life(client: Client, drawn: random.Random) -> None:
    """Lets the account know some of the people."""
    for _ in range(drawn.randrange(5)):
        given: dict[str, Any] = {
            "customFields": {"first_name": drawn.choice(["Ann", "Cid"])},
            "tags": drawn.choice([["vip"], []]),
        }
        if drawn.random() < 0.5:
            given["emailConsent"] = drawn.choice([{"act": "OPT_OUT"}, {"act": "OPT_IN", "disclosure": "Yes."}])
        other = {"mobileNumber": drawn.choice(MOBILES)} if drawn.random() < 0.5 else {}
        await client.add_email(drawn.choice(EMAILS), **given, **other)


def drawn_options(drawn: random.Random) -> Options:
    consents = {ChannelKind.EMAIL: IN} if drawn.random() < 0.5 else {}
    tags = ("imported",) if drawn.random() < 0.5 else ()
    return Options(
        region="US", time_zone="UTC", existing=drawn.choice(list(ExistingContacts)), consents=consents, tags=tags
    )


@pytest.mark.parametrize("seed", range(LIVES))
async def test_a_rehearsal_changes_nothing_and_tells_what_the_real_run_tells(
    client: Client, importer: Importer, seed: int
) -> None:
    drawn = random.Random(seed)
    await begin_life(client, drawn)
    content, asked = file([*drawn_rows(drawn, safe=False)]), drawn_options(drawn)
    before = await importer.holdings()
    rehearsed = await importer.imported(content, asked, dry_run=True)
    assert await importer.holdings() == before
    assert (await importer.for_real(rehearsed)).told == rehearsed.told


@pytest.mark.parametrize("seed", range(LIVES))
async def test_the_same_file_changes_nothing_the_second_time(client: Client, importer: Importer, seed: int) -> None:
    drawn = random.Random(100 + seed)
    await begin_life(client, drawn)
    content, asked = file([*drawn_rows(drawn, safe=False)]), drawn_options(drawn)
    first = await importer.imported(content, asked)
    before = await importer.holdings()
    again = await importer.imported(content, asked)
    assert await importer.holdings() == before
    assert {"created", "linked", "merged", "updated"}.isdisjoint(again.counts)
    assert again.mistakes == first.mistakes


@pytest.mark.parametrize("seed", range(LIVES))
async def test_taking_an_import_back_restores_all_that_the_account_held(
    client: Client, importer: Importer, seed: int
) -> None:
    drawn = random.Random(200 + seed)
    await begin_life(client, drawn)
    content, asked = file([*drawn_rows(drawn, safe=True)], HEADER), drawn_options(drawn)
    before = await importer.holdings(facts=False)
    report = await importer.imported(content, asked)
    people = await importer.people()
    undone = await importer.undone(report)
    assert (undone.status, undone.counts) == (ImportStatus.UNDONE, report.counts)
    assert without_ledgers(await importer.holdings(facts=False)) == without_ledgers(before)
    assert without_retracted(await importer.holdings(facts=False)) == without_retracted(before)
    again = await importer.imported(content, asked)
    assert (again.told, await importer.people()) == (report.told, people)


LEDGER = ("consentRecords", "consentCount", "consentHead", "updatedAt")


def without_ledgers(holdings: list[Any]) -> list[Any]:
    """What is held, but for the ledgers, which keep what was taken back, and what tells their lengths."""
    return [
        {
            **held,
            "profile": {name: value for name, value in held["profile"].items() if name not in LEDGER},
            "channels": [{k: v for k, v in channel.items() if k not in LEDGER} for channel in held["channels"]],
        }
        for held in holdings
    ]


def without_retracted(holdings: list[Any]) -> dict[str, list[Any]]:
    """The ledgers by address, but for what was taken back."""
    return {
        channel["address"]: [
            record["id"] for record in channel["consentRecords"] if not (record["retractedAt"] or record["retracts"])
        ]
        for held in holdings
        for channel in held["channels"]
    }


@pytest.mark.parametrize("seed", range(LIVES))
async def test_which_rows_belong_together_does_not_depend_on_their_order(
    client: Client, stranger: Client, database: Database, seed: int
) -> None:
    drawn = random.Random(300 + seed)
    rows = [*drawn_rows(drawn, safe=True)]
    await Importer(client, database).imported(file(rows))
    drawn.shuffle(rows)
    await Importer(stranger, database).imported(file(rows))
    one, other = [set(await Importer(each, database).people()) for each in (client, stranger)]
    assert one == other


async def test_the_same_file_changes_nothing_where_it_contradicts_itself_far_apart(importer: Importer) -> None:
    others = [(f"other.{n}@example.com", "pro") for n in range(600)]  # more than a batch
    content = file([("ann@example.com", "free"), *others, ("ann@example.com", "team")], ("Email", "Plan"))
    assert (await importer.imported(content)).counts == {"created": 601, "updated": 1}
    before = await importer.client.ask(ANN)
    assert (await importer.imported(content)).counts == {"unchanged": 602}
    assert await importer.client.ask(ANN) == before
    assert before["profile"]["customFields"] == {"plan": "team"}
    changed = file([("ann@example.com", "free"), *others], ("Email", "Plan"))  # another file of the same name
    assert (await importer.imported(changed)).counts == {"updated": 1, "unchanged": 600}
    assert (await importer.client.ask(ANN))["profile"]["customFields"] == {"plan": "free"}


ANN = """
query Ann { profile(by: {emailAddress: "ann@example.com"}) { updatedAt customFields auditLog { totalCount } } }
"""


# ---- what came since


async def test_taking_back_keeps_what_happened_since(client: Client, importer: Importer) -> None:
    report = await importer.imported(
        b"Email,Mobile,First name,Plan,Tags\n"
        b"ann@example.com,+14155552671,Ann,pro,vip\n"
        b"bob@example.com,+14155552672,Bob,pro,vip\n"
        b"cid@example.com,+14155552673,Cid,pro,vip\n"
    )
    await client.add_email("ann@example.com", customFields={"first_name": "Ann"}, tags=["vip"])  # says so itself
    await client.add_sms("+14155552672", emailAddress="bob@example.com")  # links them itself
    await importer.undone(report)
    assert await importer.people() == {
        frozenset(["ann@example.com"]): ({"first_name": "Ann"}, ["vip"], {"ann@example.com": FRESH}),
        frozenset(["bob@example.com", "+14155552672"]): ({}, [], {"bob@example.com": FRESH, "+14155552672": FRESH}),
    }


FRESH = ("NOT_COLLECTED", "ACTIVE")


async def test_nobody_becomes_mailable_by_taking_back(client: Client, importer: Importer) -> None:
    await client.add_email("ann@example.com", emailConsent={"act": "OPT_IN", "disclosure": "Yes."})
    await client.add_email("bob@example.com")
    report = await importer.imported(
        b"Email,Status\nann@example.com,unsub\nbob@example.com,held\ncid@example.com,expired\ndan@example.com,normal\n"
    )
    await importer.undone(report)
    said = {
        address: held for _, _, channels in (await importer.people()).values() for address, held in channels.items()
    }
    assert said == {
        "ann@example.com": ("OPTED_OUT", "ACTIVE"),
        "bob@example.com": ("NOT_COLLECTED", "HELD"),
        "cid@example.com": ("NOT_COLLECTED", "EXPIRED"),
    }


async def test_an_opt_in_that_is_taken_back_does_not_come_back(client: Client, importer: Importer) -> None:
    id = (await client.add_sms("+14155552671"))["profile"]["id"]
    report = await importer.imported(b"SMS,SMS consent,smsConsentWording\n+14155552671,yes,I agree.\n")
    [(_, _, before)] = (await importer.people()).values()
    await importer.undone(report)
    [(_, _, after)] = (await importer.people()).values()
    assert (before, after) == ({"+14155552671": ("OPTED_IN", "ACTIVE")}, {"+14155552671": FRESH})
    assert id in await importer.everybody()


async def test_taking_back_leaves_no_never_link_and_undoes_merges(client: Client, importer: Importer) -> None:
    one = (await client.add_email("ann@example.com"))["profile"]["id"]
    other = (await client.add_sms("+14155552671"))["profile"]["id"]
    content = b"Email,Mobile\nann@example.com,+14155552671\n"
    report = await importer.imported(content)
    assert (report.counts, await importer.everybody()) == ({"merged": 1}, [one])
    await importer.undone(report)
    assert set(await importer.everybody()) == {one, other}
    assert (await importer.imported(content)).counts == {"merged": 1}


# ---- known contacts


async def test_known_contacts_are_updated_filled_in_or_left_alone(
    client: Client, stranger: Client, third: Client, database: Database
) -> None:
    known, new = b"ann@example.com,Anna,pro,unsub\n", b"new@example.com,New,,\nnew@example.com,Newer,,\n"
    content = b"Email,First name,Plan,Status\n" + known + new
    fields = {"UPDATE": {"first_name": "Anna", "plan": "pro"}, "FILL_BLANKS": {"first_name": "Ann", "plan": "pro"}}
    counts = {
        "UPDATE": {"created": 1, "updated": 2},
        "FILL_BLANKS": {"created": 1, "updated": 2},
        "SKIP": {"created": 1, "updated": 1, "skipped": 1},
    }
    for existing, each in zip(ExistingContacts, [client, stranger, third], strict=True):
        await each.add_email("ann@example.com", customFields={"first_name": "Ann"})
        importer = Importer(each, database)
        report = await importer.imported(content, Options(region="US", time_zone="UTC", existing=existing))
        assert report.counts == counts[existing]
        people = await importer.people()
        assert people[frozenset(["ann@example.com"])] == (
            fields.get(existing, {"first_name": "Ann"}),
            [],
            {"ann@example.com": ("OPTED_OUT", "ACTIVE")},  # no opt-out is ever lost
        )
        assert people[frozenset(["new@example.com"])][0] == {"first_name": "Newer"}  # of a file the last row wins


async def test_the_last_row_wins_whatever_channel_it_is_on(importer: Importer) -> None:
    rows = [("ann@example.com", "+14155552671", "1"), ("", "+14155552671", "2"), ("ann@example.com", "", "3")]
    for last in range(3):
        ordered = [row for place, row in enumerate(rows) if place != last] + [rows[last]]
        await importer.imported(file(ordered, ("Email", "Mobile", "Plan")))
        [(fields, _, _)] = (await importer.people()).values()
        assert fields == {"plan": rows[last][2]}


async def test_no_file_releases_anybody_whatever_the_order_of_its_rows(importer: Importer) -> None:
    consents = b"Email,Status,emailConsent,emailConsentWording\n"
    await importer.imported(b"Email,Status\nann@example.com,expired\nbob@example.com,held\n")
    await importer.imported(consents + b"ann@example.com,,yes,I agree.\nbob@example.com,active,yes,I agree.\n")
    said = {
        address: held for _, _, channels in (await importer.people()).values() for address, held in channels.items()
    }
    assert said == {"ann@example.com": ("OPTED_IN", "EXPIRED"), "bob@example.com": ("OPTED_IN", "HELD")}


async def test_opt_outs_of_rows_that_are_left_alone_are_kept(client: Client, importer: Importer) -> None:
    await client.add_email("ann@example.com")
    content = (
        b"Email,Mobile,SMS consent,smsConsentWording\n"
        b"ann@example.com,+14155552671,no,\n"
        b",+14155552671,yes,I agree.\n"
        b"bob@example.com,+14155552672,yes,I agree.\n"
        b"ann@example.com,+14155552672,no,\n"
    )
    report = await importer.imported(content, Options(region="US", time_zone="UTC", existing=ExistingContacts.SKIP))
    assert report.counts["skipped"] == 2
    said = {
        address: held for _, _, channels in (await importer.people()).values() for address, held in channels.items()
    }
    out = ("OPTED_OUT", "ACTIVE")
    assert (said["+14155552671"], said["+14155552672"]) == (out, out)


async def test_a_row_with_a_mistake_about_an_erased_person_keeps_its_line_and_code(
    client: Client, importer: Importer
) -> None:
    id = (await client.add_email("ann@example.com"))["profile"]["id"]
    await client.ask(ERASE, input={"profileId": id})
    report = await importer.imported(b"Email,Plan,Status\nann@example.com,pro,nonsense\n")
    [mistake] = report.mistakes
    assert mistake == {"row": 1, "line": 2, "column": "Status", "code": "INVALID_VALUE", "raw": None}


async def test_erasing_somebody_forgets_the_files_of_rehearsed_imports(client: Client, importer: Importer) -> None:
    id = (await client.add_email("ann@example.com"))["profile"]["id"]
    rehearsed = await importer.imported(b"Email\nann@example.com\n", dry_run=True)
    await client.ask(ERASE, input={"profileId": id})
    with pytest.raises(CannotRun, match="upload it again"):
        await importer.for_real(rehearsed)


async def test_imports_that_are_taken_back_in_any_order_leave_nothing(importer: Importer) -> None:
    first = await importer.imported(b"Email,Plan\nann@example.com,pro\n")
    second = await importer.imported(b"Email,Plan\nann@example.com,max\n")
    await importer.undone(first)
    assert [fields for fields, _, _ in (await importer.people()).values()] == [{"plan": "max"}]
    await importer.undone(second)
    assert await importer.people() == {}


async def test_the_same_rows_within_a_batch_settle_at_the_last_one(importer: Importer) -> None:
    rows = [("ann@example.com", city) for city in "ABC"]
    for number in range(3):
        counts = (await importer.imported(file(rows, ("Email", "City")))).counts
        assert counts == ({"created": 1, "updated": 2} if number == 0 else {"unchanged": 3})
        [(fields, _, _)] = (await importer.people()).values()
        assert fields == {"city": "C"}


async def test_a_column_of_opt_outs_opts_out(importer: Importer) -> None:
    await importer.imported(
        b"Email,Unsubscribed\nann@example.com,yes\nbob@example.com,no\ncid@example.com,\ndan@example.com,2024-03-01\n"
    )
    said = {
        address: held for _, _, channels in (await importer.people()).values() for address, held in channels.items()
    }
    out = ("OPTED_OUT", "ACTIVE")
    assert said == {"ann@example.com": out, "bob@example.com": FRESH, "cid@example.com": FRESH, "dan@example.com": out}


# ---- refusals


async def test_a_file_that_cannot_be_imported_says_why(importer: Importer) -> None:
    report = await importer.imported(b"Name,Town\nAnn,Paris\n")
    assert (report.status, report.counts) == (ImportStatus.FAILED, {})
    problem = report.problem or {}
    assert problem.pop("message").startswith("No column is known to have email addresses or mobile numbers")
    assert problem == {"code": "INVALID_VALUE", "line": 1}


async def test_an_erased_person_is_not_brought_back_and_nothing_of_the_row_is_kept(
    client: Client, importer: Importer
) -> None:
    id = (await client.add_email("ann@example.com"))["profile"]["id"]
    await client.ask(ERASE, input={"profileId": id})
    report = await importer.imported(b"Email,Plan\nann@example.com,pro\n", ASKED)
    assert (report.counts, report.mistakes) == (
        {"failed": 1},
        [{"row": 1, "line": 2, "column": "Email", "code": "ERASED", "raw": None}],
    )
