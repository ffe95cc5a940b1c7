"""Races many clients on overlapping addresses over HTTP, then checks through the public API what is left."""

import asyncio
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console

from checking import faults
from checking.callers import Caller
from checking.clients import Client, Course
from checking.disturbing import Disturbance
from checking.findings import not_answered, violations
from checking.journal import Journal
from checking.reporting import Report
from checking.servers import Server, causes, new_account, retries
from checking.servers import faults as faults_of
from checking.state import read
from checking.stores import STORES, Kind, Store
from checking.work import Work


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is to be like."""

    database: Kind
    operations: int
    clients: int
    families: int
    kill: bool
    restart_postgresql: bool
    every: float
    seed: int
    fault: faults.Fault | None
    seconds: float


def main(
    database: Annotated[Kind, typer.Option(help="Which database.")] = Kind.SQLITE,
    operations: Annotated[int, typer.Option(min=1, help="How many operations.")] = 100_000,
    clients: Annotated[int, typer.Option(min=1, help="How many clients at once.")] = 32,
    families: Annotated[int, typer.Option(min=1, help="How many families of addresses are in use at once.")] = 120,
    kill: Annotated[bool, typer.Option(help="Kill -9 a server every few seconds, and start it again.")] = False,
    restart_postgresql: Annotated[bool, typer.Option(help="Crash PostgreSQL now and then, and start it.")] = False,
    every: Annotated[float, typer.Option(min=0.5, help="Seconds between two kills; restarts are rarer.")] = 6,
    seed: Annotated[int | None, typer.Option(help="What is drawn; any if not given.")] = None,
    fault: Annotated[faults.Fault | None, typer.Option(help="Plant a fault, which must be found.")] = None,
    seconds: Annotated[float, typer.Option(min=1, help="Stop after so long.")] = 24 * 3600,
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON, for programs.")] = False,
) -> None:
    """Starts servers, lets clients race, and checks that nobody is split or glued and nothing acknowledged is lost.

    Exits 1 on a violation; the log of all operations and the servers' logs are kept then.
    """
    chosen = seed if seed is not None else random.SystemRandom().randrange(1_000_000)
    options = Options(database, operations, clients, families, kill, restart_postgresql, every, chosen, fault, seconds)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))  # which ends all servers as well
    folder = Path(tempfile.mkdtemp(prefix="tandem-check-"))
    (folder / "database").mkdir()
    store = STORES[database](folder / "database")
    try:
        report = asyncio.run(checked(options, store, folder))
    finally:
        store.close()
        shutil.rmtree(folder / "database")
    if json:
        typer.echo(orjson.dumps(report.as_json(), option=orjson.OPT_NON_STR_KEYS).decode())
    else:
        screen = Console()
        screen.width = max(screen.width, 120)
        report.show(screen)
    if report.violations:
        typer.echo(f"The logs are in {folder}", err=True)
        raise typer.Exit(1)
    shutil.rmtree(folder)


async def checked(options: Options, store: Store, folder: Path) -> Report:
    """The whole run."""
    servers = [Server(folder, store.url, options.fault) for _ in range(store.servers)]
    course = Course(Work(options.seed, options.operations, options.families), Journal(folder / "operations.jsonl"))
    disturbance = Disturbance(servers, store, options.seed, options.every)
    try:
        key = await new_account(store.url)
        if options.fault is not None:
            await faults.plant_in_database(options.fault, store.url)
        start(servers)
        await ready(servers)
        began = time.time()
        await race(options, course, disturbance, [server.address for server in servers], key)
        spent = time.time() - began
        end(servers)
        start(servers[:1])  # what was still under way has ended with its server
        await ready(servers[:1])
        caller = Caller([servers[0].address], key)
        state = await read(caller, profile_ids=course.seen.profile_ids)
        await caller.close()
    finally:
        end(servers)
        course.journal.close()
    again, complaints = retries(servers), store.complaints()
    return Report(
        database=options.database,
        seed=options.seed,
        seconds=spent,
        counts=course.journal.counts(),
        milliseconds=course.milliseconds,
        errors=not_answered(course),
        repeats=course.repeats,
        retries=again,
        kills=disturbance.kills,
        restarts=len(disturbance.restarts),
        profiles=len(state.profile_ids),
        channels=len(state.channels),
        links=len(state.links),
        violations=violations(state, course, disturbance, again, complaints),
        complaints=complaints,
        faults=faults_of(servers),
        causes=causes(servers),
    )


def start(servers: Sequence[Server]) -> None:
    """Starts the servers."""
    for server in servers:
        server.spawn()


async def ready(servers: Sequence[Server]) -> None:
    """Waits until they answer."""
    for server in servers:
        await server.ready()


def end(servers: Sequence[Server]) -> None:
    """Ends them, as an operator would."""
    for server in servers:
        server.end(signal.SIGTERM)


async def race(options: Options, course: Course, disturbance: Disturbance, urls: list[str], key: str) -> None:
    """Lets the clients work, and disturbs them; until all is done or the time is over."""
    callers = [Caller(urls, key) for _ in range(options.clients)]
    clients = [Client(course, caller, options.seed + place) for place, caller in enumerate(callers, 1)]
    disturbing = [asyncio.create_task(disturbance.kill())] if options.kill else []
    if options.restart_postgresql and options.database is Kind.POSTGRESQL:
        disturbing.append(asyncio.create_task(disturbance.restart()))
    asyncio.get_running_loop().call_later(options.seconds, course.work.stop)
    try:
        await asyncio.gather(*(client.run() for client in clients))
    finally:
        disturbance.end()
        await asyncio.gather(*disturbing)
        for caller in callers:
            await caller.close()


if __name__ == "__main__":
    typer.run(main)
