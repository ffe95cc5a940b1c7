"""Pages, as Relay's Cursor Connections Specification has them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tests.reading.evaluation.objects import Object, printed

DEFAULT_SIZE = 20


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list, and the key by which the list is sorted."""

    key: datetime
    id: UUID
    value: Object

    @property
    def position(self) -> tuple[datetime, UUID]:
        """Where it stands in the list."""
        return self.key, self.id

    @property
    def cursor(self) -> str:
        """Its cursor: the sort key and the id."""
        return f"{printed(self.key)}~{self.id.hex}"


def connection(
    type_name: str,
    items: list[Item],
    *,
    descending: bool,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> Object:
    """A page of the items (Relay's Cursor Connections Specification)."""
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
        "edges": [{"cursor": item.cursor, "node": item.value} for item in page],
        "nodes": [item.value for item in page],
        "pageInfo": {
            "hasNextPage": more_after,
            "hasPreviousPage": more_before,
            "startCursor": page[0].cursor if page else None,
            "endCursor": page[-1].cursor if page else None,
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


def place_of(cursor: str) -> tuple[datetime, UUID]:
    """The sort key and the id that a cursor names."""
    key, _, digits = cursor.rpartition("~")
    return datetime.fromisoformat(key), UUID(hex=digits)
