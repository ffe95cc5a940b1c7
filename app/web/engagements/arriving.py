"""The lines of a body as they arrive, gathered into batches and judged while earlier ones are being recorded."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from starlette.types import Receive

from app.engagement.rules import lines
from app.engagement.rules.lines import LONGEST_LINE
from app.engagement.rules.reporting import Event, Refused
from app.errors import RequestError

MOST_LINES = 500
MOST_BYTES = 4 * 1024 * 1024
LINGERING_SECONDS = 0.02  # how long what has come waits for more
STALLED_SECONDS = 10.0


class Stalled(RequestError):
    """Nothing came for too long."""

    code = "REQUEST_TIMEOUT"

    def __init__(self) -> None:
        super().__init__(
            f"Nothing came for {STALLED_SECONDS:.0f} seconds. Send what is left, without what is acknowledged; an "
            "empty line now and then keeps the stream open."
        )


@dataclass(slots=True)
class Batch:
    """What is recorded together: checked engagements, and what is refused already; `through` is its last line."""

    through: int
    size: int = 0
    lines: int = 0
    events: list[Event] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    @property
    def room(self) -> int:
        """How many lines it can still take."""
        return MOST_LINES - self.lines if self.size < MOST_BYTES else 0

    def take(self, taken: Sequence[bytes], now: datetime) -> None:
        """Judges the next lines."""
        events, refused = lines.all_judged(taken, first=self.through + 1, now=now)
        self.events += events
        self.refused += refused
        self.size += sum(map(len, taken))
        self.lines += len(taken)
        self.through += len(taken)


class Cutter:
    """Cuts a stream into lines; of a line that is too long no more is kept than shows it."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def lines(self, chunk: bytes) -> list[bytes]:
        """The lines that end in the chunk."""
        *ended, rest = chunk.split(b"\n")
        if ended:
            ended[0] = bytes(self._rest + ended[0])
            self._rest.clear()
        self._rest += rest
        del self._rest[LONGEST_LINE + 1 :]
        return ended

    def last(self) -> list[bytes]:
        """The last line, if the stream ended without ending it."""
        return [bytes(self._rest)] if self._rest else []


class Arriving:
    """The batches of one body."""

    def __init__(self, receive: Receive, now: Callable[[], datetime]) -> None:
        self._receive = receive
        self._now = now
        self._cutter = Cutter()
        self._lines: list[bytes] = []
        self._ended = False
        self.through = 0

    async def batch(self) -> Batch | None:
        """The next batch, as soon as it is full or its first line has waited for a moment; None at the end.

        Raises Stalled. Where the client went away, the line that it had begun is no line.
        """
        batch, lingering = Batch(self.through), None
        while self._take(batch) and not self._ended:
            if batch.lines and lingering is None:
                lingering = self._in(LINGERING_SECONDS)
            try:
                async with asyncio.timeout_at(lingering or self._in(STALLED_SECONDS)):
                    await self._more()
            except TimeoutError:
                if lingering is None:
                    raise Stalled from None
                break
        self.through = batch.through
        return batch if batch.lines else None

    def _take(self, batch: Batch) -> bool:
        """Moves lines into the batch; whether it has room for more."""
        taken = self._lines[: batch.room]
        if taken:
            del self._lines[: len(taken)]
            batch.take(taken, self._now())
        return batch.room > 0

    def _in(self, seconds: float) -> float:
        """The time after so many seconds, by the loop's clock."""
        return asyncio.get_running_loop().time() + seconds

    async def _more(self) -> None:
        message = await self._receive()
        self._ended = message["type"] == "http.disconnect" or not message.get("more_body")
        self._lines += self._cutter.lines(message.get("body", b""))
        if self._ended and message["type"] != "http.disconnect":
            self._lines += self._cutter.last()
