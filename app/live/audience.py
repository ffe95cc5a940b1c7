"""Those of one account who follow it, and how they are told: alike wishes are read once, however many have them."""

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from uuid import UUID

from app.db import Database
from app.live.errors import Ended, Interrupted, TooSlow
from app.live.queries import OF_PROFILES
from app.live.subscribers import Subscriber
from app.live.wishes import Wish
from app.log import log

MOST_AT_ONCE = 1000  # engagements in one read
MOST_WAITING = 100_000  # engagements that were announced and not read yet


class Group:
    """Those whose wishes are alike."""

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self.subscribers: set[Subscriber] = set()

    async def tell(self, ids: Sequence[UUID]) -> None:
        """Tells all of them those of the engagements that they wished for, in this order."""
        try:
            found = await self.wish.read(ids)
        except Exception as error:
            log.error("live read failed", account=self.wish.account_id, fault=type(error).__name__)
            self.end(Interrupted())
            return
        for event in (found[id] for id in ids if id in found):
            for subscriber in self.subscribers:
                subscriber.tell(event)

    def end(self, why: Ended) -> None:
        """Ends them all."""
        for subscriber in self.subscribers:
            subscriber.end(why)


class Audience:
    """All who follow one account. What is announced is read in the order in which it was announced."""

    def __init__(self, database: Database, account_id: int, reading: asyncio.Semaphore) -> None:
        self._database = database
        self._account_id = account_id
        self._reading = reading
        self._groups: dict[object, Group] = {}
        self._announced: deque[UUID] = deque()
        self._arrived = asyncio.Event()
        self._task = asyncio.create_task(self._tell_all())

    def join(self, wish: Wish, subscriber: Subscriber) -> None:
        """From here on the subscriber is told."""
        self._groups.setdefault(wish.key, Group(wish)).subscribers.add(subscriber)

    def leave(self, wish: Wish, subscriber: Subscriber) -> bool:
        """The subscriber is told no more. Whether nobody is left."""
        group = self._groups[wish.key]
        group.subscribers.discard(subscriber)
        if not group.subscribers:
            del self._groups[wish.key]
        return not self._groups

    def hear(self, ids: Iterable[UUID]) -> None:
        """Hears that these were recorded."""
        self._announced.extend(ids)
        self._arrived.set()
        if len(self._announced) > MOST_WAITING:
            self._announced.clear()
            self.end(TooSlow())

    def end(self, why: Ended) -> None:
        """Ends all subscribers."""
        for group in self._groups.values():
            group.end(why)

    async def close(self) -> None:
        """Reads no more."""
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _tell_all(self) -> None:
        while True:
            self._arrived.clear()
            if not self._announced:
                await self._arrived.wait()
            await self._tell(list(dict.fromkeys(self._taken())))

    def _taken(self) -> list[UUID]:
        return [self._announced.popleft() for _ in range(min(len(self._announced), MOST_AT_ONCE))]

    async def _tell(self, ids: Sequence[UUID]) -> None:
        """Tells each group at once; the next are told when all of them were."""
        groups = list(self._groups.values())
        try:
            profiles = await self._profiles(ids) if any(group.wish.home_id for group in groups) else {}
        except Exception as error:
            log.error("live read failed", account=self._account_id, fault=type(error).__name__)
            self.end(Interrupted())
            return
        told = ((group, concerning(group.wish, ids, profiles)) for group in groups)
        await asyncio.gather(*(self._tell_group(group, concerned) for group, concerned in told if concerned))

    async def _tell_group(self, group: Group, ids: Sequence[UUID]) -> None:
        async with self._reading:
            await group.tell(ids)

    async def _profiles(self, ids: Sequence[UUID]) -> dict[UUID, set[UUID]]:
        """By engagement, the ids that resolve to its profile as it is now."""
        found: dict[UUID, set[UUID]] = {}
        async with self._database.reading(self._account_id) as reader:
            for of in await reader.fetch(OF_PROFILES, ids=ids):
                found.setdefault(of.engagement_id, set()).add(of.home_id)
        return found


def concerning(wish: Wish, ids: Sequence[UUID], profiles: dict[UUID, set[UUID]]) -> Sequence[UUID]:
    """Those of the engagements that happened to the profile that a wish is of."""
    return ids if wish.home_id is None else [id for id in ids if wish.home_id in profiles.get(id, ())]
