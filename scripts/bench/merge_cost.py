"""What merging and undoing cost, however much happened to the two profiles before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter

from bench.asking import Client
from bench.servers import Server

FEW, MANY = 10, 100_000
WARM_UP = 5
MERGE = """mutation Merge($input: MergeProfilesInput!) {
  mergeProfiles(input: $input) { profile { id displayName } merge { id } userErrors { code } }
}"""
UNDO = """mutation Undo($input: UndoMergeInput!) {
  undoMerge(input: $input) { survivor { id displayName } restored { id displayName } userErrors { code } }
}"""


@dataclass(slots=True)
class Cost:
    """How long each took, in seconds."""

    merging: list[float] = field(default_factory=list)
    undoing: list[float] = field(default_factory=list)

    def typical(self) -> tuple[float, float]:
        """The medians, in milliseconds."""
        return median(self.merging) * 1000, median(self.undoing) * 1000


def measure(server: Server, key: str, pairs: Mapping[int, tuple[str, str]], *, times: int) -> dict[int, Cost]:
    """Merges and parts the same pairs in turn, so many times; by how many engagements each profile has."""
    client, costs = Client(server, key), {count: Cost() for count in pairs}
    try:
        for number in range(WARM_UP + times):
            for count, ids in pairs.items():
                _once(client, ids, costs[count] if number >= WARM_UP else Cost())
    finally:
        client.close()
    return costs


def _once(client: Client, ids: tuple[str, str], cost: Cost) -> None:
    began = perf_counter()
    merged = client.ask(MERGE, profileIds=ids)
    between = perf_counter()
    parted = client.ask(UNDO, mergeId=merged["merge"]["id"], neverLinkAgain=False)
    cost.merging.append(between - began)
    cost.undoing.append(perf_counter() - between)
    assert {parted["survivor"]["id"], parted["restored"]["id"]} == set(ids), parted
