"""A server in a process of its own, and a real browser before it."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.async_api import Browser, async_playwright

CHROMIUM = Path("/usr/bin/chromium")
ROOT = Path(__file__).parents[1]
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
#: Notes what the content security policy forbids: the page's script cannot see it happen otherwise.
WATCH = "globalThis.forbidden = []; addEventListener('securitypolicyviolation', e => forbidden.push(e.blockedURI))"


@dataclass(frozen=True, slots=True)
class Served:
    """A server in a process of its own."""

    url: str
    folder: Path

    @property
    def key(self) -> str:
        """The demo account's key."""
        return (self.folder / "demo-key").read_text().strip()


@asynccontextmanager
async def serving(folder: Path, **settings: str) -> AsyncIterator[Served]:
    """A server on SQLite in the folder. Asked to end, it must do so cleanly and soon."""
    port = free_port()
    others = {name: value for name, value in os.environ.items() if not name.startswith("TANDEM_")}
    environment = {**others, "TANDEM_DATA_DIR": str(folder), **settings}
    command = (sys.executable, "-m", "app", "serve", "--port", str(port))
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        await ready(f"http://127.0.0.1:{port}", process)
        yield Served(f"http://127.0.0.1:{port}", folder)
    finally:
        if process.returncode is None:
            process.terminate()
        code = await asyncio.wait_for(process.wait(), 10)
    assert code == 0, (folder / "log").read_text()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


async def ready(url: str, process: asyncio.subprocess.Process) -> None:
    """Waits until the server answers."""
    async with asyncio.timeout(30), httpx.AsyncClient() as client:
        while process.returncode is None:
            try:
                if (await client.get(f"{url}/readyz")).is_success:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.1)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Chromium."""
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        await opened.close()
