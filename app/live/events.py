"""Those who follow engagements: they are told each of them, in order, slice by slice."""

from collections import deque
from collections.abc import Sequence
from uuid import UUID

from app.live.errors import TooSlow
from app.live.groups import Group, Turns
from app.live.wishes import EventWish

MOST_AT_ONCE = 50  # engagements in one read: what is selected beneath each may be much
MOST_WAITING = 100_000  # engagements that were announced and not read yet


class EventGroup(Group[EventWish]):
    """Those who are told the same engagements."""

    def __init__(self, wish: EventWish, turns: Turns) -> None:
        super().__init__(wish, turns)
        self._announced: deque[UUID] = deque()

    def hear(self, ids: Sequence[UUID]) -> None:
        """Hears that these were recorded."""
        self._announced.extend(ids)
        self._arrived.set()
        if len(self._announced) > MOST_WAITING:
            self._announced.clear()
            self.end(TooSlow())

    async def _tell_all(self) -> None:
        while True:
            if not self._announced:
                self._arrived.clear()
                await self._arrived.wait()
            await self._drained()
            async with self._turns.taken():
                if not self._is_full:
                    await self._tell(taken(self._announced, MOST_AT_ONCE))

    async def _tell(self, ids: Sequence[UUID]) -> None:
        """Tells all of them those of the engagements that they wished for, in this order."""
        found = await self._read(self.wish.read(ids)) or {}
        for event in (found[id] for id in ids if id in found):
            for subscriber in self.subscribers:
                subscriber.tell(event)


def taken(announced: deque[UUID], most: int) -> list[UUID]:
    """Takes the first so many of those that were announced, each once."""
    return list(dict.fromkeys(announced.popleft() for _ in range(min(len(announced), most))))
