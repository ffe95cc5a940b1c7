"""What every list of nodes has in common."""

from typing import Generic, TypeVar

import strawberry

from graphql_schema.declaring import identity

T = TypeVar("T")


@strawberry.interface(description="Anything with a globally unique id.")
class Node:
    """Anything with a globally unique id."""

    id: strawberry.ID = identity()


@strawberry.type(description="Where a page begins and ends, and whether there is more.")
class PageInfo:
    """Where a page begins and ends."""

    has_next_page: bool = strawberry.field(description="Whether there is more after this page.")
    has_previous_page: bool = strawberry.field(description="Whether there is something before this page.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first item; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last item; null on an empty page.")


@strawberry.type(description="An item of a page, and the cursor that continues from it.")
class Edge(Generic[T]):
    """An item of a page and its cursor."""

    cursor: str = strawberry.field(description="Give it as `after` or `before` to continue from this item.")
    node: T = strawberry.field(description="The item.")


@strawberry.type(description="A page of items.")
class Connection(Generic[T]):
    """A page of items."""

    edges: list[Edge[T]] = strawberry.field(description="The items with their cursors.")
    nodes: list[T] = strawberry.field(description="The items without their cursors.")
    page_info: PageInfo = strawberry.field(description="Where the page begins and ends.")
    total_count: int = strawberry.field(description="How many there are on all pages; counted only when selected.")
