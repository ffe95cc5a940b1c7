"""The servers that are measured: one process each, pinned to one core where nothing else is said."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

SERVER_CORE = 0
ROOT = Path(__file__).parents[2]
TICKS = os.sysconf("SC_CLK_TCK")
UVICORN = (
    "uvicorn",
    "--host",
    "127.0.0.1",
    "--no-access-log",
    "--no-server-header",
    "--log-level",
    "warning",
    "--factory",
)
TANDEM, HAND_WRITTEN, PLAIN = "Tandem", "hand-written", "plain Strawberry"
COMMANDS = {
    TANDEM: ("app", "serve"),
    HAND_WRITTEN: (*UVICORN, "bench.handwritten.app:create"),
    PLAIN: (*UVICORN, "bench.plain:create"),
}


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    name: str
    port: int
    pid: int
    log: Path

    @property
    def graphql(self) -> bool:
        """Whether it speaks GraphQL."""
        return self.name != HAND_WRITTEN

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"


def cpu_seconds(pid: int, *, ended: bool = False) -> float:
    """How long the process, with all its threads, has been computing; or its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[13:15] if ended else fields[11:13])) / TICKS


def environment() -> dict[str, str]:
    """The environment of this process, where Tandem and the modules of this folder are found."""
    return os.environ | {"PYTHONPATH": f"{ROOT / 'scripts'}:{ROOT}"}


@contextmanager
def running(
    names: tuple[str, ...], *, url: str, folder: Path, logs: bool = False, cores: str = str(SERVER_CORE)
) -> Iterator[list[Server]]:
    """These servers, over the database at `url`; stopped at the end. With `logs`, Tandem's lines are kept."""
    with ExitStack() as stack:
        yield [stack.enter_context(_running(name, url, folder, logs, cores)) for name in names]


@contextmanager
def _running(name: str, url: str, folder: Path, logs: bool, cores: str) -> Iterator[Server]:
    port, complaints = _free_port(), folder / f"{name}.log"
    settings = {
        "TANDEM_DATABASE_URL": url,
        "TANDEM_DATA_DIR": str(folder / "data"),
        "TANDEM_DEVELOPMENT": "false",
        "BENCH_DATABASE_URL": url,
    }
    command = ["taskset", "-c", cores, sys.executable, "-m", *COMMANDS[name], "--port", str(port)]
    # Tandem writes a line for each request, as it does in production; the others write only of faults.
    with Path(os.devnull if name == TANDEM and not logs else complaints).open("wb") as log:
        process = subprocess.Popen(command, env=environment() | settings, cwd=ROOT, stdout=log, stderr=log)
    try:
        _wait(process, port, name, complaints)
        yield Server(name, port, process.pid, complaints)
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int, name: str, complaints: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            told = complaints.read_text() if complaints.exists() else ""
            raise SystemExit(f"{name} did not start (exit code {process.returncode}). {told}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"{name} did not start within 30 seconds.")
