"""What a subscriber wishes to be told."""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID


class Seen(NamedTuple):
    """How something stands: what a subscriber is sent of it, and whether nothing is expected to come after that."""

    content: bytes
    over: bool


#: Finds, of engagements by their ids, those that a subscriber is to be told of: what it is sent, by the ids.
Read = Callable[[Sequence[UUID]], Awaitable[Mapping[UUID, bytes]]]
#: Looks at something as it is now.
Look = Callable[[], Awaitable[Seen]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a subscriber wishes to be told. Wishes of one account with the same key are alike, and read once for all."""

    account_id: int
    key: Hashable


@dataclass(frozen=True, slots=True)
class EventWish(Wish):
    """To be told each engagement that is recorded from now on.

    `home_id` is an id that resolves to the profile whose engagements alone are wished for; None for everybody's.
    """

    home_id: UUID | None
    read: Read


@dataclass(frozen=True, slots=True)
class StateWish(Wish):
    """To be told how something stands: now, and whenever it changed. `news` is what is announced then."""

    news: str
    look: Look
