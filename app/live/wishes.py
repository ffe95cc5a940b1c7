"""What a subscriber wishes to be told."""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

#: Finds, of engagements by their ids, those that a subscriber is to be told of: what it is sent, by the ids.
Read = Callable[[Sequence[UUID]], Awaitable[Mapping[UUID, bytes]]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a subscriber wishes to be told. Wishes of one account with the same key are alike, and read once for all.

    `home_id` is an id that resolves to the profile whose engagements alone are wished for; None for everybody's.
    """

    account_id: int
    key: Hashable
    home_id: UUID | None
    read: Read
