"""From a selection to one statement. Knows tables; knows no GraphQL library.

Every field becomes literal text and expressions glued together, so that the database answers with finished JSON.
The account's condition is not written here: the dialects of `app.db` put it into every SELECT.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, func, select
from sqlalchemy.types import TypeEngine

from app.db.dialects import ACCOUNT
from app.db.statements import binding
from app.reading.gluing import Glued, Piece, braced, glue, narrowed
from app.reading.pages import page
from app.reading.plans import Path, Plan
from app.reading.scopes import IN_LIST, IN_ONE, OUTERMOST, Outside, Scope, told
from app.reading.sources import Bound, Computed, Identity, Keyed, Many, One, Page, Part, Request, Selection, Value
from app.reading.spelling import SPELLINGS, word

Getter = Callable[[Request], Any]


def compiled(selection: Selection, dialect: str) -> Plan:
    """The plan for a root field and all that is selected beneath it. Raises a RequestError where it cannot be read."""
    return Compiler(dialect).plan(selection)


class Compiler:
    """Compiles one selection; holds what was bound and what Python has to fill in."""

    def __init__(self, dialect: str) -> None:
        self.spelling = SPELLINGS[dialect]
        self._getters: dict[str, Getter] = {ACCOUNT.key: lambda request: request.account_id}
        self._computed: list[tuple[Path, Computed]] = []
        self._checks: list[Getter] = []
        self._names = 0

    def plan(self, selection: Selection) -> Plan:
        """The whole statement."""
        parent = Parent(self)
        match selection.source:
            case One():  # no row: SQL NULL, so that null propagation stays the GraphQL library's
                statement = self.first(selection, parent, OUTERMOST, ())
            case Page():
                statement = page(self, selection, parent, OUTERMOST, ())
            case Keyed(of):
                statement = self.by_key(
                    selection, *of(parent, **self.given(selection.arguments), **self.worked_out(selection))
                )
            case _:
                statement = select(glue(self.field(selection, parent, OUTERMOST, ())))
        return self._planned(statement)

    def _planned(self, statement: Select[Any]) -> Plan:
        text = statement.compile(dialect=self.spelling.core)
        names = text.positiontup or ()
        binds = tuple(self._binding(text.binds[name]) for name in names)
        return Plan(text.string, binds, tuple(self._computed), tuple(self._checks))

    def _binding(self, bind: BindParameter[Any]) -> Getter:
        get = self._getters.get(bind.key)
        if get is None:  # a constant of the query function
            constant = binding(bind, self.spelling.core).constant
            return lambda _: constant
        process = bind.type.dialect_impl(self.spelling.core).bind_processor(self.spelling.core)
        return get if process is None else (lambda request: process(get(request)))

    def new_name(self, start: str) -> str:
        """A name that no other part of the statement has."""
        self._names += 1
        return f"{start}_{self._names}"

    # ---- what a request binds

    def bind(self, get: Getter, type_: TypeEngine[Any] | None = None) -> BindParameter[Any]:
        """A parameter whose value the request gives."""
        name = f"p{len(self._getters)}"
        self._getters[name] = get
        return bindparam(name, type_=type_)

    def check(self, get: Getter) -> None:
        """Lets a value that the request gives be looked at, though the statement does not need it."""
        self._checks.append(get)

    def given(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments for a query function: what varies is bound, what changes the SQL stays a plain value."""
        return {name: self._bound(value) for name, value in arguments.items()}

    def _bound(self, value: Any) -> Any:
        if isinstance(value, dict):
            return self.given(value)
        return self.bind(value.get) if isinstance(value, Bound) else value

    # ---- a field of a row: literal text and expressions

    def field(self, selection: Selection, row: Any, scope: Scope, path: Path) -> list[Piece]:
        """The JSON of one selected field."""
        match selection.source:
            case None:
                return [f'"{selection.type_name}"']  # __typename
            case Identity(prefix, of):
                return self._identity(prefix, of(row))
            case Value(of, room):
                scope.opening(room)
                return [self.spelling.json(of(row, **self.given(selection.arguments)))]
            case Computed(needs=needs) as computed:
                scope.opening(computed.room)
                self._computed.append((path, shaped(computed, selection)))
                given = self.given(selection.arguments)
                return [self._listed([self.spelling.json(expression) for expression in needs(row, **given)])]
            case _:
                return self._composed(selection, row, scope, path)

    def _composed(self, selection: Selection, row: Any, scope: Scope, path: Path) -> list[Piece]:
        """The JSON of a field that has fields of its own."""
        match selection.source:
            case Part(of):
                return self.object(selection, of(row), scope, path)
            case One():
                found = self.first(selection, row, scope.opening(IN_ONE), path)
                return [func.coalesce(found.scalar_subquery(), word("null"))]
            case Many():
                return self._many(selection, row, scope, path)
            case Page():
                return [page(self, selection, row, scope, path).scalar_subquery()]
            case source:
                raise TypeError(source)

    def _identity(self, prefix: str, expression: Any) -> list[Piece]:
        return [f'"{prefix}_', self.spelling.hex(expression), '"']

    def _listed(self, values: list[Piece]) -> Glued:
        pieces: list[Piece] = ["["]
        for number, value in enumerate(values):
            pieces += [",", value] if number else [value]
        return glue([*pieces, "]"])

    def _many(self, selection: Selection, row: Any, scope: Scope, path: Path) -> list[Piece]:
        source: Any = selection.source
        statement = source.of(row, **self.given(selection.arguments))
        scope = scope.opening(IN_LIST)
        scope.opening(source.room)
        rows = self.objects(selection, statement, scope, path).subquery()
        listed = func.coalesce(self.spelling.join(rows.c.json), word(""))
        return ["[", select(listed).scalar_subquery(), "]"]

    # ---- objects, a row each

    def first(self, selection: Selection, row: Any, scope: Scope, path: Path) -> Select[Any]:
        """A statement with the JSON of the first row."""
        source: Any = selection.source
        scope.opening(source.room)
        given = self.given(selection.arguments) | self.worked_out(selection)
        return self.objects(selection, source.of(row, **given), scope, path).limit(1)

    def worked_out(self, selection: Selection) -> dict[str, Any]:
        """The arguments that Python works out of the request, bound."""
        source: Any = selection.source

        def getter(by: Callable[..., Any]) -> Getter:
            return lambda request: by(request.context, raw(selection.arguments, request))

        return {name: self.bind(getter(by), type_) for name, (by, type_) in source.worked_out.items()}

    def objects(self, selection: Selection, statement: Select[Any], scope: Scope, path: Path) -> Select[Any]:
        """A statement with one column, `json`: an object for each row."""
        rows, row = told(statement)
        return narrowed(rows, glue(self.object(selection, Outside(row), scope, path)).label("json"))

    def object(self, selection: Selection, row: Any, scope: Scope, path: Path) -> list[Piece]:
        """The JSON object of what is selected of a row."""
        scope = scope.holding(selection)
        return braced((child.key, self.field(child, row, scope, (*path, child.key))) for child in selection.children)

    def by_key(self, selection: Selection, statement: Select[Any], key: Any) -> Select[Any]:
        """One JSON object with a member for each row, under its key's hex digits."""
        _, row = told(statement)
        json = self.object(selection, Outside(row), OUTERMOST.opening(IN_LIST), ())
        member = glue(['"', self.spelling.hex(key), '":', *json])
        members = narrowed(statement, member.label("json")).subquery()
        return select(glue(["{", func.coalesce(self.spelling.join(members.c.json), word("")), "}"]))


def shaped(computed: Computed, selection: Selection) -> Computed:
    """The same; where it makes objects, of each just what is selected beneath the field."""
    if not selection.children:
        return computed

    def by(*needed: Any) -> list[dict[str, Any]]:
        return [
            {each.key: each.type_name if each.source is None else made[each.name] for each in selection.children}
            for made in computed.by(*needed)
        ]

    return replace(computed, by=by)


def raw(arguments: Mapping[str, Any], request: Request) -> dict[str, Any]:
    """The arguments of a field as the request gives them."""
    return {name: _raw(value, request) for name, value in arguments.items()}


def _raw(value: Any, request: Request) -> Any:
    if isinstance(value, dict):
        return raw(value, request)
    return value.get(request) if isinstance(value, Bound) else value


class Parent:
    """The object that a root field stands on (a payload, say), seen as a row: its attributes are parameters."""

    def __init__(self, compiler: Compiler) -> None:
        self._compiler = compiler

    def __getattr__(self, name: str) -> Any:
        return self._compiler.bind(lambda request: getattr(request.parent, name))
