"""Random documents over the served schema, valid by construction, with arguments taken from the data."""

from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)
from hypothesis import strategies as st

from tests.reading.arguments import AT, Arguments, Choices

#: What a document may begin with, and how often.
ROOTS = [
    *["profiles"] * 5,
    *["profile", "node", "nodes", "linkProposals", "linkPreview", "engagements", "imports"] * 2,
    "linkage",
    "channelCounts",
    "topics",
    "keywords",
    "forms",
    "tags",
    "viewer",
]
MOST_FIELDS = 45


@dataclass(frozen=True, slots=True)
class Document:
    """A document, the operation in it that is meant where there are several, and variables to send it with."""

    text: str
    operation: str | None
    variables: list[dict[str, Any]]


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
class Drawing(Arguments):
    """One document while it is drawn."""

    #: Whether fragments on several types may meet in one object.
    careful: bool = False
    fields: int = 0
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
        found = [f"{name}{least(parent.fields[name])}" for name in self.some(leaves, 1, 2)]
        onward = [name for name in deeper if told_apart(get_named_type(parent.fields[name].type))[1]]
        if further > 0 and onward:
            name = self.one(deeper) if self.seldom() else self.one(onward)
            beneath = get_named_type(parent.fields[name].type)
            onward_from = f"{name}{least(parent.fields[name])} {self.link(beneath, further - nests(beneath))}"
            found.insert(self.one([0, len(found)]), onward_from)
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
        arguments = self.arguments(found, depth)
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


def told_apart(parent: GraphQLObjectType) -> tuple[list[str], list[str]]:
    """The names of the fields that have no fields of their own, and of those that have."""
    leaves = [name for name, found in parent.fields.items() if is_leaf_type(get_named_type(found.type))]
    return leaves, [name for name in parent.fields if name not in leaves]


def least(found: GraphQLField) -> str:
    """The arguments that a field must have, and the smallest page."""
    given = {"first": "first: 1", "at": f'at: "{AT[0]}"', "formId": 'formId: "form_1"'}
    named = [given[name] for name, taken in found.args.items() if name == "first" or is_required_argument(taken)]
    return f"({', '.join(named)})" if named else ""


def nests(beneath: Any) -> int:
    """Whether something of that type counts as nested: pages count once, by their items."""
    return 0 if beneath.name.endswith(("Connection", "Edge", "PageInfo")) else 1
