"""Records events from several clients at once while servers are killed, and checks through the API what is left."""

import asyncio
import random
import shutil
import signal
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import httpx
import orjson
import typer

from checking.happenings import Count, Expected, Happenings, Key
from checking.servers import Server, new_account
from checking.stores import STORES, Kind, Store

BATCH = 500
PAUSE_SECONDS = 0.2
RECORD = """mutation Record($input: RecordEngagementsInput!) {
  recordEngagements(input: $input) { recorded duplicates userErrors { code field message } } }"""
ADD = """mutation Add($input: AddEmailContactInput!) {
  addEmailContact(input: $input) { profile { id } userErrors { message } } }"""
SEEN = """query Seen($after: String) { profiles(first: 250, after: $after) {
  nodes { channels { kind address deliverability engagements { totalCount } }
    engagementSummary { channelKind kind count firstAt lastAt } }
  pageInfo { hasNextPage endCursor } } }"""


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is to be like."""

    database: Kind
    events: int
    repeated: float
    clients: int
    people: int
    kills: int
    seed: int


@dataclass(slots=True)
class Report:
    """What came of a run."""

    sent: int = 0
    distinct: int = 0
    seconds: float = 0.0
    recorded: int = 0
    kills: int = 0
    unanswered: int = 0
    violations: list[str] = field(default_factory=list)


def main(
    database: Annotated[Kind, typer.Option(help="Which database.")] = Kind.SQLITE,
    events: Annotated[int, typer.Option(min=1, help="How many events are sent, repeated ones included.")] = 1_000_000,
    repeated: Annotated[float, typer.Option(min=0, max=0.9, help="Which share of them is sent again.")] = 0.3,
    clients: Annotated[int, typer.Option(min=1, help="How many clients at once.")] = 4,
    people: Annotated[int, typer.Option(min=1, help="How many people they happen to.")] = 2_000,
    kills: Annotated[int, typer.Option(min=0, help="How often a server is killed -9, and started again.")] = 2,
    seed: Annotated[int, typer.Option(help="What is drawn.")] = 5,
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON, for programs.")] = False,
) -> None:
    """Starts servers, lets clients record, kills servers meanwhile, and compares every count with the events'.

    Exits 1 on a violation; the servers' logs are kept then.
    """
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))  # which ends all servers as well
    folder = Path(tempfile.mkdtemp(prefix="tandem-check-"))
    (folder / "database").mkdir()
    store = STORES[database](folder / "database")
    try:
        report = asyncio.run(checked(Options(database, events, repeated, clients, people, kills, seed), store, folder))
    finally:
        store.close()
        shutil.rmtree(folder / "database")
    typer.echo(orjson.dumps(report, option=0 if json else orjson.OPT_INDENT_2).decode())
    if report.violations:
        typer.echo(f"The logs are in {folder}", err=True)
        raise typer.Exit(1)
    shutil.rmtree(folder)


async def checked(options: Options, store: Store, folder: Path) -> Report:
    """The whole run."""
    happenings, report = Happenings(options.seed, options.people), Report()
    servers = [Server(folder, store.url) for _ in range(store.servers)]
    try:
        key = await new_account(store.url)
        await started(servers)
        recording = Recording(options, happenings, [server.address for server in servers], key, report)
        await recording.add_people()
        began = time.time()
        await asyncio.gather(recording.all(), recording.disturb(servers))
        report.seconds = round(time.time() - began, 1)
        await recording.compare(happenings.expected(range(report.distinct)))
    finally:
        for server in servers:
            server.end(signal.SIGTERM)
    return report


async def started(servers: list[Server]) -> None:
    """Starts the servers, and waits until they answer."""
    for server in servers:
        server.spawn()
    for server in servers:
        await server.ready()


@dataclass(slots=True)
class Recording:
    """The clients of a run."""

    options: Options
    happenings: Happenings
    addresses: list[str]
    key: str
    report: Report
    settled: int = 0
    progress: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def add_people(self) -> None:
        """Adds the contacts that everything happens to."""
        waiting = iter(self.happenings.addresses())

        async def adding(caller: "Caller") -> None:
            for email, number in waiting:
                await caller.ask(ADD, {"input": {"emailAddress": email, "mobileNumber": number}})

        await self._all_callers(adding)

    async def all(self) -> None:
        """Sends every event, and some again, in any order; each batch until it is acknowledged."""
        drawn = random.Random(self.options.seed)
        self.report.sent = self.options.events
        self.report.distinct = round(self.options.events * (1 - self.options.repeated))
        numbers = list(range(self.report.distinct))
        numbers += drawn.choices(numbers, k=self.options.events - self.report.distinct)
        drawn.shuffle(numbers)
        batches = iter([numbers[start : start + BATCH] for start in range(0, len(numbers), BATCH)])

        async def recording(caller: "Caller") -> None:
            for batch in batches:
                await self._record(caller, batch)

        await self._all_callers(recording)

    async def _record(self, caller: "Caller", batch: list[int]) -> None:
        content = {"input": {"engagements": [self.happenings.input(number) for number in batch]}}
        done = (await caller.ask(RECORD, content))["recordEngagements"]
        self.report.recorded += done["recorded"]
        self.settled += len(batch)
        async with self.progress:
            self.progress.notify_all()
        if done["userErrors"] or done["recorded"] + done["duplicates"] != len(batch):
            self.report.violations.append(f"a batch of {len(batch)} was answered {done}"[:500])

    async def _all_callers(self, work: Any) -> None:
        callers = [Caller(self.addresses[n % len(self.addresses)], self.key) for n in range(self.options.clients)]
        await asyncio.gather(*(work(caller) for caller in callers))
        self.report.unanswered += sum(caller.unanswered for caller in callers)
        for caller in callers:
            await caller.http.aclose()

    async def disturb(self, servers: list[Server]) -> None:
        """Kills a server whenever another share of the events is settled."""
        for number in range(self.options.kills):
            due = self.options.events * (number + 1) // (self.options.kills + 1)
            async with self.progress:
                await self.progress.wait_for(lambda due=due: self.settled >= due)  # type: ignore[misc]
            server = servers[number % len(servers)]
            server.end(signal.SIGKILL)
            self.report.kills += 1
            server.spawn()
            await server.ready()

    async def compare(self, expected: Expected) -> None:
        """Compares what the API tells of everybody with what must be there."""
        caller, after = Caller(self.addresses[0], self.key), None
        seen: dict[Key, Count] = {}
        held: set[str] = set()
        while True:
            page = (await caller.ask(SEEN, {"after": after}))["profiles"]
            for profile in page["nodes"]:
                seen |= counts_of(profile)
                held |= {each["address"] for each in profile["channels"] if each["deliverability"] == "HELD"}
                self.report.violations += untold(profile, expected)
            if not page["pageInfo"]["hasNextPage"]:
                break
            after = page["pageInfo"]["endCursor"]
        await caller.http.aclose()
        wrong = [key for key in seen.keys() | expected.counts.keys() if seen.get(key) != expected.counts.get(key)]
        self.report.violations += [f"{key}: {seen.get(key)}, not {expected.counts.get(key)}" for key in wrong[:20]]
        self.report.violations += [f"{address} is held or not" for address in sorted(held ^ expected.held)[:20]]


def counts_of(profile: Any) -> dict[Key, Count]:
    """The counts of a profile, by address and kind; it has one address of each kind."""
    addresses = {each["kind"]: each["address"] for each in profile["channels"]}
    return {
        (addresses[each["channelKind"]], each["kind"]): Count(each["count"], each["firstAt"], each["lastAt"])
        for each in profile["engagementSummary"]
    }


def untold(profile: Any, expected: Expected) -> list[str]:
    """The channels whose timelines are not as long as they must be."""
    lengths = {each["address"]: each["engagements"]["totalCount"] for each in profile["channels"]}
    right = {each: expected.lengths[each] for each in lengths}
    return [f"{each} has {lengths[each]} rows, not {right[each]}" for each in right if lengths[each] != right[each]]


@dataclass(slots=True)
class Caller:
    """A client that asks until it is answered."""

    address: str
    key: str
    unanswered: int = 0
    http: httpx.AsyncClient = field(default_factory=lambda: httpx.AsyncClient(timeout=60))

    async def ask(self, document: str, variables: dict[str, Any]) -> Any:
        """The data of the answer; asks again where there is none, or an error."""
        headers = {"authorization": f"Bearer {self.key}", "content-type": "application/json"}
        content = orjson.dumps({"query": document, "variables": variables})
        while True:
            try:
                response = await self.http.post(f"{self.address}/graphql", content=content, headers=headers)
                answer = orjson.loads(response.content)
            except (httpx.HTTPError, orjson.JSONDecodeError):
                answer = {}
            if answer.get("data") and "errors" not in answer:
                return answer["data"]
            self.unanswered += 1
            await asyncio.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    typer.run(main)
