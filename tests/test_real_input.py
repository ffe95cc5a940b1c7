"""Contact lists as people have them, added by scripts/add_contacts over the served API."""

import asyncio
import csv
import json
import os
from asyncio.subprocess import PIPE
from dataclasses import dataclass
from io import StringIO
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import phonenumbers
import pytest

from app.accounts.rules import Scope
from tests.client import Client, Served
from tests.conftest import new_client

SCRIPT = Path(__file__).parents[1] / "scripts" / "add_contacts"
DATA = Path(__file__).parents[2] / "shared" / "data"
LONG = bool(os.environ.get("TANDEM_LONG"))
DATABASES = ["sqlite", "postgresql"]
#: The columns of numbers that are read, each on a database of its own unless there is time for both.
NUMBERS = ["phone1", "phone2"]
COLUMNS = [*product(DATABASES, NUMBERS)] if LONG else [*zip(DATABASES, NUMBERS, strict=True)]
real = pytest.mark.skipif(not DATA.is_dir(), reason="the real contact lists are not in ../shared/data, by the checkout")
NO_SUCH_NUMBER = (
    "This is not a valid phone number read in region AU: its length is right, but no such number is given out. "
    "Give it with its country code, such as +14155552671."
)
#: The lines of au-500.csv whose phone2 has as many digits as a number, and is none that Australia gives out.
NOT_GIVEN_OUT = [
    5, 6, 14, 30, 37, 41, 82, 84, 85, 89, 93, 94, 98, 106, 110, 114, 115, 120, 139, 145, 157, 166, 172, 177, 191, 193,
    197, 202, 210, 216, 217, 251, 258, 281, 295, 304, 321, 328, 348, 354, 369, 383, 389, 390, 395, 402, 415, 446, 450,
    471, 475, 488, 492, 499,
]  # fmt: skip
ENDINGS = ("CREATED", "LINKED", "MERGED", "UNCHANGED", "refused", "skipped", "failed")

LINKAGE = "{ linkage { profiles linked emailOnly smsOnly } }"
PAGE = """
query Everyone($after: String) {
  profiles(first: 250, after: $after) {
    nodes { channels { address } customFields }
    pageInfo { hasNextPage endCursor }
  }
}
"""
PROFILE = """
query Profile($email: EmailAddress!) {
  profile(by: {emailAddress: $email}) {
    displayName
    isLinked
    channels { address source { method detail } consent { status } }
    fields { key value source { method detail } channel { address } alternatives { value } }
    links { explanation trust channels { address } merge { id } }
    merges { id }
  }
}
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """How the script ended, and what it said."""

    code: int
    said: str
    complained: str


async def add(path: Path, *options: str) -> Ended:
    """Runs the script to its end."""
    process = await asyncio.create_subprocess_exec(SCRIPT, path, *options, stdout=PIPE, stderr=PIPE)
    said, complained = await asyncio.wait_for(process.communicate(), 120)
    return Ended(process.returncode or 0, said.decode(), complained.decode())


async def report_of(client: Client, served: Served, path: Path, *options: str) -> list[dict[str, Any]]:
    """What the script's two passes report, the emails' and the numbers'."""
    ended = await add(path, "--url", f"{served.url}/graphql", "--key", client.key, "--json", *options)
    assert (ended.code, ended.complained) == (0, "")
    report = json.loads(ended.said)
    assert {key: report[key] for key in ("file", "account")} == {"file": path.name, "account": "Tested"}
    assert [pass_["mutation"] for pass_ in report["passes"]] == ["addEmailContact", "addSmsContact"]
    assert all(sum(pass_["counts"].values()) == report["rows"] for pass_ in report["passes"])
    return list(report["passes"])


def counts(**those: int) -> dict[str, int]:
    """The counts of a pass: those given, and zeros."""
    return {ending: those.get(ending, 0) for ending in ENDINGS}


def expected(name: str, *, mobile_column: str, region: str) -> dict[tuple[str, ...], dict[str, str]]:
    """The profiles that a real file makes, read in the simplest way: the fields by the addresses that are valid."""
    text = (DATA / name).read_text(encoding="utf-8").replace("\r", "\n")
    people: dict[tuple[str, ...], dict[str, str]] = {}
    for fields in csv.DictReader(StringIO(text)):
        email, number = fields.pop("email").lower(), phonenumbers.parse(fields.pop(mobile_column), region)
        e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        people[(email, e164) if phonenumbers.is_valid_number(number) else (email,)] = fields
    return people


async def everyone(client: Client) -> dict[tuple[str, ...], dict[str, str]]:
    """Every profile of the account: its fields, by all its addresses."""
    found, page = {}, {"hasNextPage": True, "endCursor": None}
    while page["hasNextPage"]:
        answer = (await client.ask(PAGE, after=page["endCursor"]))["profiles"]
        page = answer["pageInfo"]
        for node in answer["nodes"]:
            found[tuple(channel["address"] for channel in node["channels"])] = node["customFields"]
    return found


@real
@pytest.mark.parametrize(("database_url", "column"), COLUMNS, indirect=["database_url"])
async def test_each_of_500_americans_is_linked_by_either_number(client: Client, served: Served, column: str) -> None:
    emails, mobiles = await report_of(client, served, DATA / "us-500.csv", "--mobile-column", column)
    assert emails["counts"] == counts(CREATED=500)
    assert mobiles["counts"] == counts(LINKED=500)
    linkage = (await client.ask(LINKAGE))["linkage"]
    assert linkage == {"profiles": 500, "linked": 500, "emailOnly": 0, "smsOnly": 0}
    assert await everyone(client) == expected("us-500.csv", mobile_column=column, region="US")


@real
@pytest.mark.parametrize("database_url", DATABASES if LONG else ["sqlite"], indirect=True)
async def test_of_500_australians_the_446_with_a_valid_number_are_linked(client: Client, served: Served) -> None:
    emails, mobiles = await report_of(client, served, DATA / "au-500.csv", "--region", "AU")
    assert emails["counts"] == counts(CREATED=500)
    assert mobiles["counts"] == counts(LINKED=446, refused=54)
    refusal = {"code": "INVALID_PHONE", "column": "phone2", "message": NO_SUCH_NUMBER, "lines": NOT_GIVEN_OUT}
    assert mobiles["refusals"] == [refusal]
    linkage = (await client.ask(LINKAGE))["linkage"]
    assert linkage == {"profiles": 500, "linked": 446, "emailOnly": 54, "smsOnly": 0}
    everybody = await everyone(client)
    assert everybody == expected("au-500.csv", mobile_column="phone2", region="AU")

    emails, mobiles = await report_of(client, served, DATA / "au-500.csv", "--region", "AU")
    assert emails["counts"] == counts(UNCHANGED=500)
    assert mobiles["counts"] == counts(UNCHANGED=446, refused=54)
    assert mobiles["refusals"] == [refusal]
    assert await everyone(client) == everybody


@real
async def test_a_real_profile_tells_where_each_of_its_parts_came_from(
    client: Client, served: Served, tmp_path: Path
) -> None:
    path = tmp_path / "us-500.csv"
    path.write_bytes(b"\n".join((DATA / "us-500.csv").read_bytes().split(b"\n")[:2]))
    await report_of(client, served, path)
    profile = (await client.ask(PROFILE, email="JButt@gmail.com"))["profile"]
    source = {"method": "API", "detail": "us-500.csv"}
    addresses = [{"address": "jbutt@gmail.com"}, {"address": "+15048451427"}]
    fields = {
        "address": "6649 N Blue Gum St", "city": "New Orleans", "company_name": "Benton, John B Jr",
        "county": "Orleans", "first_name": "James", "last_name": "Butt", "phone1": "504-621-8927", "state": "LA",
        "web": "http://www.bentonjohnbjr.com", "zip": "70116",
    }  # fmt: skip
    explanation = profile["links"][0].pop("explanation")
    assert profile == {
        "displayName": "James Butt",
        "isLinked": True,
        "channels": [address | {"source": source, "consent": {"status": "NOT_COLLECTED"}} for address in addresses],
        "fields": [
            {"key": key, "value": value, "source": source, "channel": addresses[0], "alternatives": []}
            for key, value in fields.items()
        ],
        "links": [{"trust": "TRUSTED", "channels": addresses, "merge": None}],
        "merges": [],
    }
    assert explanation.startswith("An API call (us-500.csv) by tests on ")
    assert explanation.endswith(" gave jbutt@gmail.com and +15048451427 as one person's.")


# ---- files as other programs write them

#: Line 2 has a quoted newline, line 4 the address of line 2 again, 5 no address, 6 nothing, 7 no number, 8 two
#: mistakes, 9 empty cells alone, and 10 the number of line 2 with another address.
SMALL = """First Name,EMAIL,Phone2,PHONE1,Note
Ada,ada@example.com,(415) 555-2671,555-0100,"two
lines"
Ada Augusta, ADA@Example.com ,,,
Bob,,(415) 555-2672,,bare

Cleo,cleo@example.com,,,
Dan,dan at home,12,,
,,,,
,lovelace@example.com,415-555-2671,,
"""
NO_AT = {
    "code": "INVALID_EMAIL",
    "column": "EMAIL",
    "message": "This is not an email address: An email address must have an @-sign.",
    "lines": [8],
}
TOO_SHORT = {
    "code": "INVALID_PHONE",
    "column": "Phone2",
    "message": "This is not a valid phone number read in region US: it is too short. "
    "Give it with its country code, such as +14155552671.",
    "lines": [8],
}


@pytest.mark.parametrize(
    ("encoding", "newline"),
    [("utf-8", "\n"), ("utf-8-sig", "\r\n"), ("utf-8", "\r")],
    ids=["as on Unix", "as Excel writes it", "as on an old Mac"],
)
async def test_every_row_is_told_of_whatever_the_file_looks_like(
    client: Client, served: Served, tmp_path: Path, encoding: str, newline: str
) -> None:
    path = tmp_path / "small.csv"
    path.write_bytes(SMALL.replace("\n", newline).encode(encoding))
    assert await report_of(client, served, path) == [
        {
            "mutation": "addEmailContact",
            "counts": counts(CREATED=3, UNCHANGED=1, refused=1, skipped=2),
            "refusals": [NO_AT],
            "skipped": [5, 9],
            "failures": [],
        },
        {
            "mutation": "addSmsContact",
            "counts": counts(CREATED=1, LINKED=1, MERGED=1, refused=1, skipped=3),
            "refusals": [NO_AT, TOO_SHORT],
            "skipped": [4, 7, 9],
            "failures": [],
        },
    ]
    assert await everyone(client) == {
        ("ada@example.com", "lovelace@example.com", "+14155552671"): {
            "first_name": "Ada Augusta",
            "phone1": "555-0100",
            "note": f"two{newline}lines",
        },
        ("+14155552672",): {"first_name": "Bob", "note": "bare"},
        ("cleo@example.com",): {"first_name": "Cleo"},
    }


async def test_people_are_told_lines_and_reasons_but_no_addresses(
    client: Client, served: Served, tmp_path: Path
) -> None:
    path = tmp_path / "small.csv"
    path.write_text(SMALL)
    ended = await add(path, "--url", f"{served.url}/graphql", "--key", client.key)
    assert (ended.code, ended.complained) == (0, "")
    said = " ".join(ended.said.split())
    assert "small.csv: 7 contacts for the account Tested" in said
    assert "│ CREATED │ 3 │ 1 │" in said
    assert "Mobile numbers, 1 refused: INVALID_PHONE in column Phone2 This is not a valid phone number" in said
    assert "Lines 8" in said
    assert "Email addresses, 2 skipped These rows have no email address. Lines 5, 9" in said
    assert "@example" not in said
    assert "dan at home" not in said


async def test_a_key_that_may_only_read_fails_every_row(
    served: Served, http: httpx.AsyncClient, tmp_path: Path
) -> None:
    reading = await new_client(served, http, [Scope.READ])
    path = tmp_path / "two.csv"
    path.write_text("email,phone2\nada@example.com,\nbob@example.com,\n")
    ended = await add(path, "--url", f"{served.url}/graphql", "--key", reading.key, "--json")
    assert (ended.code, ended.complained) == (1, "")
    emails = json.loads(ended.said)["passes"][0]
    assert emails["counts"] == counts(failed=2)
    assert emails["failures"] == [{"message": "FORBIDDEN: This API key lacks the scope WRITE.", "lines": [2, 3]}]
    assert await everyone(reading) == {}


async def test_a_wrong_key_is_told_once(served: Served, tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("email,phone2\nada@example.com,\n")
    ended = await add(path, "--url", f"{served.url}/graphql", "--key", "tandem_wrong")
    told = "UNAUTHENTICATED: Send a valid API key as 'Authorization: Bearer <key>'."
    assert (ended.code, ended.said, " ".join(ended.complained.split())) == (1, "", told)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "there is no column 'email'; there are none."),
        (b"email,mobile\n", "there is no column 'phone2'; there are email, mobile."),
        (b"email,phone2,E-mail,e mail\n", "every column needs a header of its own; "
         "these are 'email', 'phone2', 'E-mail', 'e mail'."),
        (b"email,phone2\nada@example.com\n", "line 2: the row has 1 cells, the header 2."),
        (b'email,phone2\n"ada,\nb,c\n', "line 2: unexpected end of data."),
        (b"email,phone2\n\xe9,\n", "this is not UTF-8 (byte 13)."),
    ],
    ids=["empty", "a column missing", "a header twice", "a cell missing", "an unclosed quote", "Latin-1"],
)  # fmt: skip
async def test_a_broken_file_is_refused_before_anything_is_sent(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "broken.csv"
    path.write_bytes(content)
    ended = await add(path, "--url", "http://127.0.0.1:1/graphql", "--key", "none")
    assert (ended.code, ended.said) == (1, "")
    assert " ".join(ended.complained.split()).endswith(told)
