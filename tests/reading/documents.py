"""Random documents over the served schema, valid by construction, with arguments taken from the data."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_input_object_type,
    is_leaf_type,
)
from hypothesis import strategies as st

from tests.reading.evaluation import SPELLED, World, printed
from tests.reading.world import TIMES, Rows

Make = Callable[[], Any]


class Enum(str):
    """The name of an enum's value: without quotes in a document."""


#: What a document may begin with, and how often.
ROOTS = [*["profiles"] * 5, *["profile", "node", "nodes"] * 2, "linkage", "tags", "viewer"]
SIZES = [0, 1, 2, 3, 5, 250]
MOST_FIELDS = 45
SEARCHES = ["", " ", "ann", "ANN le", "lee", "zoe ann", "ann@example.com", "example.com", "415 555", "nobody"]
SINCE = [
    *(printed(at) for at in TIMES[::4]),
    "2024-02-29T01:30:00+02:00",
    "1999-01-01T00:00:00Z",
    "0001-01-01T00:00:00Z",
]
FIELDS = [Enum("CREATED_AT"), Enum("UPDATED_AT")]
DIRECTIONS = [Enum("ASC"), Enum("DESC")]
PAGING = {"first", "after", "last", "before"}
NOWHERE = "0" * 32


@dataclass(frozen=True, slots=True)
class Document:
    """A document, the operation in it that is meant where there are several, and variables to send it with."""

    text: str
    operation: str | None
    variables: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Choices:
    """The values that arguments are taken from."""

    ids: list[str]
    emails: list[str]
    mobiles: list[str]
    cursors: list[str]


def choices(world: World, foreign: Rows) -> Choices:
    """Ids, addresses and cursors that exist, some of another account, and some of nobody."""
    rows = world.rows
    tables = {"ConsentRecord": "consent_record", "ProfileMerge": "merge"}
    ids = [
        f"{SPELLED[type_name]}_{row['id'].hex}"
        for type_name in SPELLED
        for row in rows.get(tables.get(type_name, type_name.lower()), ())
    ]
    homes = [f"profile_{channel['home_id'].hex}" for channel in world.channels]
    others = [f"channel_{row['id'].hex}" for row in foreign["channel"]]
    others += [f"profile_{row['home_id'].hex}" for row in foreign["channel"]]
    nobody = [f"profile_{NOWHERE}", f"channel_{NOWHERE.upper()}", f"order_{NOWHERE}", "profile_1", "", "👍"]
    keyed = [(row["occurred_at"], row["id"].hex) for row in rows["engagement"]]
    keyed += [(channel["created_at"], channel["home_id"].hex) for channel in world.channels]
    keyed += [(at, digits) for at in TIMES for digits in (NOWHERE, "f" * 32)]
    return Choices(
        ids=[*ids, *homes * 3, world.account["id"], *others, *nobody],
        emails=[channel["address"] for channel in world.channels if channel["kind"] == "EMAIL"]
        + ["nobody@example.com"],
        mobiles=[channel["address"] for channel in world.channels if channel["kind"] == "SMS"] + ["+14155559999"],
        cursors=[f"{printed(at)}~{digits}" for at, digits in keyed],
    )


def documents(schema: GraphQLSchema, choices: Choices) -> st.SearchStrategy[Document]:
    """Any valid document, mostly as deep as is allowed, sometimes deeper."""

    @st.composite
    def drawn(draw: st.DrawFn) -> Document:
        most_nested = draw(st.sampled_from([1, 2, 2, 3, 3, 3, 4, 4, 5, 7]))
        return Drawing(draw, schema, choices, most_nested).document()

    return drawn()


def chains(schema: GraphQLSchema, root: str) -> st.SearchStrategy[Document]:
    """Something within something within something, up to twelve times, each with a few fields of its own."""

    @st.composite
    def drawn(draw: st.DrawFn) -> Document:
        drawing = Drawing(draw, schema, Choices([], [], [], []), most_nested=12)
        chain = drawing.link(schema.type_map["Profile"], draw(st.integers(3, 12)))
        return Document(f"{{ {root} {chain} }}", None, [{}])

    return drawn()


@dataclass
class Drawing:
    """One document while it is drawn."""

    draw: st.DrawFn
    schema: GraphQLSchema
    choices: Choices
    most_nested: int
    #: Whether fragments on several types may meet in one object.
    careful: bool = False
    fields: int = 0
    names: int = 0
    declared: list[str] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)
    others: dict[str, Any] = field(default_factory=dict)
    fragments: dict[str, tuple[str, str]] = field(default_factory=dict)
    #: The arguments that a field without an alias was given: at another place it must have the same.
    plain: dict[str, str] = field(default_factory=dict)

    def document(self) -> Document:
        """The whole."""
        query = self.schema.query_type
        assert query is not None
        names = self.some(ROOTS, 1, 4)
        self.careful = bool({"node", "nodes"} & set(names))
        roots = [self.field(query, name, 0) for name in names]
        if len(roots) == 4:
            roots.append(f"... on Query{self.directives()} {{ __typename {roots.pop()} }}")
        variables = f"({', '.join(self.declared)})" if self.declared else ""
        named = [f"fragment {name} on {on} {text}" for name, (on, text) in self.fragments.items()]
        drawn = f"query Drawn{variables} {{ {' '.join(roots)} }}"
        if self.seldom():
            return Document("\n".join(["query Other { viewer { scopes } }", drawn, *named]), "Drawn", self.both)
        return Document("\n".join([drawn, *named]), None, self.both)

    @property
    def both(self) -> list[dict[str, Any]]:
        """The two ways to fill the variables; one, where there are none."""
        return [self.variables, self.others] if self.declared else [{}]

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

    # ---- selections

    def selection(self, parent: Any, depth: int) -> str:
        """A selection set of the type, braces included."""
        if isinstance(parent, GraphQLInterfaceType):
            return self.of_anything(depth)
        parts = [self.part(parent, depth) for _ in range(self.draw(st.integers(1, 4)))]
        return f"{{ {' '.join(parts)} }}"

    def part(self, parent: GraphQLObjectType, depth: int) -> str:
        """A field, a fragment or __typename."""
        way = self.draw(st.integers(0, 11))
        if way == 0:
            return "__typename" if self.seldom() else f"{self.name('type')}: __typename"
        if way == 1 and depth <= self.most_nested:
            return self.inline(parent, depth)
        if way == 2 and depth <= self.most_nested and self.fields < MOST_FIELDS:
            return self.spread(parent, depth)
        return self.field(parent, self.chosen(parent, depth), depth)

    def link(self, parent: Any, further: int) -> str:
        """A selection with a chain beneath it, and a few fields that have none beneath them."""
        leaves, deeper = told_apart(parent)
        found = self.some(leaves, 1, 2)
        onward = [name for name in deeper if told_apart(get_named_type(parent.fields[name].type))[1]]
        if further > 0 and onward:
            name = self.one(deeper) if self.seldom() else self.one(onward)
            page = "(first: 1)" if "first" in parent.fields[name].args else ""
            beneath = get_named_type(parent.fields[name].type)
            found.insert(self.one([0, len(found)]), f"{name}{page} {self.link(beneath, further - nests(beneath))}")
        return f"{{ {' '.join(found)} }}"

    def chosen(self, parent: GraphQLObjectType, depth: int) -> str:
        """The name of a field; where it is deep already, one without fields of its own."""
        leaves = [name for name, found in parent.fields.items() if is_leaf_type(get_named_type(found.type))]
        deeper = [name for name in parent.fields if name not in leaves]
        if not leaves or (
            deeper and depth < self.most_nested and self.fields < MOST_FIELDS and self.one([True, False])
        ):
            return str(self.one(deeper))
        return str(self.one(leaves))

    def inline(self, parent: GraphQLObjectType, depth: int) -> str:
        """An inline fragment on the type itself, on its interface, or on nothing."""
        interface = self.one([None, parent.name, *(found.name for found in parent.interfaces)])
        within = self.selection(parent, depth)
        if interface not in (None, parent.name):
            within = f"{{ id ... on {parent.name} {within} }}"
        return f"...{f' on {interface}' if interface else ''}{self.directives()} {within}"

    def spread(self, parent: GraphQLObjectType, depth: int) -> str:
        """A named fragment, sometimes one that there is already."""
        known = [name for name, (on, _) in self.fragments.items() if on == parent.name]
        if known and self.one([True, False]):
            name = self.one(known)
        else:
            text = self.selection(parent, depth)
            name = self.name("Fragment")
            self.fragments[name] = parent.name, text
        return f"...{name}{self.directives()}"

    def of_anything(self, depth: int) -> str:
        """What is selected of a Node: its id, and fragments on the types that it may be."""
        types = sorted(self.schema.get_possible_types(self.schema.type_map["Node"]), key=str)  # type: ignore[arg-type]
        parts = ["id", "__typename"]
        for type_ in self.some(types, 1, 3):
            fields = " ".join(self.part(type_, depth) for _ in range(self.draw(st.integers(1, 3))))
            parts.append(f"... on {type_.name}{self.directives()} {{ {fields} }}")
        if self.seldom():
            parts.append("... on Node { id }")
        return f"{{ {' '.join(parts)} }}"

    def field(self, parent: GraphQLObjectType, name: str, depth: int) -> str:
        """A field with arguments, perhaps under an alias, perhaps with directives, and what is selected of it."""
        self.fields += 1
        found = parent.fields[name]
        arguments = self.arguments(name, found, depth)
        alias = ""
        if (
            (self.careful and self.ambiguous(name))
            or self.plain.setdefault(name, arguments) != arguments
            or self.seldom()
        ):
            alias = f"{self.name(name)}: "
        beneath = get_named_type(found.type)
        within = "" if is_leaf_type(beneath) else f" {self.selection(beneath, depth + nests(beneath))}"
        return f"{alias}{name}{arguments}{self.directives()}{within}"

    def ambiguous(self, name: str) -> bool:
        """Whether the types behind Node have fields of that name and of different types."""
        nodes = self.schema.get_possible_types(self.schema.type_map["Node"])  # type: ignore[arg-type]
        return len({str(type_.fields[name].type) for type_ in nodes if name in type_.fields}) > 1

    def directives(self) -> str:
        """Mostly none; @include and @skip with a constant or a variable."""
        if not self.seldom():
            return ""
        found = [self.directive(name) for name in self.one([("include",), ("skip",), ("include", "skip")])]
        return "".join(found)

    def directive(self, name: str) -> str:
        """One of them; mostly one that leaves the field in."""
        leaving_in = name == "include"
        return f" @{name}(if: {self.given('Boolean!', lambda: self.one([leaving_in, leaving_in, not leaving_in]))})"

    # ---- arguments

    def arguments(self, name: str, found: GraphQLField, depth: int) -> str:
        """The arguments of a field in parentheses, if any."""
        values = self.paging(depth) if "first" in found.args else {}
        for argument in sorted(found.args.keys() - PAGING):
            if name in ("profile", "node", "nodes") or self.one([True, False]):
                values[argument] = partial(self.value, argument)
        given = [f"{argument}: {self.argument(found.args[argument], values[argument])}" for argument in sorted(values)]
        return f"({', '.join(given)})" if given else ""

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
                values[name] = lambda: self.one([None, *self.choices.cursors])
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
            case "kind":
                return self.one([Enum("EMAIL"), Enum("SMS"), None])
            case "since":
                return self.one([*SINCE, None])
            case "search":
                return self.one(SEARCHES)
            case "orderBy":
                return {"field": self.one(FIELDS), "direction": self.one(DIRECTIONS)}
        raise AssertionError(f"say what the argument '{argument}' may be")


def told_apart(parent: GraphQLObjectType) -> tuple[list[str], list[str]]:
    """The names of the fields that have no fields of their own, and of those that have."""
    leaves = [name for name, found in parent.fields.items() if is_leaf_type(get_named_type(found.type))]
    return leaves, [name for name in parent.fields if name not in leaves]


def nests(beneath: Any) -> int:
    """Whether something of that type counts as nested: pages count once, by their items."""
    return 0 if beneath.name.endswith(("Connection", "Edge", "PageInfo")) else 1


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
