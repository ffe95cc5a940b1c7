"""HTTP as a client speaks it, and what an answer says about whether anything was done."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

SECONDS = 60.0
INTERNAL = "INTERNAL_SERVER_ERROR"
LOST = "CONNECTION_LOST"
REUSED = "IDEMPOTENCY_KEY_REUSED"
NOTHING_DONE = frozenset(
    {"OVERLOADED", "STORAGE_FULL", "BAD_USER_INPUT", REUSED}
)  # by all others, it may be done or not


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back of one attempt, between two moments of this machine's clock (seconds since 1970)."""

    sent: float
    answered: float
    data: dict[str, Any] | None
    code: str | None = None
    message: str = ""

    @property
    def unknown(self) -> bool:
        """Whether nobody can say what became of it."""
        return self.data is None and self.code not in NOTHING_DONE


class Caller:
    """One client, with a connection to each of the servers."""

    def __init__(self, urls: Sequence[str], key: str) -> None:
        headers = {"authorization": f"Bearer {key}"}
        self._clients = [
            httpx.AsyncClient(base_url=url, headers=headers, timeout=SECONDS, verify=False)  # noqa: S501 - plain HTTP
            for url in urls
        ]

    @property
    def servers(self) -> int:
        """How many servers there are."""
        return len(self._clients)

    async def close(self) -> None:
        """Closes the connections."""
        for client in self._clients:
            await client.aclose()

    async def ask(self, query: str, *, server: int = 0, key: str | None = None, **variables: Any) -> Answer:
        """The answer of one of the servers; waits for one that is being started to take the connection."""
        headers = {"idempotency-key": key} if key else {}
        content = {"query": query, "variables": variables}
        tries_end = time.time() + SECONDS
        while True:
            sent = time.time()
            try:
                response = await self._clients[server].post("/graphql", json=content, headers=headers)
            except httpx.ConnectError:
                if sent > tries_end:
                    raise
                await asyncio.sleep(0.05)
            except httpx.TransportError as error:
                return Answer(sent, time.time(), None, LOST, repr(error))
            else:
                return told(response, sent)

    async def data(self, query: str, **variables: Any) -> dict[str, Any]:
        """What a question is answered, which must be without errors."""
        answer = await self.ask(query, **variables)
        if answer.data is None:
            raise SystemExit(f"The server answered {answer.code}: {answer.message}")
        return answer.data


def told(response: httpx.Response, sent: float) -> Answer:
    """What the response says."""
    try:
        content = response.json()
    except ValueError:
        return Answer(sent, time.time(), None, INTERNAL, f"HTTP {response.status_code}: {response.text[:200]}")
    errors = content.get("errors")
    if errors:
        code = str(errors[0].get("extensions", {}).get("code"))
        return Answer(sent, time.time(), None, code, str(errors[0]["message"]))
    return Answer(sent, time.time(), content["data"])
