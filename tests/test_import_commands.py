"""Importing from the command line, and from a folder into which files are dropped."""

import asyncio
import csv
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from io import StringIO
from pathlib import Path

import pytest

from app.cli.importing import Importing
from app.cli.watching import TAKEN, watch
from app.imports.rules.asking import Asked
from tests.client import Client, Served
from tests.links import SECRET
from tests.test_command_line import run

FILE = "Email,Phone 2,Note\r\nann@example.com,+14155552671,x\r\nbea@,,y\r\n,,\r\n"
COUNTS = {
    "rows": 3,
    "created": 1,
    "linked": 0,
    "merged": 0,
    "updated": 0,
    "unchanged": 0,
    "skipped": 1,
    "proposed": 0,
    "failed": 1,
    "consentRefused": 0,
}
PROFILES = "{ profiles { nodes { tags channels { address consent { status } } } } }"


# ---- one file


def test_a_file_is_imported_told_and_taken_back(tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text(FILE, newline="")
    run(tmp_path, "account", "create", "Shop")
    told = run(tmp_path, "import", str(file), "--account", "Shop", "--map", "Email=emailAddress", "--json")
    assert told.returncode == 0, told.stderr
    report = json.loads(told.stdout)
    [mistake] = report["mistakes"]
    assert (mistake["code"], mistake["column"], mistake["lines"]) == ("INVALID_EMAIL", "Email", [3])
    assert {name: report[name] for name in COUNTS} == COUNTS
    assert (report["file"], report["status"], report["problem"]) == ("contacts.csv", "SUCCEEDED", None)
    assert f"undo-import {report['import']} --account 'Shop'" in told.stderr
    undone = run(tmp_path, "undo-import", report["import"], "--account", "Shop", "--json")
    assert json.loads(undone.stdout) == {"import": report["import"], "status": "UNDONE"}
    file.write_bytes(b"PK\x03\x04")
    refused = run(tmp_path, "import", str(file), "--account", "Shop")
    assert refused.returncode == 1
    assert "zip archive" in refused.stdout


def test_what_the_options_ask_is_checked(tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text(FILE)
    told = run(tmp_path, "import", str(file), "--account", "Shop", "--map", "Email")
    assert (told.returncode, "COLUMN=TARGET" in told.stderr) == (1, True)


# ---- a folder


@pytest.fixture
def importing(served: Served, client: Client) -> Importing:
    return Importing(served.database, client.account, SECRET.encode())


@asynccontextmanager
async def watching(folder: Path, importing: Importing, ask: Callable[[str], Asked] = Asked) -> AsyncIterator[None]:
    """A watcher that looks often; at the end it is told to stop, and ends."""
    task = asyncio.create_task(watch(folder, importing, ask, json=False, pause=0.1))
    try:
        yield
    finally:
        importing.stop.set()
        async with asyncio.timeout(10):
            await task


async def there(path: Path) -> None:
    """Waits until there is such a file with something in it."""
    async with asyncio.timeout(20):
        while not path.exists() or not path.stat().st_size:
            await asyncio.sleep(0.02)


async def test_dropped_files_are_imported_and_put_away(tmp_path: Path, importing: Importing, client: Client) -> None:
    left = tmp_path / TAKEN / "by one that was killed"
    left.mkdir(parents=True)
    (left / "left.csv").write_text("Email\r\nleft@example.com\r\n", newline="")
    (tmp_path / "done").mkdir()
    (tmp_path / "done" / "contacts.csv").write_text("an earlier one")
    (tmp_path / "contacts.csv").write_text(FILE, newline="")
    (tmp_path / "Other.CSV").write_bytes(b"\xd0\xcf\x11\xe0")
    aside = [".hidden.csv", "contacts.csv.part", "contacts.tmp"]
    for name in aside:
        (tmp_path / name).write_text(FILE)
    (tmp_path / "link.csv").symlink_to(tmp_path / "contacts.tmp")
    async with watching(tmp_path, importing, lambda name: Asked(name, tags=["dropped"])):
        for name in ("done/contacts-2.csv", "done/left.csv", "failed/Other.CSV"):
            await there(tmp_path / f"{name}.report.json")
    left_over = {path.name for path in tmp_path.iterdir() if path.is_file()}
    assert left_over == {*aside, "link.csv"}
    assert list((tmp_path / TAKEN).iterdir()) == []
    assert (tmp_path / "done" / "contacts.csv").read_text() == "an earlier one"
    assert (tmp_path / "done" / "contacts-2.csv").read_bytes() == FILE.encode()
    report = json.loads((tmp_path / "done" / "contacts-2.csv.report.json").read_bytes())
    assert {name: report[name] for name in COUNTS} == COUNTS
    errors = (tmp_path / "done" / "contacts-2.csv.errors.csv").read_text("utf-8-sig")
    assert [row[5] for row in csv.reader(StringIO(errors))] == ["Email", "bea@"]
    problem = json.loads((tmp_path / "failed" / "Other.CSV.report.json").read_bytes())["problem"]
    assert "Excel" in problem["message"]
    profiles = (await client.ask(PROFILES))["profiles"]["nodes"]
    assert [profile["tags"] for profile in profiles] == [["dropped"], ["dropped"]]


async def test_a_file_that_is_still_written_is_left_alone(tmp_path: Path, importing: Importing) -> None:
    file = tmp_path / "contacts.csv"
    async with watching(tmp_path, importing):
        with file.open("w") as out:
            for number in range(30):
                out.write(f"Email\r\nann{number}@example.com\r\n" if number == 0 else f"ann{number}@example.com\r\n")
                out.flush()
                await asyncio.sleep(0.02)
        assert file.exists()
        await there(tmp_path / "done" / "contacts.csv.report.json")
    report = json.loads((tmp_path / "done" / "contacts.csv.report.json").read_bytes())
    assert (report["rows"], report["created"]) == (30, 30)


async def test_two_watchers_never_take_the_same_file(
    tmp_path: Path, importing: Importing, served: Served, client: Client
) -> None:
    other = Importing(served.database, client.account, SECRET.encode())
    names = [f"{number}.csv" for number in range(8)]
    for name in names:
        (tmp_path / name).write_text(f"Email\r\n{name}@example.com\r\n")
    async with watching(tmp_path, importing), watching(tmp_path, other):
        for name in names:
            await there(tmp_path / "done" / f"{name}.report.json")
    found = [json.loads(path.read_bytes()) for path in (tmp_path / "done").glob("*.report.json")]
    assert sorted(report["file"] for report in found) == names
    assert all(report["created"] == 1 for report in found)
