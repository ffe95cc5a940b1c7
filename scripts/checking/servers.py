"""The processes that are raced against: started, killed, started again on the same port, and what their logs say."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import orjson

from app import migrations
from app.accounts import operations
from app.accounts.rules import Scope
from app.acts import now
from app.db import open_database

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
ACCOUNT = "Checked"
LIMIT = 8  # channels of a kind in one profile


@dataclass(slots=True)
class Server:
    """One server process over the database at `url`; a planted fault makes it a faulty one."""

    folder: Path
    url: str
    fault: str | None = None
    port: int = field(default_factory=lambda: free_port())
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """Its standard error, of all its processes one after the other."""
        return self.folder / f"server-{self.port}.log"

    def spawn(self) -> None:
        """Starts a process."""
        program = ["-m", "checking.faulty", self.fault] if self.fault else ["-m", "app"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *program, "serve", "--port", str(self.port)],
                cwd=ROOT,
                env=environment(self.folder, self.url),
                stdout=log,
                stderr=log,
            )

    async def ready(self) -> None:
        """Waits until it answers."""
        async with httpx.AsyncClient(base_url=self.address) as client:
            for _ in range(START_SECONDS * 20):
                if self.ended():
                    raise SystemExit(f"The server did not start. {self.log.read_text()[-2000:]}")
                try:
                    (await client.get("/readyz")).raise_for_status()
                except httpx.HTTPError:
                    await asyncio.sleep(0.05)
                else:
                    return
        raise SystemExit(f"The server did not answer within {START_SECONDS} seconds.")

    def ended(self) -> bool:
        """Whether its process has ended, by itself or not."""
        return self.process is None or self.process.poll() is not None

    def end(self, how: signal.Signals) -> None:
        """Ends its process, and waits for that."""
        if self.process is not None:
            self.process.send_signal(how)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)
            self.process = None

    def lines(self) -> Iterator[dict[str, Any]]:
        """The lines of its log; one that a killed process did not finish is left out."""
        if self.log.exists():
            for line in self.log.read_bytes().splitlines():
                try:
                    yield orjson.loads(line)
                except orjson.JSONDecodeError:
                    continue


def retries(servers: list[Server]) -> int:
    """How often the servers' transactions started over."""
    lines = (line for server in servers for line in server.lines())
    return max(causes(servers).total(), sum(int(line.get("retries", 0)) for line in lines))


def causes(servers: list[Server]) -> Counter[str]:
    """Why they started over."""
    lines = (line for server in servers for line in server.lines())
    return Counter(line["cause"] for line in lines if line.get("event") == "started over")


def faults(servers: list[Server]) -> Counter[str]:
    """What the servers' faults were, by the exception's name."""
    lines = (line for server in servers for line in server.lines() if line.get("event") == "fault")
    return Counter(str(line.get("exception", "")).strip().rpartition("\n")[2] for line in lines)


async def new_account(url: str) -> str:
    """The key of a new account whose profiles may have more channels than usual."""
    await migrations.upgrade(url)
    database = await open_database(url, max_connections=2)
    try:
        make = partial(operations.create, name=ACCOUNT, region="US", time_zone="UTC", now=now())
        account_id = (await database.write(0, make)).account_id
        await database.write(account_id, partial(operations.set_guards, max_channels_per_kind=LIMIT))
        make_key = partial(operations.create_key, name=ACCOUNT, scopes=list(Scope), now=now())
        return await database.write(account_id, make_key)
    finally:
        await database.close()


def environment(folder: Path, url: str) -> dict[str, str]:
    """The environment of the server's processes."""
    return os.environ | {
        "PYTHONPATH": f"{ROOT / 'scripts'}:{ROOT}",
        "TANDEM_DATABASE_URL": url,
        "TANDEM_DATA_DIR": str(folder / "data"),
        "TANDEM_DEVELOPMENT": "false",
        "COLUMNS": "200",
    }


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
