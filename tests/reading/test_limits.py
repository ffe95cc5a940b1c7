"""What is large, deep or long ago is answered, or refused with a reason; never a fault of ours."""

import pytest
from graphql import parse

from tests.reading.comparing import differences
from tests.reading.conftest import Noting, Populated
from tests.reading.documents import Document
from tests.reading.test_documents import check

#: Something within something, from a profile on.
CHAINS = [
    "channels consent record channel profile email consent record channel isPrimary",
    "email profile email profile sms profile sms profile email id",
    "engagements nodes profile engagements nodes profile engagements nodes id",
    "fields alternatives channel profile fields alternatives value",
]
#: Chains that leave more symbols open in SQLite's parser than are counted: it has room for 100.
OVERFLOWING = [
    "email profile engagements nodes profile sms profile sms consent record id",
    "links channels consent record channel consent record channel profile email id",
    "links merge channels consent record channel profile merges id",
    "merges survivor links merge channels profile merges id",
]
#: How many levels of objects, and how many fields at each: all within the number of tokens that a document may have.
WIDE = [(1, 300), (3, 30), (5, 12)]
#: The same, beyond what SQLite takes in one expression.
TOO_WIDE = [(3, 100), (5, 60)]


def known(request: pytest.FixtureRequest, noting: Noting, reason: str) -> None:
    """Marks a fault of SQLite's statements that is known and not mended yet."""
    if noting.database.dialect == "sqlite":
        request.applymarker(pytest.mark.xfail(strict=True, reason=reason))


def of_profile(account: Populated, selected: str) -> Document:
    """A document about a profile with two channels."""
    [members, *_] = [members for members in account.world.profiles if len(members) == 2]
    return Document(f'{{ profile(by: {{ id: "profile_{members[0]["home_id"].hex}" }}) {{ {selected} }} }}', None, [{}])


@pytest.mark.parametrize("chain", [*CHAINS, *OVERFLOWING])
async def test_a_deep_chain_is_answered_or_refused(
    noting: Noting, population_one: Populated, chain: str, request: pytest.FixtureRequest
) -> None:
    if chain in OVERFLOWING:
        known(request, noting, "parser stack overflow")
    *objects, leaf = chain.split()
    selected = " ".join(f"{name}(first: 1) {{" if name == "engagements" else f"{name} {{" for name in objects)
    await check(noting, population_one, of_profile(population_one, f"{selected} {leaf} {'}' * len(objects)}"))


@pytest.mark.parametrize(("levels", "fields"), [*WIDE, *TOO_WIDE])
async def test_many_fields_at_every_level_are_answered(
    noting: Noting, population_one: Populated, levels: int, fields: int, request: pytest.FixtureRequest
) -> None:
    if (levels, fields) in TOO_WIDE:
        known(request, noting, "Expression tree is too large (maximum depth 1000)")
    await check(noting, population_one, of_profile(population_one, wide(levels, fields)))


def wide(levels: int, fields: int) -> str:
    """So many fields at each of so many levels of channels and profiles, what is nested first."""
    many = " ".join(f"a{number}: id" for number in range(fields))
    return many if levels == 0 else f"{('profile', 'email')[levels % 2]} {{ {wide(levels - 1, fields)} }} {many}"


@pytest.mark.parametrize("since", ["0001-01-01T00:00:00Z", "0999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"])
async def test_a_time_in_any_year_is_compared_as_a_time(
    noting: Noting, population_one: Populated, since: str, request: pytest.FixtureRequest
) -> None:
    if since.startswith("0999"):
        known(request, noting, "years before 1000 are bound without their zeros")
    [members, *_] = sorted(population_one.world.profiles, key=len, reverse=True)
    id = f"profile_{members[0]['home_id'].hex}"
    text = f'{{ profile(by: {{ id: "{id}" }}) {{ engagementSummary(since: "{since}") {{ count }} }} }}'
    expected = population_one.world.answer(parse(text), {})
    assert list(differences(expected, await population_one.client.ask(text))) == []
