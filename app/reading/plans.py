"""A compiled selection: its SQL, how to bind it, and what Python still has to put in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson

from app.db import Reader
from app.reading.sources import Computed, Request

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """One statement that answers one root field, whatever is selected beneath it."""

    sql: str
    binds: tuple[Callable[[Request], Any], ...]
    computed: tuple[tuple[Path, Computed], ...]
    checks: tuple[Callable[[Request], Any], ...] = ()  # of what a request gives and the statement does not need

    def bound(self, request: Request) -> list[Any]:
        """The parameters of the statement. Raises BadInput for a request that has no answer."""
        for check in self.checks:
            check(request)
        return [bind(request) for bind in self.binds]

    async def run(self, connection: Reader, request: Request) -> orjson.Fragment | None:
        """The answer as JSON that goes to the socket untouched; None where there is no row."""
        text = await connection.text(self.sql, self.bound(request))
        return None if text is None else self.finished(text, request)

    async def keyed(self, connection: Reader, request: Request) -> dict[str, orjson.Fragment]:
        """The answers by their keys; for a `Keyed` source."""
        text = await connection.text(self.sql, self.bound(request))
        found = orjson.loads(text or "{}")
        return {key: self.finished(orjson.dumps(value), request) for key, value in found.items()}

    def finished(self, text: str | bytes, request: Request) -> orjson.Fragment:
        """The text with the computed values in their places."""
        if not self.computed:
            return orjson.Fragment(text)
        data = orjson.loads(text)
        for path, computed in self.computed:
            fill(data, path, partial(computed.by, request.context) if computed.in_context else computed.by)
        return orjson.Fragment(orjson.dumps(data))


def fill(node: Any, path: Sequence[str], by: Callable[..., Any]) -> None:
    """SQL left a list of arguments where the computed value belongs; puts the value there."""
    if isinstance(node, list):
        for item in node:
            fill(item, path, by)
    elif node is not None and len(path) == 1:
        node[path[0]] = by(*node[path[0]])
    elif node is not None:
        fill(node[path[0]], path[1:], by)
