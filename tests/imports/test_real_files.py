"""Contact lists as people have them, imported by every way in: the same profiles as scripts/add_contacts makes."""

import asyncio
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from app.cli.importing import Importing
from app.cli.watching import watch
from app.imports.rules.asking import Asked
from app.imports.rules.options import Column
from tests.client import Client, Served
from tests.imports.importing import COUNTS
from tests.links import PUBLIC_URL, SECRET
from tests.test_import_commands import there
from tests.test_real_input import DATA, NOT_GIVEN_OUT, everyone, expected, real

FILES = {"us-500.csv": "US", "au-500.csv": "AU"}
CREATE = """
mutation Create($input: CreateImportInput!) {
  createImport(input: $input) { import { id } uploadUrl userErrors { message } }
}
"""
STANDING = f"""
query Standing($id: ID!) {{
  node(id: $id) {{ ... on Import {{
    status {" ".join(COUNTS)} rowErrors(first: 100) {{ totalCount nodes {{ line column code }} }}
  }} }}
}}
"""
MAPPED = "phone2", "mobileNumber"


def columns(name: str) -> list[str]:
    """The headers of a file, but for the number's."""
    header = (DATA / name).read_bytes().splitlines()[0].decode().replace('"', "")
    return [column for column in header.split(",") if column != MAPPED[0]]


def asked(name: str) -> Asked:
    """What is asked of the import: which number is the mobile one."""
    mapping = [Column(column, "emailAddress" if column == "email" else column) for column in columns(name)]
    return Asked(name, mapping=[*mapping, Column(*MAPPED)], region=FILES[name])


@real
@pytest.mark.parametrize("name", FILES)
async def test_by_http(client: Client, name: str) -> None:
    given = asked(name)
    mapping = [{"column": column.header, "to": column.to} for column in given.mapping or ()]
    wanted = {"fileName": name, "mapping": mapping, "defaultRegion": FILES[name]}
    made = (await client.ask(CREATE, input=wanted))["createImport"]
    answer = await client.http.put(made["uploadUrl"].removeprefix(PUBLIC_URL), content=(DATA / name).read_bytes())
    assert answer.status_code == 200
    report = await ended(client, made["import"]["id"])
    assert {name: report[name] for name in COUNTS if report[name]} == {"created": 500}
    assert [each["line"] for each in report["rowErrors"]["nodes"]] == (NOT_GIVEN_OUT if name == "au-500.csv" else [])
    assert {each["code"] for each in report["rowErrors"]["nodes"]} <= {"INVALID_PHONE"}
    assert await everyone(client) == expected(name, mobile_column="phone2", region=FILES[name])


async def ended(client: Client, id: str) -> dict[str, Any]:
    while True:
        found: dict[str, Any] = (await client.ask(STANDING, id=id))["node"]
        if found["status"] not in ("QUEUED", "RUNNING"):
            return found
        await asyncio.sleep(0.02)


@pytest.fixture
def importing(served: Served, client: Client) -> Importing:
    return Importing(served.database, client.account, SECRET.encode())


@real
@pytest.mark.parametrize("name", FILES)
async def test_by_the_command_line(client: Client, importing: Importing, name: str) -> None:
    await importing.take(BytesIO((DATA / name).read_bytes()), asked(name))
    assert await everyone(client) == expected(name, mobile_column="phone2", region=FILES[name])


@real
@pytest.mark.parametrize("name", FILES)
async def test_as_a_dropped_file(client: Client, importing: Importing, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes((DATA / name).read_bytes())
    task = asyncio.create_task(watch(tmp_path, importing, asked, json=False, quiet=0.1))
    await there(tmp_path / "done" / f"{name}.report.json")
    importing.stop.set()
    await task
    assert await everyone(client) == expected(name, mobile_column="phone2", region=FILES[name])
