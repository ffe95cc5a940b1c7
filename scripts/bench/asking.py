"""Asking one server from one client, over one connection."""

from http.client import HTTPConnection
from typing import Any

import orjson

from bench.servers import Server


class Client:
    """Asks GraphQL documents; what an answer holds under its one field."""

    def __init__(self, server: Server, key: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        self._headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}

    def ask(self, document: str, **input: Any) -> Any:
        """The answer to a mutation with that input. Raises SystemExit where it has errors."""
        body = orjson.dumps({"query": document, "variables": {"input": input}})
        self._connection.request("POST", "/graphql", body, self._headers)
        answer = orjson.loads(self._connection.getresponse().read())
        if "errors" in answer:
            raise SystemExit(f"Tandem did not do as it should: {answer}")
        [found] = answer["data"].values()
        if found["userErrors"]:
            raise SystemExit(f"Tandem refused: {found}")
        return found

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()
