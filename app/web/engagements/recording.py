"""Recording a stream batch by batch, and telling of each, in order, what came of it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from app.engagement.operations import Reported
from app.engagement.rules.reporting import Refused
from app.errors import RequestError
from app.web.engagements.arriving import Arriving, Batch

AT_ONCE = 2  # batches of one stream that are being recorded
Record = Callable[[Batch], Awaitable[Reported]]
Tell = Callable[[dict[str, Any]], Awaitable[None]]


class Stopping(RequestError):
    """The server is to stop."""

    code = "OVERLOADED"

    def __init__(self) -> None:
        super().__init__("The server stops. Send what is left, without what is acknowledged, again.")


@dataclass(slots=True)
class Totals:
    """What came of a stream so far; every line through `through` is settled."""

    through: int = 0
    recorded: int = 0
    duplicates: int = 0
    failed: int = 0


class Recording:
    """Reads batches and records them, no more than a few at once; so its memory does not grow with the stream."""

    def __init__(self, arriving: Arriving, *, record: Record, tell: Tell) -> None:
        self._arriving = arriving
        self._record = record
        self._tell = tell
        self._room = asyncio.Semaphore(AT_ONCE)
        self._begun: asyncio.Queue[tuple[Batch, asyncio.Task[Reported]] | None] = asyncio.Queue()
        self._reading: asyncio.Task[None] | None = None
        self._stopped = False
        self.totals = Totals()

    def stop(self) -> None:
        """Reads nothing more; what is begun is recorded and told, and then it ends by Stopping."""
        self._stopped = True
        if self._reading is not None:
            self._reading.cancel()

    async def run(self) -> None:
        """Records all that comes, and tells of it. Raises what a batch failed by, Stalled and Stopping.

        What is begun is brought to its end, whatever happens to the batch before it.
        """
        self._reading = reading = asyncio.create_task(self._read())
        try:
            while begun := await self._begun.get():
                batch, recorded = begun
                await self._settle(batch, await recorded)
                self._room.release()
            await reading
        except asyncio.CancelledError:
            if self._stopped:
                raise Stopping from None
            raise
        finally:
            reading.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await reading
            await self._rest()

    async def _read(self) -> None:
        try:
            while batch := await self._arriving.batch():
                await self._room.acquire()
                self._begun.put_nowait((batch, asyncio.create_task(_awaited(self._record(batch)))))
        finally:
            self._begun.put_nowait(None)

    async def _settle(self, batch: Batch, done: Reported) -> None:
        """Tells what came of a batch."""
        errors = sorted((*batch.refused, *done.refused), key=lambda refused: refused.place)
        recorded, totals = len(done.engagement_ids), self.totals
        totals.through = batch.through
        totals.recorded += recorded
        totals.duplicates += done.duplicates
        totals.failed += len(errors)
        await self._tell(
            {
                "through": batch.through,
                "recorded": recorded,
                "duplicates": done.duplicates,
                "errors": list(told(errors)),
            }
        )

    async def _rest(self) -> None:
        """Waits for what is begun and will not be told of any more."""
        rest = []
        while not self._begun.empty():
            if begun := self._begun.get_nowait():
                rest.append(begun[1])
        await asyncio.gather(*rest, return_exceptions=True)


async def _awaited(recorded: Awaitable[Reported]) -> Reported:
    return await recorded


def told(errors: Iterable[Refused]) -> Iterable[dict[str, Any]]:
    """Why lines are not recorded."""
    for error in errors:
        yield {"line": error.place, "code": error.code, "field": error.field, "message": error.message}
