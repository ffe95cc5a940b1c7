"""Measures linking under load beside a bare transaction of the same effect, and what merging costs."""

import asyncio
import importlib.metadata
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bench import filling, merge_cost, same_rows
from bench.asking import Client
from bench.linking import LINK, LINKED, MERGED, Linking
from bench.links_reporting import BARE, Found, Setting, save
from bench.merge_cost import FEW, MANY
from bench.pairs import MOST, Pairs, made_up
from bench.progress import progress
from bench.reads import Only
from bench.servers import TANDEM, Server, running
from bench.stores import STORES, Store

RESULTS = Path(__file__).parent / "results" / "links.md"
WARM_UP_SECONDS = 2
SAMPLE = 100  # merged by Tandem, and as many by hand, and compared


def main(
    seconds: Annotated[float, typer.Option(min=1, help="Length of each measurement.")] = 5,
    rounds: Annotated[int, typer.Option(min=1, help="How often each is repeated; the median counts.")] = 3,
    pairs: Annotated[int, typer.Option(min=1000, max=MOST - 2, help="How many; each is merged only once.")] = 60_000,
    times: Annotated[int, typer.Option(min=1, help="How often two profiles are merged and parted.")] = 50,
    only: Annotated[Only | None, typer.Option(help="One database alone.")] = None,
    out: Annotated[Path, typer.Option(help="Where the results go: PATH.md and PATH.json.")] = RESULTS,
) -> None:
    """Fills SQLite and PostgreSQL with pairs of people known apart, and measures how often they are linked."""
    for tool, package in (("wrk", "wrk"), ("taskset", "util-linux")):
        if shutil.which(tool) is None:
            raise SystemExit(f"'{tool}' is missing; install it, on Debian: apt-get install -y {package}")
    found: list[Found] = []
    versions: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="tandem-bench-") as folder:
        for name in [only.value] if only else STORES:
            store = STORES[name](Path(folder))
            store.start()
            try:
                versions[store.title] = f"{asyncio.run(store.version())} ({asyncio.run(store.durability())})"
                found.append(Measuring(store, pairs, seconds, rounds, times).all())
            finally:
                store.stop()
    versions |= {name: importlib.metadata.version(name) for name in ("strawberry-graphql", "uvicorn")}
    print(save(found, Setting(pairs, seconds, rounds, times, versions), out))


@dataclass(slots=True)
class Measuring:
    """The measurements over one database."""

    store: Store
    count: int
    seconds: float
    rounds: int
    times: int
    found: Found = field(init=False)

    def all(self) -> Found:
        """Fills the database; checks, links, merges and checks again."""
        self.found = Found(self.store.title)
        keys = asyncio.run(filling.accounts_in(self.store))
        big, small = (made_up(n, account_id=id) for id, n in zip(keys, (self.count + 2, 2 * SAMPLE), strict=True))
        asyncio.run(filling.load(self.store, [big.made(busy=(FEW, MANY)), small.made()]))
        with running((TANDEM,), url=self.store.url, folder=self.store.folder, logs=True) as [server]:
            self._compare(server, small, keys[small.account_id])
            self._link(server, big, keys[big.account_id])
            self._merge(server, big, keys[big.account_id])
            self.found.started_over = server.log.read_bytes().count(b"started over")
        return self.found

    def _linking(self, pairs: Pairs, key: str, last: int) -> Linking:
        more = {"url": self.store.url, "folder": self.store.folder}
        return Linking(pairs, key=key, last=last, database_seconds=self.store.cpu_seconds, **more)  # type: ignore[arg-type]

    def _compare(self, server: Server, pairs: Pairs, key: str) -> None:
        """Both leave the same rows."""
        began, client = datetime.now(UTC), Client(server, key)
        for mobile, email, _ in pairs.addresses[:SAMPLE]:
            told = client.ask(LINK, mobileNumber=mobile, emailAddress=email)
            assert told["link"] == {"outcome": MERGED.outcome}, told
        client.close()
        linking = self._linking(pairs, key, 2 * SAMPLE)
        linking.taken = SAMPLE
        linking.bare(seconds=60)
        asyncio.run(same_rows.check(self.store.url, pairs, first=SAMPLE, began=began))

    def _link(self, server: Server, pairs: Pairs, key: str) -> None:
        """Tandem and the bare transaction in turn, round by round."""
        linking = self._linking(pairs, key, self.count)
        linking.tandem(server, MERGED, seconds=WARM_UP_SECONDS)
        linking.bare(seconds=1)
        asyncio.run(self.store.analyze())
        for number in range(self.rounds):
            progress(f"{self.store.title}: linking, round {number + 1}, {self.count - linking.taken:,} pairs left")
            self.found.add(MERGED.name, TANDEM, linking.tandem(server, MERGED, seconds=self.seconds))
            self.found.add(MERGED.name, BARE, linking.bare(seconds=self.seconds))
            self.found.add(LINKED.name, TANDEM, linking.tandem(server, LINKED, seconds=self.seconds))
        written = range(0, linking.taken, max(1, linking.taken // 200))
        ids = [pairs.people.profile_ids[2 * number] for number in written]
        asyncio.run(filling.check_profiles(self.store.url, account_id=pairs.account_id, ids=ids))

    def _merge(self, server: Server, pairs: Pairs, key: str) -> None:
        """Merging and parting the two pairs that were left for it."""
        progress(f"{self.store.title}: merging and parting")
        ids = {FEW: pairs.profile_ids(-2), MANY: pairs.profile_ids(-1)}
        self.found.costs = merge_cost.measure(server, key, ids, times=self.times)


if __name__ == "__main__":
    typer.run(main)
