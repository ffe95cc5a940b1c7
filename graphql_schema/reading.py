"""Running what is selected: plans are compiled once, kept, bound and run."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import orjson
from graphql import FieldNode

from app.reading import Plan, Request, Source, compiled
from graphql_schema.selecting import Resolving, selected, shape, variables_in

T = TypeVar("T")
PLANS_KEPT = 1000  # about 10 KB each
ABSENT = object()  # a variable that was not given: its argument's default holds, other than for a null


class Kept(Generic[T]):
    """What was used last, up to a number: clients choose the keys, so it must be bounded."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._items: OrderedDict[Any, T] = OrderedDict()

    def get(self, key: Any) -> T | None:
        """What is kept under the key."""
        item = self._items.get(key)
        if item is not None:
            self._items.move_to_end(key)
        return item

    def keep(self, key: Any, item: T) -> T:
        """Keeps the item; the one that was used longest ago makes room."""
        self._items[key] = item
        if len(self._items) > self._most:
            self._items.popitem(last=False)
        return item


#: By the nodes of a field in a document that is kept: the variables that its selection uses. The nodes are held, so
#: that their ids stay theirs.
_used: Kept[tuple[Sequence[FieldNode], tuple[str, ...]]] = Kept(PLANS_KEPT)
_plans: Kept[tuple[Sequence[FieldNode], Plan]] = Kept(PLANS_KEPT)


async def read(
    info: Resolving, source: Source, parent: Any, *, concrete: str | None = None, variant: Any = None
) -> orjson.Fragment | None:
    """What is selected beneath this field, in one statement.

    `parent` is the object that the source's query function gets as its row; `concrete` names the object type where the
    field's own is an interface; `variant` tells apart sources that one field may have.
    """
    plan = plan_for(info, source, concrete, variant)
    async with info.context.database.reading(info.context.caller.account_id) as connection:
        return await plan.run(connection, request(info, parent))


async def read_keyed(info: Resolving, source: Source, parent: Any, *, concrete: str) -> dict[str, orjson.Fragment]:
    """The same for several objects of a type at once, by the hex digits of their keys; the source is `Keyed`."""
    plan = plan_for(info, source, concrete, None)
    async with info.context.database.reading(info.context.caller.account_id) as connection:
        return await plan.keyed(connection, request(info, parent))


def request(info: Resolving, parent: Any) -> Request:
    """What a plan is bound with."""
    return Request(info.context.caller.account_id, info.variable_values, parent, info.context)


def plan_for(info: Resolving, source: Source, concrete: str | None, variant: Any) -> Plan:
    """The plan of the field, compiled where there is none yet (5 to 10 ms).

    Its key is the field, the database, the concrete type, and what of the variables changes the SQL. Room is left for
    the account and the revision of its definitions, once fields have SQL that comes from stored definitions.
    """
    nodes = info.field_nodes
    field = tuple(map(id, nodes))
    used = _used.get(field) or _used.keep(field, (nodes, tuple(sorted(set(variables_in(info, nodes))))))
    values = info.variable_values
    dialect = info.context.database.dialect
    key = (
        field,
        dialect,
        concrete,
        variant,
        tuple(shape(values[name]) if name in values else ABSENT for name in used[1]),
    )
    found = _plans.get(key)
    if found is None:
        selection = selected(info, str(info.path.key), info.parent_type, nodes, source, concrete)
        found = _plans.keep(key, (nodes, compiled(selection, dialect)))
    return found[1]
