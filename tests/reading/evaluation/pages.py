"""Pages, as Relay's Cursor Connections Specification has them."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from tests.reading.evaluation.objects import Object, printed

DEFAULT_SIZE = 20
#: By what lists are sorted that have one order only.
BY = {
    "AuditEntry": "at",
    "ConsentRecord": "occurred_at",
    "Engagement": "occurred_at",
    "Import": "created_at",
    "ImportRowError": "row",
    "LinkProposal": "created_at",
}
Place = tuple[Any, Any]  # a time and an id, or two numbers


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list, the key by which the list is sorted, and what tells it from others that have the same."""

    key: Any
    id: Any
    value: Object

    @property
    def position(self) -> Place:
        """Where it stands in the list."""
        return self.key, self.id

    def cursor(self, tag: str) -> str:
        """Its cursor: the tag of the list, the sort key and the id; or two numbers."""
        return f"{tag}~{spelled(self.position)}"


def spelled(place: Place) -> str:
    """A place as cursors have it."""
    key, then = place
    return f"{printed(key)}~{then.hex}" if isinstance(then, UUID) else f"{key}~{then}"


def tagged(type_name: str, *, by: str | None = None, descending: bool = True) -> str:
    """The tag of a list and its order."""
    direction = "DESC" if descending else "ASC"
    return sha256(f"{type_name}Connection {by or BY[type_name]} {direction}".encode()).hexdigest()[:6]


def connection(
    type_name: str,
    items: list[Item],
    *,
    descending: bool,
    by: str | None = None,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> Object:
    """A page of the items (Relay's Cursor Connections Specification)."""
    tag = tagged(type_name, by=by, descending=descending)
    ordered = sorted(items, key=lambda item: item.position, reverse=descending)
    later = [item for item in ordered if after is None or comes_after(item, after, descending=descending)]
    between = [item for item in later if before is None or comes_before(item, before, descending=descending)]
    if last is not None:
        page = between[len(between) - last :] if last < len(between) else between
        following = [item for item in ordered if before and not comes_before(item, before, descending=descending)]
        more_before, more_after = len(between) > last, bool(following)
    else:
        page = between[: DEFAULT_SIZE if first is None else first]
        more_before, more_after = after is not None and later != ordered, len(between) > len(page)
    return {
        "edges": [{"cursor": item.cursor(tag), "node": item.value} for item in page],
        "nodes": [item.value for item in page],
        "pageInfo": {
            "hasNextPage": more_after,
            "hasPreviousPage": more_before,
            "startCursor": page[0].cursor(tag) if page else None,
            "endCursor": page[-1].cursor(tag) if page else None,
        },
        "totalCount": len(ordered),
    }


def comes_after(item: Item, cursor: str, *, descending: bool) -> bool:
    """Whether the item stands after the cursor's place."""
    place = place_of(cursor)
    return item.position < place if descending else item.position > place


def comes_before(item: Item, cursor: str, *, descending: bool) -> bool:
    """Whether the item stands before the cursor's place."""
    return comes_after(item, cursor, descending=not descending)


def place_of(cursor: str) -> Place:
    """The place that a cursor names."""
    _, key, then = cursor.split("~")
    return (int(key), int(then)) if key.isdigit() else (datetime.fromisoformat(key), UUID(hex=then))
