"""A merge of two known profiles, decided: the rows that it writes."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from bench.handwritten.contacts import dumped, uuid7

REASON = "Contact data named an address of each."


class Pair(NamedTuple):
    """Two addresses of one person; the number is the contact's own."""

    mobile: str
    email: str


class Run:
    """For how long to go on, and how long each merge took."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.took: list[float] = []

    def begin(self) -> None:
        """Everything is open: the time runs from here."""
        self._began, self._computed = time.perf_counter(), time.process_time()

    def goes_on(self) -> bool:
        """Whether there is time for another."""
        return time.perf_counter() < self._began + self._seconds

    def end(self) -> None:
        """The last one is committed."""
        self.spent, self.computed = time.perf_counter() - self._began, time.process_time() - self._computed

    def told(self) -> dict[str, float]:
        """What is to be known of it, times in microseconds."""
        ordered = sorted(self.took)
        p50, p99 = (round(ordered[int(len(ordered) * share)] * 1_000_000) for share in (0.5, 0.99))
        return {"requests": len(ordered), "seconds": self.spent, "p50_us": p50, "p99_us": p99, "cpu": self.computed}


class Known(NamedTuple):
    """A channel as it is stored."""

    id: UUID
    kind: str
    home_id: UUID
    profile_id: UUID
    created_at: Any


class Merge:
    """Everything that is written for a merge but the surviving profile's row."""

    def __init__(self, found: Sequence[Known], members: Sequence[Known]) -> None:
        by_age = sorted(members, key=lambda channel: (channel.created_at, channel.id))
        self.survivor_id = by_age[0].home_id
        [self.absorbed_id] = {channel.profile_id for channel in found} - {self.survivor_id}
        self.came = [channel.id for channel in by_age if channel.profile_id == self.absorbed_id]
        self.first_id, self.second_id = (each.id for each in by_age if each in found)
        self.own_id, self.other_id = (each.id for each in sorted(found, key=lambda each: each.kind != "SMS"))
        now = time.time()
        self.at = datetime.fromtimestamp(now, UTC)
        self.link_id, self.id, self.merged_id, self.added_id = (uuid7(int(now * 1000)) for _ in range(4))

    @property
    def merged(self) -> str:
        """The fact that profiles were merged."""
        survivor, absorbed = f"profile_{self.survivor_id.hex}", f"profile_{self.absorbed_id.hex}"
        merge = f"profile_merge_{self.id.hex}"
        return dumped({"absorbed": absorbed, "link": f"link_{self.link_id.hex}", "merge": merge, "survivor": survivor})

    @property
    def added(self) -> str:
        """The fact that a contact was added."""
        channels = [f"channel_{id.hex}" for id in (self.own_id, self.other_id)]
        return dumped({"channels": channels, "link": f"link_{self.link_id.hex}", "outcome": "MERGED"})
