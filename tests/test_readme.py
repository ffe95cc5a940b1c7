"""The README holds: its examples run in order and answer what it says, and its figures are those of the tests."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

from app.settings import Settings
from tests.client import Client
from tests.links import PUBLIC_URL

README = (Path(__file__).parents[1] / "README.md").read_text()
#: A document with its answer, or a file that goes to the link of the answer before it.
EXAMPLE = re.compile(r"```graphql\n(.*?)```\n```json\n(.*?)```|```csv\n(.*?)```", re.DOTALL)


STATUS = "query Status($id: ID!) { node(id: $id) { ... on Import { status } } }"
NAMED = re.compile(r"<(\w+)>")


def matches(expected: Any, found: Any, named: dict[str, str]) -> bool:
    """Whether a value is as the README says; `…` in a text stands for anything, `<name>` for the id of that name."""
    match expected:
        case str() if (name := NAMED.fullmatch(expected)) and isinstance(found, str):
            return named.setdefault(name[1], found) == found
        case str() if "…" in expected and isinstance(found, str):
            return re.fullmatch(".*".join(map(re.escape, expected.split("…"))), found) is not None
        case dict() if isinstance(found, dict):
            both = expected.keys() == found.keys()
            return both and all(matches(expected[key], found[key], named) for key in expected)
        case list() if isinstance(found, list):
            pairs = zip(expected, found, strict=False)
            return len(expected) == len(found) and all(matches(*pair, named) for pair in pairs)
    return bool(expected == found)


async def test_every_example_answers_what_it_says(client: Client) -> None:
    examples = EXAMPLE.findall(README)
    assert len(examples) == README.count("```graphql") + README.count("```csv")
    named: dict[str, str] = {}
    found: Any = None
    for document, said, file in examples:
        if file:
            await upload(client, found["createImport"], file)
            continue
        variables = {name: named[name] for name in re.findall(r"\$(\w+): ID!", document)}
        found = await client.ask(document, **variables)
        assert matches(json.loads(said), found, named), (document, found)
        if "runImport" in found:
            await ended(client, variables["fair"])


async def upload(client: Client, made: Any, file: str) -> None:
    """Sends a file, and waits until it is imported."""
    answer = await client.http.put(made["uploadUrl"].removeprefix(PUBLIC_URL), content=file.encode())
    assert answer.status_code == 200
    await ended(client, made["import"]["id"])


async def ended(client: Client, id: str) -> None:
    """Waits until an import has ended."""
    while (await client.ask(STATUS, id=id))["node"]["status"] in ("QUEUED", "RUNNING"):
        await asyncio.sleep(0.02)


def test_every_script_that_is_named_is_there() -> None:
    for name in re.findall(r"scripts/[a-z_/.]+[a-z]", README):
        assert (Path(__file__).parents[1] / name).exists(), name


def test_every_setting_is_explained() -> None:
    explained = set(re.findall(r"`TANDEM_([A-Z_]+)`", README))
    assert explained == {name.upper() for name in Settings.model_fields}
