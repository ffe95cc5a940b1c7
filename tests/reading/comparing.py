"""Whether an answer is the expected one, and where it is not."""

from collections.abc import Iterator
from typing import Any

from app.signing import Purpose, Signer
from tests.reading.evaluation.objects import Json, Link, same_json
from tests.reading.values import SECRET

SIGNER = Signer(SECRET, "http://tests")


def differences(expected: Any, actual: Any, path: str = "data") -> Iterator[str]:
    """Every place where the answer differs from the expected one, the order of an object's members included."""
    match expected:
        case Json():
            if not same_json(expected.value, actual):
                yield f"{path}: expected the JSON {expected.value!r}, not {actual!r}"
        case Link():
            if read(actual) != expected:
                yield f"{path}: expected a link for {expected!r}, not {actual!r}"
        case dict() if isinstance(actual, dict):
            yield from between_objects(expected, actual, path)
        case list() if isinstance(actual, list):
            yield from between_lists(expected, actual, path)
        case _:
            if not same_json(expected, actual):
                yield f"{path}: expected {expected!r}, not {actual!r}"


def read(url: Any) -> str:
    """What a link is for and names, as its signature tells."""
    start, purpose, token = str(url).rsplit("/", 2)
    named = SIGNER.read(Purpose(purpose), token)
    assert start == SIGNER.public_url
    about = f" {named.about_id.hex}" if named.about_id else ""
    return Link(f"{purpose}{about}", named.account_id, named.id)


def between_objects(expected: dict[str, Any], actual: dict[str, Any], path: str) -> Iterator[str]:
    """The places where two objects differ."""
    if list(expected) != list(actual):
        yield f"{path}: expected the members {list(expected)}, not {list(actual)}"
    for key in expected.keys() & actual.keys():
        yield from differences(expected[key], actual[key], f"{path}.{key}")


def between_lists(expected: list[Any], actual: list[Any], path: str) -> Iterator[str]:
    """The places where two lists differ."""
    if len(expected) != len(actual):
        yield f"{path}: expected {len(expected)} items, not {len(actual)}"
    for place, (one, other) in enumerate(zip(expected, actual, strict=False)):
        yield from differences(one, other, f"{path}[{place}]")
