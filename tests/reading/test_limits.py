"""What is large, deep or long ago is answered, or refused with a reason; never a fault of ours."""

from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

import pytest
from graphql import GraphQLField, get_named_type, parse

from app.reading import Many, One, Page
from app.reading.gluing import LONGEST_CHAIN
from app.reading.scopes import IN_LIST, IN_ONE, IN_PAGE, IN_ROWS, MOST_OPEN
from graphql_schema.schema import schema
from tests.reading.comparing import differences
from tests.reading.conftest import Noting, Populated
from tests.reading.documents import Document, least, told_apart
from tests.reading.evaluation.pages import tagged
from tests.reading.test_documents import LONG, check

#: Something within something, from a profile on.
CHAINS = [
    "channels consent record channel profile email consent record channel isPrimary",
    "email profile email profile sms profile sms profile email id",
    "email profile engagements nodes profile sms profile sms consent record id",
    "engagements nodes profile engagements nodes profile engagements nodes id",
    "fields alternatives channel profile fields alternatives value",
    "links channels consent record channel consent record channel profile email id",
    "links merge channels consent record channel profile merges id",
    "merges survivor links merge channels profile merges id",
]
#: Where a chain can begin, and what that leaves open.
ROOTS = {
    'profile(by: { id: "PROFILE" }) {': 0,
    'nodes(ids: ["PROFILE"]) { ... on Profile {': IN_LIST,
    "profiles(first: 1) { nodes {": IN_PAGE,
}
LAST_MOMENT = "9999-12-31T23:59:59.999999Z~00000000000000000000000000000000"  # as a cursor, but for the tag of its list
#: A page whose rows stand deepest.
BACKWARD = f'(last: 1, before: "TAG~{LAST_MOMENT}")'
#: The same of engagements, with everything that can be said of which are meant.
CHOSEN = (
    f'(last: 1, before: "TAG~{LAST_MOMENT}", where: {{ channelKind: EMAIL, kinds: [OPEN], name: "a", urlContains: "a", '
    'textContains: "a", occurred: { after: "2024-01-01T00:00:00Z", withinLast: "PT1H", olderThan: "PT1H" } })'
)
#: How many fields an object can have, an item of a page too, without being put into groups, which takes symbols too.
UNGROUPED = (LONGEST_CHAIN - 9) // 2
#: How many levels of objects, and how many fields at each: all within the number of tokens that a document may have.
WIDE = [(1, 300), (3, 30), (3, 100), (5, 12), (5, 60), (7, 8)]


def of_profile(account: Populated, begun: str) -> Document:
    """A document about a profile with two channels, all its braces closed."""
    [members, *_] = [members for members in account.world.profiles if len(members) == 2]
    text = begun.replace("PROFILE", f"profile_{members[0]['home_id'].hex}")
    return Document(f"{{ {text} {'}' * (text.count('{') - text.count('}') + 1)}", None, [{}])


@pytest.mark.parametrize("chain", CHAINS)
async def test_a_deep_chain_is_answered_or_refused(noting: Noting, population_one: Populated, chain: str) -> None:
    *objects, leaf = chain.split()
    selected = [f"{name}(first: 1) {{" if name == "engagements" else f"{name} {{" for name in objects]
    root = next(iter(ROOTS))
    await check(noting, population_one, of_profile(population_one, " ".join([root, *selected, leaf])))


@pytest.mark.parametrize("root", ROOTS)
async def test_whatever_is_as_deep_as_can_be_is_answered(noting: Noting, population_one: Populated, root: str) -> None:
    for selected in islice(deepest(ROOTS[root]), None, None, every(noting.database.dialect, root)):
        await check(noting, population_one, of_profile(population_one, f"{root} {selected}"), shallow=True)


def every(dialect: str, root: str) -> int:
    """Of how many chains one is asked: the limits are those of SQLite's parser, which cares little how it began."""
    if dialect == "postgresql":
        return 5
    return 1 if LONG or root == next(iter(ROOTS)) else 4


def deepest(begun: int) -> Iterator[str]:
    """Chains that leave as many symbols open as can be, or nearly: one for each type and number, with its fields."""
    kinds = {One: IN_ONE, Many: IN_LIST, Page: IN_PAGE}
    seen = set[tuple[str, int]]()
    ahead: list[tuple[Any, str, int]] = [(schema._schema.type_map["Profile"], "", begun)]
    while ahead:
        type_, chain, symbols = ahead.pop(0)
        if symbols > MOST_OPEN or (type_.name, symbols) in seen:
            continue
        seen.add((type_.name, symbols))
        leaves, deeper = told_apart(type_)
        single = [(name, type_.fields[name]) for name in leaves]
        fitting = [f"{name}{least(found)}" for name, found in single if nearly_all(symbols + room(found))]
        yield from (f"{chain} {' '.join(few)}" for few in batches(fitting))
        if nearly_all(symbols):
            yield f"{chain} __typename"
        for name in deeper:
            source, onward = source_of(type_.fields[name]), f"{chain} {name}{least(type_.fields[name])} {{"
            within = symbols + kinds.get(type(source), 0)
            if within + room(type_.fields[name]) > MOST_OPEN or (name == "pageInfo" and not numbered(type_, within)):
                continue
            ahead.append((get_named_type(type_.fields[name].type), onward, within))
            if nearly_all(within + room(type_.fields[name])):
                yield f"{onward} __typename"
            if isinstance(source, Page):
                tag = tagged(get_named_type(type_.fields[name].type).name.removesuffix("Connection"))
                pages = (page.replace("TAG", tag) for page in backward(source, within + 2 * IN_ROWS))
                yield from (f"{chain} {name}{page}" for page in pages)


def numbered(connection: Any, within: int) -> bool:
    """Whether the rows of a page, wherever it is, can be numbered there."""
    fields = (found for type_ in schema._schema.type_map.values() for found in getattr(type_, "fields", {}).values())
    most = max(room(found) for found in fields if get_named_type(found.type) is connection)
    return within + IN_ROWS + most <= MOST_OPEN


def backward(page: Page, within: int) -> Iterator[str]:
    """Pages whose rows just fit."""
    if nearly_all(within + page.room):
        yield f"{BACKWARD} {{ totalCount pageInfo {{ hasNextPage endCursor }}"
    if page.room_to_choose and nearly_all(within + page.room + page.room_to_choose):
        yield f"{CHOSEN} {{ totalCount pageInfo {{ hasNextPage endCursor }}"


def source_of(found: GraphQLField) -> Any:
    """Where a field comes from."""
    return found.extensions["strawberry-definition"].metadata.get("source")


def room(found: GraphQLField) -> int:
    """How much more than the usual the SQL of a field takes of the parser."""
    return getattr(source_of(found), "room", 0)


def nearly_all(symbols: int) -> bool:
    """Whether hardly more can be open."""
    return MOST_OPEN - 2 < symbols <= MOST_OPEN


def batches(names: list[str]) -> Iterator[list[str]]:
    """The names, as many at once as an object can have without being put into groups."""
    for start in range(0, len(names), UNGROUPED):
        yield names[start : start + UNGROUPED]


@pytest.mark.parametrize(("levels", "fields"), WIDE)
async def test_many_fields_at_every_level_are_answered(
    noting: Noting, population_one: Populated, levels: int, fields: int
) -> None:
    await check(noting, population_one, of_profile(population_one, f"{next(iter(ROOTS))} {wide(levels, fields)}"))


def wide(levels: int, fields: int) -> str:
    """So many fields at each of so many levels of channels and profiles, what is nested first."""
    many = " ".join(f"a{number}: id" for number in range(fields))
    objects = islice(cycle(["email", "profile"]), levels)
    return " ".join(f"{name} {{" for name in objects) + f" {many} }}" * levels + many


@pytest.mark.parametrize("info", ["__typename", "hasNextPage", "hasPreviousPage", "startCursor"])
@pytest.mark.parametrize("size", ["first: 0", "last: 2"])
async def test_a_page_without_rows_is_told_about(
    noting: Noting, population_one: Populated, size: str, info: str
) -> None:
    nowhere = f'"{tagged("Profile", by="created_at")}~{LAST_MOMENT}"'
    text = f"{{ profiles({size}, after: {nowhere}, before: {nowhere}) {{ pageInfo {{ {info} }} }} }}"
    await check(noting, population_one, Document(text, None, [{}]))


@pytest.mark.parametrize("since", ["0001-01-01T00:00:00Z", "0999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"])
async def test_a_time_in_any_year_is_compared_as_a_time(noting: Noting, population_one: Populated, since: str) -> None:
    [members, *_] = sorted(population_one.world.profiles, key=len, reverse=True)
    id = f"profile_{members[0]['home_id'].hex}"
    text = f'{{ profile(by: {{ id: "{id}" }}) {{ engagementSummary(since: "{since}") {{ count }} }} }}'
    expected = population_one.world.answer(parse(text), {})
    assert list(differences(expected, await population_one.client.ask(text))) == []


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "1999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59Z"])
async def test_what_held_can_be_asked_of_any_year(noting: Noting, population_one: Populated, at: str) -> None:
    text = f'profile(by: {{ id: "PROFILE" }}) {{ channels {{ consentAsOf(at: "{at}", knownAt: "{at}") {{ status'
    await check(noting, population_one, of_profile(population_one, text), shallow=True)


@pytest.mark.parametrize("at", ["1980-01-01T00:00:00Z", "9998-12-31T23:59:59.999999Z"])
async def test_it_is_known_when_it_is_quiet_for_a_long_time(noting: Noting, population_one: Populated, at: str) -> None:
    text = f'profile(by: {{ id: "PROFILE" }}) {{ channels {{ sendability(at: "{at}") {{ blocks {{ reason until'
    await check(noting, population_one, of_profile(population_one, text), shallow=True)


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "1979-12-31T23:59:59Z", "9999-01-01T00:00:00Z"])
async def test_a_time_of_which_nobody_knows_when_it_is_quiet_is_refused(population_one: Populated, at: str) -> None:
    begun = f'profile(by: {{ id: "PROFILE" }}) {{ sms {{ sendability(at: "{at}") {{ allowed'
    [error] = await population_one.client.errors(of_profile(population_one, begun).text)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["message"] == "'at' is a time of sending from the year 1980 to 9998."
