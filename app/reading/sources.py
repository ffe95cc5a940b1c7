"""What a declaration says of where a field comes from, and the plain tree that a selection becomes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Select

#: A row of the statement that a field is used in: its attributes are SQL expressions.
RowOf = Any


#: More arguments of a query function, by their names: what Python makes of the request's context and of the others
#: before the statement runs, and its type.
WorkedOut = Mapping[str, tuple[Callable[[Any, Mapping[str, Any]], Any], Any]]


@dataclass(frozen=True, slots=True)
class Identity:
    """A global id: the name of the type and the hex digits of an id, never NULL."""

    prefix: str
    of: Callable[[RowOf], Any]


@dataclass(frozen=True, slots=True)
class Value:
    """One expression over the row. See `scopes` for its `room`."""

    of: Callable[..., Any]
    room: int = 0


@dataclass(frozen=True, slots=True)
class Computed:
    """What only Python can say: SQL delivers what it `needs`, arguments among it, `by` makes the value of it.

    With `in_context`, `by` gets the request's context first. A list of objects is one of dicts, by the fields' names.
    See `scopes` for its `room`.
    """

    by: Callable[..., Any]
    needs: Callable[..., Sequence[Any]]
    in_context: bool = False
    room: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """An object whose fields stand in the same row, under the names that `of` gives them."""

    of: Callable[[RowOf], Any]


@dataclass(frozen=True, slots=True)
class One:
    """The first row of a statement, or null. See `scopes` for its `room`."""

    of: Callable[..., Any]
    worked_out: WorkedOut = field(default_factory=dict)
    room: int = 0


@dataclass(frozen=True, slots=True)
class Many:
    """All rows of a statement, in its order. See `scopes` for its `room`."""

    of: Callable[..., Any]
    room: int = 0


class Order(NamedTuple):
    """The order of a list: a sort key, which is a time or a number and never NULL, and whether it descends.

    `by` names a key that is no column. Rows with equal keys are in the order of their ids, or, where they have none, of
    the number `then`.
    """

    key: Any
    descending: bool
    by: str = ""
    then: Any = None

    @property
    def name(self) -> str:
        """What tells this order from others."""
        return f"{self.by or self.key.key} {'DESC' if self.descending else 'ASC'}"


@dataclass(frozen=True, slots=True)
class Page:
    """A connection: a statement (or Merged, or Chained) without an order, and the order of it.

    See `scopes` for the `room` that its rows need; where arguments say
    which rows are meant, they need `room_to_choose` besides.
    """

    of: Callable[..., Any]
    order: Callable[..., Order]
    worked_out: WorkedOut = field(default_factory=dict)
    room: int = 0
    room_to_choose: int = 0


@dataclass(frozen=True, slots=True)
class Keyed:
    """Rows to be found by a key: a statement and the key's expression. Read by `Plan.keyed`."""

    of: Callable[..., tuple[Any, Any]]
    worked_out: WorkedOut = field(default_factory=dict)


Source = Identity | Value | Computed | Part | One | Many | Page | Keyed


@dataclass(frozen=True, slots=True)
class Merged:
    """The children of several parents, in one order: each parent is asked for its own newest.

    `children` makes a statement of the children of a row of `parents`, each time with another entity.
    """

    parents: Select[Any]
    children: Callable[[RowOf], Select[Any]]


@dataclass(frozen=True, slots=True)
class Chained:
    """Rows of which an index orders only some, and which the sort key that the Page has would order all too slowly.

    `whole` are all of them; `keyed` those that have a `key`, in the order of an index; `rest` those that have none, for
    which the sort key is `last`, a constant time that comes after all keys. All three select the same entity.
    """

    whole: Select[Any]
    keyed: Select[Any]
    key: Any
    rest: Select[Any]
    last: BindParameter[Any]


@dataclass(frozen=True, slots=True)
class Bound:
    """A value that may differ between two requests that share a plan."""

    get: Callable[["Request"], Any]


@dataclass(slots=True)
class Selection:
    """A field as it was selected: under which key, from where, with which arguments, and what beneath it."""

    key: str
    name: str
    type_name: str
    source: Source | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    children: list["Selection"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Request:
    """What a plan is bound with: the account, the variables, the object that the field stands on.

    `context` is whatever is known of the request besides: only what is computed or worked out looks at it.
    """

    account_id: int
    variables: dict[str, Any]
    parent: Any
    context: Any = None
