"""Before anything is measured: all servers must answer the same."""

from collections.abc import Sequence
from typing import Any

import httpx
import orjson

from bench.questions import ADDING, READS, Question
from bench.servers import HAND_WRITTEN, Server


def ask(server: Server, question: Question, key: str, **given: str) -> Any:
    """The server's answer, in the hand-written one's shape."""
    method, path, body = question.template(graphql=server.graphql)
    for name, value in given.items():
        path, body = path.replace(f"{{{name}}}", value), body.replace(f"{{{name}}}", value)
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    response = httpx.request(method, server.url + path, content=body or None, headers=headers, timeout=30)
    assert response.status_code == 200, (server.name, response.status_code, response.text[:500])
    answer = orjson.loads(response.content)
    return question.plain(answer) if server.graphql else answer


def same_reads(servers: Sequence[Server], key: str, ids: Sequence[str]) -> None:
    """Raises AssertionError where a server answers a read otherwise than the hand-written one."""
    limit = next(server for server in servers if server.name == HAND_WRITTEN)
    for question in READS:
        for id in ids if question.name == "profile" else ids[:1]:
            wanted = ask(limit, question, key, id=id)
            assert wanted, (question.name, id)
            for server in servers:
                found = ask(server, question, key, id=id)
                assert found == wanted, f"{server.name} answers '{question.title}' otherwise:\n{found}\n{wanted}"


def same_writes(servers: Sequence[Server], key: str) -> None:
    """Raises AssertionError where a server answers to a new contact in another shape."""
    for number, server in enumerate(servers):
        found = ask(server, ADDING, key, mobile=f"+1253555010{number}", email=f"first.{number}@example.com")
        profile_id = found["profile"].pop("id")
        assert profile_id.startswith("profile_"), (server.name, profile_id)
        wanted = {"profile": {"displayName": "Ada Lovelace", "isLinked": True}, "link": {"outcome": "CREATED"}}
        assert found == wanted | {"userErrors": []}, (server.name, found)
