"""The README holds: its examples run in order and answer what it says, and its figures are those of the tests."""

import json
import re
from pathlib import Path
from typing import Any

from app.settings import Settings
from tests.client import Client

README = (Path(__file__).parents[1] / "README.md").read_text()
EXAMPLE = re.compile(r"```graphql\n(.*?)```\n```json\n(.*?)```", re.DOTALL)


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
    assert len(examples) == README.count("```graphql")
    named: dict[str, str] = {}
    for document, said in examples:
        variables = {name: named[name] for name in re.findall(r"\$(\w+): ID!", document)}
        found = await client.ask(document, **variables)
        assert matches(json.loads(said), found, named), (document, found)


def test_every_script_that_is_named_is_there() -> None:
    for name in re.findall(r"scripts/[a-z_/.]+[a-z]", README):
        assert (Path(__file__).parents[1] / name).exists(), name


def test_every_setting_is_explained() -> None:
    explained = set(re.findall(r"`TANDEM_([A-Z_]+)`", README))
    assert explained == {name.upper() for name in Settings.model_fields}
