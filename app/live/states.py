"""Those who follow how something stands: they are told it at first, and whenever it changed; the latest alone."""

import asyncio
from contextlib import suppress

from app.live.groups import Group
from app.live.subscribers import Subscriber
from app.live.wishes import StateWish

PACE_SECONDS = 0.2  # between two looks, however much changes
AGAIN_SECONDS = 1.0  # after that it is looked at in any case: on SQLite other processes are not heard


class StateGroup(Group[StateWish]):
    """Those who are told how the same thing stands."""

    def join(self, subscriber: Subscriber) -> None:
        """From here on the subscriber is told, first of all how it stands now."""
        super().join(subscriber)
        self._arrived.set()

    def hear(self) -> None:
        """Hears that it changed."""
        self._arrived.set()

    async def _tell_all(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(AGAIN_SECONDS):
                    await self._arrived.wait()
            self._arrived.clear()
            await self._drained()
            async with self._turns.taken():
                if not self._is_full:
                    await self._tell()
            await asyncio.sleep(PACE_SECONDS)

    async def _tell(self) -> None:
        """Tells those of them who were told otherwise, or nothing yet."""
        joined = tuple(self.subscribers)  # who joins meanwhile is told by the next look
        seen = await self._read(self.wish.look())
        if seen is None:
            return
        for subscriber in joined:
            subscriber.tell_state(seen.content)
            if seen.over:
                subscriber.complete()
