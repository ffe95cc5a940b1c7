"""Load from wrk, on the other core."""

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from bench.questions import Question
from bench.servers import Server, cpu_seconds, environment

LOAD_CORE = 1
SCRIPT = Path(__file__).parent / "load.lua"


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked with: random ids, the key, and numbers that no other run counted new contacts with."""

    folder: Path
    ids: Path
    key: str
    next_number: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run of wrk saw; times in microseconds. `cpu` is what the server computed for a request."""

    rate: float
    requests: int
    p50: int
    p99: int
    cpu: float
    database_cpu: float


def measure(
    load: Load,
    server: Server,
    question: Question,
    *,
    connections: int,
    seconds: float,
    database_seconds: Callable[[], float] = lambda: 0.0,
) -> Measured:
    """Asks the question again and again, for so long; longer where that is too short for any answer.

    Raises SystemExit where any answer was no success.
    """
    template = load.folder / f"{question.name}-{'graphql' if server.graphql else 'paths'}.txt"
    template.write_text("\n".join(question.template(graphql=server.graphql)) + "\n")
    for patience in (1, 4, 16):
        command = [
            "wrk",
            "-t1",
            f"-c{connections}",
            f"-d{patience * seconds:g}s",
            "--timeout",
            "20s",
            "-s",
            str(SCRIPT),
        ]
        arguments = [server.url, "--", str(template), str(load.ids), load.key, str(load.next_number())]
        began, database_began = cpu_seconds(server.pid), database_seconds()
        found = ran([*command, *arguments], seconds=patience * seconds)
        spent, database_spent = cpu_seconds(server.pid) - began, database_seconds() - database_began
        if found["requests"]:
            break
    if found["refused"] or found["failed"] or not found["requests"]:
        raise SystemExit(f"{server.name} did not answer '{question.title}' as it should: {found}")
    # What wrk leaves unfinished is half done on the average; that matters where answers take a second.
    requests = found["requests"] + connections / 2
    rate, each = requests / found["seconds"], 1_000_000 / requests
    return Measured(rate, found["requests"], found["p50_us"], found["p99_us"], spent * each, database_spent * each)


def ran(command: Sequence[str], *, seconds: float, core: int = LOAD_CORE) -> dict[str, Any]:
    """What a program that is pinned to a core prints behind the word RESULT. Raises SystemExit where it fails."""
    pinned = ["taskset", "-c", str(core), *command]
    done = subprocess.run(pinned, capture_output=True, text=True, timeout=seconds + 60, check=False, env=environment())
    lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    if done.returncode or not lines:
        raise SystemExit(f"{command[0]} failed: {done.stdout}{done.stderr}")
    return dict(orjson.loads(lines[0].removeprefix("RESULT ")))
