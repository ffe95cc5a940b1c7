"""Arguments of random documents, as constants or variables, taken from the data."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_input_object_type,
    is_required_argument,
)
from hypothesis import strategies as st

from app.kinds import EngagementKind
from tests.reading.evaluation import SPELLED, World, printed
from tests.reading.evaluation.pages import tagged
from tests.reading.values import TEXTS, TIMES, TOPICS
from tests.reading.world import Rows

Make = Callable[[], Any]


class Enum(str):
    """The name of an enum's value: without quotes in a document."""


SIZES = [0, 1, 2, 3, 5, 250]
SEARCHES = ["", " ", "ann", "ANN le", "lee", "zoe ann", "ann@example.com", "example.com", "415 555", "nobody"]
SINCE = [
    *(printed(at) for at in TIMES[::4]),
    "2024-02-29T01:30:00+02:00",
    "1999-01-01T00:00:00Z",
    "0001-01-01T00:00:00Z",
]
FIELDS = [Enum("CREATED_AT"), Enum("UPDATED_AT"), Enum("LAST_ENGAGED_AT")]
KINDS = [Enum(kind) for kind in EngagementKind]
WITHIN = ["", "A", "PLAIN", "Quote", "%", "_", "\\", "👍", "\u0301", "E\nbREAK", "nowhere"]
#: None of them reaches back to where something happened, for the clock goes on meanwhile.
DURATIONS = ["PT0S", "PT28H", "P1DT5H", "PT29H10M1S", "P1W", "P999999999D"]
DIRECTIONS = [Enum("ASC"), Enum("DESC")]
#: Times to send at, or to know what held then; clocks go forward in New York, back on Lord Howe Island.
AT = [
    *(printed(at) for at in TIMES[::2]),
    "2024-02-29T01:30:00+02:00",
    "2024-03-01T07:59:59.999999+05:30",
    "2024-03-01T08:00:00+05:30",
    "2024-03-09T22:30:00-05:00",
    "2024-03-10T21:00:00-04:00",
    "2024-04-06T15:10:00Z",
    "1999-01-01T12:00:00Z",
]
#: What an argument may be, by its name; the others are made of several values.
PLAIN: dict[str, list[Any]] = {
    "kind": [Enum("EMAIL"), Enum("SMS"), None],
    "at": AT,
    "knownAt": [*(printed(at) for at in TIMES[::3]), None],
    "purpose": [Enum("MARKETING"), Enum("TRANSACTIONAL"), None],
    "topic": [*TOPICS, "nothing", "", None],
    "formId": [f"form_{'0' * 32}", f"form_{'ab' * 16}", f"channel_{'0' * 32}", "form_1", ""],
    "search": SEARCHES,
    "since": [*SINCE, None],
    "status": [*(Enum(name) for name in ("OPEN", "ACCEPTED", "REJECTED", "SUPERSEDED")), None],
    "withRetracted": [True, True, False],
}
#: What the members of the inputs of engagements may be, and their types; each may be null.
MATCHES: dict[str, tuple[str, list[Any]]] = {
    "channelKind": ("ChannelKind", PLAIN["kind"]),
    "name": ("String", TEXTS),
    "urlContains": ("String", [*WITHIN, None]),
    "textContains": ("String", [*WITHIN, None]),
    "after": ("DateTime", PLAIN["since"]),
    "before": ("DateTime", PLAIN["since"]),
    "withinLast": ("Duration", [*DURATIONS, None]),
    "olderThan": ("Duration", [*DURATIONS, None]),
}
TIME_TESTS = ["after", "before", "withinLast", "olderThan"]
#: The tables of the types that are not named after them.
TABLES = {
    "AuditEntry": "fact",
    "ConsentRecord": "consent_record",
    "LinkProposal": "link_proposal",
    "NeverLink": "never_link",
    "ProfileMerge": "merge",
}
PAGING = {"first", "after", "last", "before"}
NOWHERE = "0" * 32
#: The sort keys of those who never did anything.
FIRST_MOMENT = datetime(1, 1, 1, microsecond=1, tzinfo=UTC)
LAST_MOMENT = datetime(9999, 12, 31, 23, 59, 59, 999998, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Choices:
    """The values that arguments are taken from."""

    ids: list[str]
    emails: list[str]
    mobiles: list[str]
    places: list[str]
    numbers: list[str] = field(default_factory=list)  # the same of lists that are ordered by numbers


def choices(world: World, foreign: Rows) -> Choices:
    """Ids, addresses and cursors that exist, some of another account, and some of nobody."""
    rows = world.rows
    ids = [
        f"{SPELLED[type_name]}_{row['id'].hex}"
        for type_name in SPELLED
        for row in rows.get(TABLES.get(type_name, type_name.lower()), ())
    ]
    homes = [f"profile_{channel['home_id'].hex}" for channel in world.channels]
    others = [f"channel_{row['id'].hex}" for row in foreign["channel"]]
    others += [f"profile_{row['home_id'].hex}" for row in foreign["channel"]]
    nobody = [f"profile_{NOWHERE}", f"channel_{NOWHERE.upper()}", f"order_{NOWHERE}", "profile_1", "", "👍"]
    keyed = [(row["occurred_at"], row["id"].hex) for row in rows["engagement"]]
    keyed += [(channel["created_at"], channel["home_id"].hex) for channel in world.channels]
    keyed += [(row["created_at"], row["id"].hex) for row in rows["link_proposal"]]
    keyed += [(at, channel["home_id"].hex) for channel in world.channels for at in (FIRST_MOMENT, LAST_MOMENT)]
    acts = [(row["occurred_at"], world.members[row["channel_id"]]) for row in rows["engagement"]]
    keyed += [(at, members[0]["home_id"].hex) for at, members in acts]
    keyed += [(row["at"], row["id"].hex) for row in rows["fact"]]
    keyed += [(row["created_at"], row["id"].hex) for row in rows["import"]]
    keyed += [(at, digits) for at in TIMES for digits in (NOWHERE, "f" * 32)]
    return Choices(
        ids=[*ids, *homes * 3, world.account["id"], *others, *nobody],
        emails=[channel["address"] for channel in world.channels if channel["kind"] == "EMAIL"]
        + ["nobody@example.com"],
        mobiles=[channel["address"] for channel in world.channels if channel["kind"] == "SMS"] + ["+14155559999"],
        places=[f"{printed(at)}~{digits}" for at, digits in keyed],
        numbers=[*(f"{row['row']}~{row['place']}" for row in rows["import_mistake"]), "0~0", f"{2**31 - 1}~0"],
    )


@dataclass
class Arguments:
    """The arguments and variables of one document while it is drawn."""

    draw: st.DrawFn
    schema: GraphQLSchema
    choices: Choices
    most_nested: int
    names: int = 0
    declared: list[str] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)
    others: dict[str, Any] = field(default_factory=dict)

    # ---- drawing

    def one(self, choices: Any) -> Any:
        """Any of them."""
        return self.draw(st.sampled_from(choices))

    def some(self, choices: list[Any], least: int, most: int) -> list[Any]:
        """So many of them; one may come twice."""
        return self.draw(st.lists(st.sampled_from(choices), min_size=least, max_size=most))

    def seldom(self) -> bool:
        """Once in eight times."""
        return bool(self.draw(st.integers(0, 7)) == 7)

    def name(self, beginning: str) -> str:
        """A name that was not given yet."""
        self.names += 1
        return f"{beginning}{self.names}"

    # ---- arguments

    def arguments(self, found: GraphQLField, depth: int) -> str:
        """The arguments of a field in parentheses, if any."""
        values = self.paging(depth) if "first" in found.args else {}
        fixed = self.with_cursors(found, values)
        for argument in sorted(found.args.keys() - PAGING - fixed.keys()):
            if is_required_argument(found.args[argument]) or self.one([True, False]):
                values[argument] = partial(self.value, argument)
        given = [f"{argument}: {self.argument(found.args[argument], values[argument])}" for argument in sorted(values)]
        given += [f"{argument}: {literal(value)}" for argument, value in fixed.items()]
        return f"({', '.join(given)})" if given else ""

    def with_cursors(self, found: GraphQLField, values: dict[str, Make]) -> dict[str, Any]:
        """Lets cursors be of the list; they fix its order, which is answered."""
        type_name = get_named_type(found.type).name.removesuffix("Connection")
        used = sorted({"after", "before"} & values.keys()) if "first" in found.args else []
        order = self.value("orderBy") if used and "orderBy" in found.args else None
        by: dict[str, Any] = {"descending": type_name != "ImportRowError"}
        if order:
            by = {"by": str(order["field"]).lower(), "descending": str(order["direction"]) == "DESC"}
        for name in used:
            values[name] = partial(self.cursor, type_name, tagged(type_name, **by))
        return {"orderBy": order} if order else {}

    def cursor(self, type_name: str, tag: str) -> str | None:
        """A cursor of a list."""
        places = self.choices.numbers if type_name == "ImportRowError" else self.choices.places
        place = self.one([None, *places])
        return place and f"{tag}~{place}"

    def argument(self, definition: GraphQLArgument, make: Make) -> str:
        """An argument's value; of an input object, a member may be a variable of its own."""
        if is_input_object_type(get_nullable_type(definition.type)) and self.one([True, False]):
            return f"{{ {', '.join(f'{key}: {self.member(key, value)}' for key, value in make().items())} }}"
        return self.given(str(definition.type), make)

    def member(self, key: str, value: Any) -> str:
        """A member of an input object."""
        known: dict[str, tuple[str, Sequence[str]]] = {
            "id": ("ID!", self.choices.ids),
            "emailAddress": ("EmailAddress!", self.choices.emails),
            "mobileNumber": ("PhoneNumber!", self.choices.mobiles),
            "field": ("ProfileOrderField!", FIELDS),
            "direction": ("OrderDirection!", DIRECTIONS),
            "addresses": ("AddressPairInput!", ()),
            "profileIds": ("[ID!]!", ()),
            "proposalId": ("ID!", ()),
            "kinds": ("[EngagementKind!]", ()),
            "occurred": ("TimeTest", ()),
            **MATCHES,
        }
        type_name, others = known[key]
        return self.given(type_name, lambda: self.one([value, *others]))

    def given(self, type_name: str, make: Make) -> str:
        """A value as a constant or as a variable; a variable may be left to its default, or be null."""
        if self.one([True, False]):
            return literal(make())
        name = self.name("v")
        default = f" = {literal(make())}" if self.seldom() else ""
        self.declared.append(f"${name}: {type_name}{default}")
        optional = default or not type_name.endswith("!")
        for variables in (self.variables, self.others):
            if not optional or not self.seldom():
                variables[name] = plain(make())
        return f"${name}"

    def paging(self, depth: int) -> dict[str, Make]:
        """One of the ways to ask for a page, the deeper the smaller."""
        values: dict[str, Make] = {}
        sizes = SIZES if depth < 1 else SIZES[:5] if depth < 2 else SIZES[:3]
        way = self.one(["first", "first", "last", "last", *([None] if depth < 2 else [])])
        if way:
            values[way] = lambda: self.one(sizes)
        for name in ("after", "before"):
            if self.seldom() or self.seldom():
                values[name] = lambda: None
        if self.seldom():
            values["last" if way == "first" else "first"] = lambda: None
        return values

    def value(self, argument: str) -> Any:
        """A value for an argument, by its name."""
        match argument:
            case "id":
                return self.one(self.choices.ids)
            case "ids":
                return [] if self.seldom() else self.some(self.choices.ids, 1, 6)
            case "by":
                by = {"id": self.choices.ids, "emailAddress": self.choices.emails, "mobileNumber": self.choices.mobiles}
                name = self.one(list(by))
                return {name: self.one(by[name])}
            case "of":
                return self.previewed()
            case "where":
                return self.meant()
            case "orderBy":
                return {"field": self.one(FIELDS), "direction": self.one(DIRECTIONS)}
            case _:
                return self.one(PLAIN[argument])

    def meant(self) -> Any:
        """Which engagements are meant: one or two conditions, so that some are left."""
        found = {name: self.one(MATCHES[name][1]) for name in self.some(list(MATCHES), 0, 2)}
        tests = {name: found.pop(name) for name in TIME_TESTS if name in found}
        if self.one([True, False]):
            found["kinds"] = self.one([None, self.some(KINDS, 0, 6), self.some(KINDS, 3, 9)])
        return found | {"occurred": self.one([None, {}]) if self.seldom() else tests} if tests else found

    def previewed(self) -> Any:
        """What a link preview may be of."""
        profiles = [id for id in self.choices.ids if id.startswith("profile_")]
        way = self.one(["addresses", "profileIds", "profileIds", "proposalId"])
        if way == "profileIds":
            return {way: self.some(profiles, 2, 2) if not self.seldom() else self.some(self.choices.ids, 0, 3)}
        if way == "proposalId":
            proposals = [id for id in self.choices.ids if id.startswith("link_proposal_")]
            return {way: self.one([*proposals, self.one(self.choices.ids)])}
        emails = [*self.choices.emails, "new@example.com", "none@none.com"]
        return {way: {"emailAddress": self.one(emails), "mobileNumber": self.one(self.choices.mobiles)}}


def literal(value: Any) -> str:
    """A value as it is written in a document."""
    match value:
        case None:
            return "null"
        case Enum():
            return str(value)
        case dict():
            return f"{{ {', '.join(f'{key}: {literal(item)}' for key, item in value.items())} }}"
        case list():
            return f"[{', '.join(map(literal, value))}]"
        case _:
            return json.dumps(value, ensure_ascii=False)


def plain(value: Any) -> Any:
    """A value as it is sent among the variables."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return str(value) if isinstance(value, Enum) else value
