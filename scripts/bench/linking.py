"""Linking under load: every request, or bare transaction, is about a pair that no other one touches."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import orjson

from bench.filling import ACTOR
from bench.loading import LOAD_CORE, Measured, ran
from bench.pairs import Pairs
from bench.servers import SERVER_CORE, Server, cpu_seconds

CONNECTIONS = 24
LINK = """mutation Link($input: AddSmsContactInput!) {
  addSmsContact(input: $input) { link { outcome } userErrors { code } }
}"""
SCRIPT = Path(__file__).parent / "pairs.lua"


@dataclass(frozen=True, slots=True)
class Way:
    """A way of linking: what is given as the mobile number, and what comes of it."""

    name: str
    mobile: str
    outcome: str


MERGED = Way("two known profiles become one", "{mobile}", "MERGED")
LINKED = Way("a new number joins a known profile", "{new}", "LINKED")


class Linking:
    """Pairs of one account, taken one after the other by whoever links them."""

    def __init__(
        self, pairs: Pairs, *, key: str, url: str, folder: Path, database_seconds: Callable[[], float], last: int
    ) -> None:
        self._account_id, self._key, self._url, self._database_seconds = pairs.account_id, key, url, database_seconds
        self._file = folder / f"pairs-{pairs.account_id}.txt"
        pairs.keep(self._file)
        self._template, self._last, self.taken = folder / "link.txt", last, 0

    def tandem(self, server: Server, way: Way, *, seconds: float) -> Measured:
        """Tandem is asked by wrk, for so long."""
        variables = {"input": {"mobileNumber": way.mobile, "emailAddress": "{email}"}}
        body = orjson.dumps({"query": LINK, "variables": variables}).decode()
        self._template.write_text(f"POST\n/graphql\n{body}\n")
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "--timeout", "20s", "-s", str(SCRIPT)]
        wanted = f'"outcome":"{way.outcome}"'
        arguments = [server.url, "--", str(self._template), str(self._file), self._key, str(self.taken), wanted]
        began, database_began = cpu_seconds(server.pid), self._database_seconds()
        found = ran([*command, *arguments], seconds=seconds, core=LOAD_CORE)
        spent, database_spent = cpu_seconds(server.pid) - began, self._database_seconds() - database_began
        if found["others"] or found["failed"] or not found["requests"]:
            raise SystemExit(f"Tandem did not answer '{way.outcome}' every time: {found}")
        self._take(int(found["sent"]))
        return _measured(found, spent, database_spent)

    def bare(self, *, seconds: float, most: int | None = None) -> Measured:
        """The bare transaction, for so long, or so many."""
        module = [sys.executable, "-m", "bench.handwritten.merging", self._url, str(self._file), str(self._account_id)]
        left = self._last - self.taken
        arguments = [ACTOR, str(self.taken), str(seconds), str(min(left, most or left))]
        began = self._database_seconds()
        found = ran([*module, *arguments], seconds=seconds, core=SERVER_CORE)
        spent = self._database_seconds() - began
        self._take(int(found["requests"]))
        return _measured(found, found["cpu"], spent)

    def _take(self, count: int) -> None:
        self.taken += count
        if self.taken > self._last:
            raise SystemExit(f"{self._last:,} pairs are too few for this; ask for more by --pairs.")


def _measured(found: dict[str, float], cpu: float, database_cpu: float) -> Measured:
    count = found["requests"]
    each = 1_000_000 / count
    p50, p99 = int(found["p50_us"]), int(found["p99_us"])
    return Measured(count / found["seconds"], int(count), p50, p99, cpu * each, database_cpu * each)
