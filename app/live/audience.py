"""Those of one account who follow it, and how what is announced comes to them."""

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from app.db import Database
from app.engagement.rules.announcing import heard
from app.live.errors import Broken, Interrupted, TooSlow
from app.live.events import MOST_WAITING, EventGroup, taken
from app.live.groups import Group, Turns
from app.live.queries import OF_PROFILES
from app.live.states import StateGroup
from app.live.subscribers import Subscriber
from app.live.wishes import EventWish, StateWish, Wish
from app.log import log

MOST_AT_ONCE = 1000  # engagements whose profiles are read at once


class Audience:
    """All who follow one account. Each group hears what concerns it in the order in which it was announced."""

    def __init__(self, database: Database, account_id: int, reading: asyncio.Semaphore) -> None:
        self._database = database
        self._account_id = account_id
        self._turns = Turns(reading)
        self._groups: dict[object, Group[Any]] = {}
        self._announced: deque[UUID] = deque()
        self._arrived = asyncio.Event()
        self._task = asyncio.create_task(self._share_all())

    def join(self, wish: Wish, subscriber: Subscriber) -> None:
        """From here on the subscriber is told."""
        group = self._groups.get(wish.key)
        if group is None:
            group = self._groups[wish.key] = self._group(wish)
        group.join(subscriber)

    def _group(self, wish: Wish) -> Group[Any]:
        match wish:
            case EventWish():
                return EventGroup(wish, self._turns)
            case StateWish():
                return StateGroup(wish, self._turns)
        raise TypeError(wish)

    def leave(self, wish: Wish, subscriber: Subscriber) -> list[asyncio.Task[None]]:
        """The subscriber is told no more. What has nothing to do any more, and is to be cancelled."""
        group = self._groups[wish.key]
        group.subscribers.discard(subscriber)
        if group.subscribers:
            return []
        del self._groups[wish.key]
        return [group.task] if self._groups else [group.task, self._task]

    @property
    def count(self) -> int:
        """How many follow."""
        return sum(len(group.subscribers) for group in self._groups.values())

    @property
    def is_empty(self) -> bool:
        """Whether nobody is left."""
        return not self._groups

    def hear(self, news: str) -> None:
        """Hears what a transaction announced: engagements that it recorded, or that something changed."""
        for group in self._groups.values():
            if isinstance(group, StateGroup) and group.wish.news == news:
                group.hear()
        if ids := heard(news):
            self._hear(ids)

    def _hear(self, ids: Iterable[UUID]) -> None:
        """Hears that these engagements were recorded."""
        self._announced.extend(ids)
        self._arrived.set()
        if len(self._announced) > MOST_WAITING:
            self._announced.clear()
            self.end(TooSlow())

    def end(self, why: Exception) -> None:
        """Ends all subscribers."""
        for group in self._groups.values():
            group.end(why)

    async def _share_all(self) -> None:
        while True:
            if not self._announced:
                self._arrived.clear()
                await self._arrived.wait()
            await self._share(taken(self._announced, MOST_AT_ONCE))

    async def _share(self, ids: Sequence[UUID]) -> None:
        """Lets each group hear what concerns it."""
        try:
            profiles = await self._profiles(ids) if self._needs_profiles() else {}
        except Exception as error:
            log.error("live read failed", account=self._account_id, fault=type(error).__name__)
            self.end(Interrupted() if isinstance(error, OSError) else Broken())
            return
        for group in self._following():
            if concerned := concerning(group.wish, ids, profiles):
                group.hear(concerned)

    def _following(self) -> list[EventGroup]:
        return [group for group in self._groups.values() if isinstance(group, EventGroup)]

    def _needs_profiles(self) -> bool:
        return any(group.wish.home_id for group in self._following())

    async def _profiles(self, ids: Sequence[UUID]) -> dict[UUID, set[UUID]]:
        """By engagement, the ids that resolve to its profile as it is now."""
        found: dict[UUID, set[UUID]] = {}
        async with self._turns.taken(), self._database.reading(self._account_id) as reader:
            for of in await reader.fetch(OF_PROFILES, ids=ids):
                found.setdefault(of.engagement_id, set()).add(of.home_id)
        return found


def concerning(wish: EventWish, ids: Sequence[UUID], profiles: dict[UUID, set[UUID]]) -> Sequence[UUID]:
    """Those of the engagements that happened to the profile that a wish is of."""
    return ids if wish.home_id is None else [id for id in ids if wish.home_id in profiles.get(id, ())]
