"""Importing from the command line, and from a folder into which files are dropped."""

import asyncio
import csv
import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from io import BytesIO, StringIO
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner, Result

from app.acts import now
from app.cli.asking import Said, column, consents
from app.cli.common import app
from app.cli.folders import TAKEN, Note, stamp, write_note
from app.cli.importing import Importing, Input, NotKept, Stopped
from app.cli.watching import watch
from app.ids import spelled
from app.imports.errors import ImportNotFound, InvalidMapping
from app.imports.jobs.storing import Storing
from app.imports.operations import creating
from app.imports.rules.asking import Asked
from app.imports.rules.options import Column
from app.kinds import ChannelKind
from app.tables import ImportStatus
from tests.client import Client, Served
from tests.links import SECRET
from tests.test_command_line import environment

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
IMPORTS = "{ imports { nodes { status rows } } }"
PROFILES = "{ profiles { nodes { tags channels { address consent { status } } } } }"


# ---- one file


def command(folder: Path, *arguments: str) -> Result:
    """A command, run in this process over a database of its own."""
    return CliRunner().invoke(app, arguments, env=environment(folder))


def given(content: bytes, folder: Path, *arguments: str) -> Result:
    """A command with something on standard input, which it reads by its descriptor."""
    reading, writing = os.pipe()
    os.write(writing, content)
    os.close(writing)
    before = os.dup(0)
    os.dup2(reading, 0)
    try:
        return command(folder, *arguments)
    finally:
        os.dup2(before, 0)
        os.close(before)
        os.close(reading)


def test_a_file_is_imported_and_told(tmp_path: Path) -> None:
    file, errors = tmp_path / "contacts.csv", tmp_path / "errors.csv"
    file.write_text(FILE, newline="")
    command(tmp_path, "account", "create", "Shop", "--time-zone", "Australia/Sydney")
    mapped = ("--account", "Shop", "--map", "Email=emailAddress", "--json")
    consent = ("--email-consent-at", "2026-01-01", "--email-consent-wording", "News")
    told = command(tmp_path, "import", str(file), *mapped, *consent, "--errors", str(errors))
    assert told.exit_code == 0, told.stderr
    report = json.loads(told.stdout)
    [mistake] = report["mistakes"]
    assert (mistake["code"], mistake["column"], mistake["lines"]) == ("INVALID_EMAIL", "Email", [3])
    assert {name: report[name] for name in COUNTS} == COUNTS
    assert (report["file"], report["status"], report["problem"]) == ("contacts.csv", "SUCCEEDED", None)
    assert f"undo-import {report['import']} --account 'Shop'" in told.stderr
    assert [row[5] for row in csv.reader(StringIO(errors.read_text("utf-8-sig")))] == ["Email", "bea@"]
    cancelled = command(tmp_path, "cancel-import", report["import"], *mapped[:2], "--json")
    assert (cancelled.exit_code, json.loads(cancelled.stdout)["errors"][0]["code"]) == (1, "INVALID_STATE")
    assert command(tmp_path, "import", str(file), *mapped[:2], "--errors", str(file)).exit_code == 1
    assert file.read_text() == FILE.replace("\r\n", "\n")


def test_standard_input_is_read(tmp_path: Path) -> None:
    command(tmp_path, "account", "create", "Shop")
    refused = given(b"PK\x03\x04", tmp_path, "import", "-", "--account", "Shop")
    assert (refused.exit_code, "zip archive" in refused.stdout, "skipped" in refused.stdout) == (1, True, False)


def test_columns_are_mapped_by_the_last_equals_sign() -> None:
    assert column("a=b=mobileNumber") == Column("a=b", "mobileNumber")
    with pytest.raises(InvalidMapping):
        column("Email")


def test_a_date_of_consent_is_its_midnight_where_the_account_is() -> None:
    said = {ChannelKind.EMAIL: Said("News", None, "2026-01-01"), ChannelKind.SMS: Said(None, None, None)}
    [given] = consents(said, ZoneInfo("Australia/Sydney")).values()
    assert given.occurred_at == datetime(2025, 12, 31, 13, tzinfo=UTC)


@pytest.fixture
def importing(served: Served, client: Client) -> Importing:
    return Importing(served.database, client.account, SECRET.encode())


async def test_an_import_is_taken_back(importing: Importing, client: Client) -> None:
    done = await importing.take(BytesIO(FILE.encode()), Asked("contacts.csv"))
    assert done.status is ImportStatus.SUCCEEDED
    assert (await importing.undo(done.id)).status is ImportStatus.UNDONE
    assert (await client.ask(PROFILES))["profiles"]["nodes"] == []


async def awaiting(importing: Importing) -> UUID:
    """An import of which nothing is known but that it was asked for."""
    make = partial(creating.create, wanted=importing.judged(Asked("contacts.csv")), act=importing.act())
    return await importing.database.write(importing.tenant.account_id, make)


async def uploaded(importing: Importing) -> UUID:
    """An import that is due, as one that was stopped is."""
    id = await awaiting(importing)
    storing = Storing(importing.database, importing.tenant.account_id, id, now=now, most=None)
    await storing.begin()
    await storing.take(FILE.encode())
    await storing.end()
    return id


async def test_an_import_that_was_stopped_is_gone_on_with(importing: Importing) -> None:
    done = await importing.resume(await uploaded(importing))
    assert (done.status, done.rows) == (ImportStatus.SUCCEEDED, 3)
    without = await awaiting(importing)
    with pytest.raises(NotKept):
        await importing.resume(without)
    assert (await importing.cancel(without)).status is ImportStatus.CANCELLED
    with pytest.raises(ImportNotFound):
        await importing.resume(None)


async def test_input_that_never_ends_keeps_nobody_from_stopping(importing: Importing, client: Client) -> None:
    reading, writing = os.pipe()
    os.write(writing, FILE.encode())
    asyncio.get_running_loop().call_later(0.1, importing.stop.set)
    with pytest.raises(Stopped):
        await importing.take(Input(reading, importing.stop), Asked("stdin.csv"))
    os.close(reading)
    os.close(writing)
    assert (await client.ask(IMPORTS))["imports"]["nodes"] == [{"status": "CANCELLED", "rows": 0}]


# ---- a folder


@asynccontextmanager
async def watching(folder: Path, importing: Importing, ask: Callable[[str], Asked] = Asked) -> AsyncIterator[None]:
    """A watcher that looks often; at the end it is told to stop, and ends."""
    task = asyncio.create_task(watch(folder, importing, ask, json=False, quiet=0.1))
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


async def test_a_file_is_gone_on_with_by_the_next_watcher(tmp_path: Path, importing: Importing, client: Client) -> None:
    made = {
        "ended.csv": (await importing.take(BytesIO(FILE.encode()), Asked("ended.csv"))).id,
        "due.csv": await uploaded(importing),
        "awaiting.csv": await awaiting(importing),
    }
    for name, id in made.items():
        file = tmp_path / TAKEN / name.partition(".")[0] / name
        file.parent.mkdir(parents=True)
        file.write_bytes(FILE.encode())
        write_note(file, Note(id, stamp(file.stat())))
    async with watching(tmp_path, importing):
        for name in made:
            await there(tmp_path / "done" / f"{name}.report.json")
    found = {name: json.loads((tmp_path / "done" / f"{name}.report.json").read_bytes())["import"] for name in made}
    same = {name for name, id in made.items() if found[name] == spelled("Import", id)}
    assert same == {"ended.csv", "due.csv"}
    standing = [each["status"] for each in (await client.ask(IMPORTS))["imports"]["nodes"]]
    assert sorted(standing) == ["CANCELLED", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED"]
    assert list((tmp_path / TAKEN).iterdir()) == []


async def test_a_file_that_changes_while_it_is_imported_is_imported_again(tmp_path: Path, importing: Importing) -> None:
    def ask(name: str) -> Asked:
        [taken] = (tmp_path / TAKEN).glob(f"*/{name}")
        if taken.stat().st_size < 30:
            with taken.open("a") as out:
                out.write("me\r\nbea@example.com,Oslo\r\n")
        return Asked(name)

    (tmp_path / "slow.csv").write_text("Email,City\r\nann@x.com,Ro")
    async with watching(tmp_path, importing, ask):
        await there(tmp_path / "done" / "slow.csv.report.json")
    report = json.loads((tmp_path / "done" / "slow.csv.report.json").read_bytes())
    assert (report["rows"], report["unchanged"]) == (2, 2)


async def test_no_file_keeps_the_watcher_from_the_next(
    tmp_path: Path, importing: Importing, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / TAKEN / "left" / "folder.csv").mkdir(parents=True)
    for name in (b"y" * 247, b"a\xff"):
        (tmp_path / f"{os.fsdecode(name)}.csv").write_text("Email\r\n")
    async with watching(tmp_path, importing):
        await there(tmp_path / "failed" / (os.fsdecode(b"a\xff") + ".csv.report.json"))
        (tmp_path / "failed").rename(tmp_path / "away")
        (tmp_path / "excel.csv").write_bytes(b"\xd0\xcf\x11\xe0")
        await asyncio.sleep(0.3)
        (tmp_path / "away").rename(tmp_path / "failed")
        await there(tmp_path / "failed" / "excel.csv.report.json")
        (tmp_path / "late.csv").write_text("Email\r\nann@example.com\r\n")
        await there(tmp_path / "done" / "late.csv.report.json")
    said = capsys.readouterr()
    assert said.err.count("folder.csv: Is a directory") == 1
    assert said.err.count("excel.csv: No such file or directory") == 1
    assert said.err.endswith("Stopped; no file was under way.\n")
    assert "a\\udcff.csv: failed/a\\udcff.csv, Give the file's name" in said.out
    assert "late.csv: done/late.csv, 1 row, 0 failed" in said.out
    [report] = (tmp_path / "failed").glob("y*.report.json")
    assert len(report.name) == 255


async def test_a_folder_that_cannot_be_used_is_refused(tmp_path: Path, importing: Importing) -> None:
    (tmp_path / "done").write_text("a file")
    with pytest.raises(FileExistsError):
        await watch(tmp_path, importing, Asked, json=False)
