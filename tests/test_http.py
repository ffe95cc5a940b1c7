"""The edge: status codes, content negotiation, limits, faults, and what is logged."""

import json
from typing import Any

import httpx
import pytest

from app.web.graphql.negotiation import preferred
from tests.client import Client

GRAPHQL = "application/graphql-response+json"


async def post(client: Client, body: Any, accept: str | None = None, **headers: str) -> httpx.Response:
    sent = {"authorization": f"Bearer {client.key}", "content-type": "application/json", **headers}
    if accept is not None:
        sent["accept"] = accept
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await client.http.post("/graphql", content=content, headers=sent)


@pytest.mark.parametrize(
    ("accept", "type_"),
    [
        ("application/json", "application/json"),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, application/json;q=0.9", GRAPHQL),
        (f"{GRAPHQL};q=0.5, application/json", "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("", "application/json"),
    ],
)
async def test_the_answer_comes_in_the_form_that_the_client_likes_best(client: Client, accept: str, type_: str) -> None:
    response = await post(client, {"query": "{ viewer { scopes } }"}, accept)
    assert response.headers["content-type"] == f"{type_}; charset=utf-8"
    assert response.json() == {"data": {"viewer": {"scopes": ["ADMIN", "READ", "WRITE"]}}}


async def test_a_form_that_is_not_served_is_406(client: Client) -> None:
    assert (await post(client, {"query": "{ __typename }"}, "image/png")).status_code == 406


def test_quality_values_decide_and_a_range_yields_to_the_exact_type() -> None:
    offered = ("application/json", GRAPHQL)
    assert preferred("application/json;q=0, */*", offered) == GRAPHQL
    assert preferred("*/*;q=0", offered) is None
    assert preferred("application/json;q=bad", offered) is None


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{" * 600}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{a" * 990 + "}" * 990}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ __typename } #" + "x" * 100_000}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query ($x: Int!) { profiles(first: $x) { totalCount } }"}, "BAD_USER_INPUT"),
        ({"query": "query A { __typename } query B { __typename }"}, "BAD_USER_INPUT"),
        ({"query": "{ __typename }", "operationName": "Missing"}, "BAD_USER_INPUT"),
    ],
)
async def test_a_request_that_cannot_be_executed_has_no_data(client: Client, body: Any, code: str) -> None:
    response = await post(client, body, GRAPHQL)
    assert response.status_code == 400
    assert "data" not in response.json()
    assert response.json()["errors"][0]["extensions"]["code"] == code
    assert (await post(client, body, "application/json")).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b"[]",
        b'"text"',
        b"null",
        b"\xff\xfe",
        b'{"query": "\xff"}',
        b"[" * 100_000,
        b'{"query": "{ __typename }", "variables": {"a": ' + b"[" * 1000 + b'"\\u0000"' + b"]" * 1000 + b"}}",
        b'{"query": 1}',
        b'{"query": ""}',
        b'{"variables": {}}',
        b'{"query": "{ __typename }", "variables": []}',
        b'{"query": "{ __typename }", "variables": "x"}',
        b'{"query": "{ __typename }", "extensions": 1}',
        b'{"query": "{ __typename }", "operationName": 1}',
    ],
)
@pytest.mark.parametrize("accept", ["application/json", GRAPHQL])
async def test_a_malformed_body_is_400_with_a_sentence(client: Client, body: bytes, accept: str) -> None:
    response = await post(client, body, accept)
    assert response.status_code == 400
    [error] = response.json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["message"]


@pytest.mark.parametrize("number", [10**30, 10**400, 2**63, -(2**70)])
async def test_huge_integers_are_no_fault_of_the_server(client: Client, number: int) -> None:
    for body in (
        {"query": "query ($n: Int) { profiles(first: $n) { totalCount } }", "variables": {"n": number}},
        {"query": f"{{ profiles(first: {number}) {{ totalCount }} }}"},
    ):
        response = await post(client, body)
        assert response.status_code in (200, 400)
        assert response.json()["errors"][0]["extensions"]["code"] != "INTERNAL_SERVER_ERROR"


async def test_methods_and_types_that_are_not_graphql(client: Client) -> None:
    headers = {"authorization": f"Bearer {client.key}"}
    for method in ("PUT", "DELETE", "PATCH"):
        response = await client.http.request(method, "/graphql", headers=headers)
        assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")
    assert (await post(client, {"query": "{ __typename }"}, **{"content-type": "text/plain"})).status_code == 415
    response = await client.http.post("/graphql", headers=headers, files={"x": b"y"})
    assert response.status_code == 415


async def test_queries_may_come_by_get_and_mutations_not(client: Client) -> None:
    headers = {"authorization": f"Bearer {client.key}", "accept": GRAPHQL}
    query = {"query": "query ($n: Int) { profiles(first: $n) { totalCount } }", "variables": '{"n": 1}'}
    response = await client.http.get("/graphql", params=query, headers=headers)
    assert response.json() == {"data": {"profiles": {"totalCount": 0}}}
    mutation = 'mutation { addSmsContact(input: {mobileNumber: "+14155552671"}) { profile { id } } }'
    response = await client.http.get("/graphql", params={"query": mutation}, headers=headers)
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert (await client.ask("{ profiles { totalCount } }"))["profiles"]["totalCount"] == 0
    response = await client.http.get("/graphql", params={"query": "{ __typename }", "variables": "{"}, headers=headers)
    assert response.status_code == 400


async def test_a_body_over_the_limit_is_413_whether_it_says_its_length_or_not(client: Client) -> None:
    large = b'{"query": "' + b" " * 10_000_001 + b'"}'
    assert (await post(client, large)).status_code == 413

    async def chunks() -> Any:
        for _ in range(11):
            yield b" " * 1_000_000

    headers = {"authorization": f"Bearer {client.key}", "content-type": "application/json"}
    response = await client.http.post("/graphql", content=chunks(), headers=headers)
    assert response.status_code == 413


async def test_every_answer_names_its_request(client: Client) -> None:
    first, second = [(await post(client, {"query": "{ __typename }"})).headers["x-request-id"] for _ in range(2)]
    assert first != second
    assert len(first) == 16


async def test_the_schema_and_the_health_pages_need_no_key(http: httpx.AsyncClient) -> None:
    assert (await http.get("/healthz")).text == "ok"
    assert (await http.get("/readyz")).text == "ok"
    assert "type Profile implements Node" in (await http.get("/schema.graphql")).text
    assert (await http.get("/nothing")).status_code == 404


async def test_a_browser_gets_graphiql_and_its_files(http: httpx.AsyncClient) -> None:
    page = await http.get("/graphql", headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    asset = await http.get("/graphiql/graphiql.js")
    assert (asset.status_code, asset.headers["content-encoding"]) == (200, "gzip")
    again = await http.get("/graphiql/graphiql.js", headers={"if-none-match": asset.headers["etag"]})
    assert again.status_code == 304
    for name in ("..%2F__init__.py", "nothing.js", "%2e%2e"):
        assert (await http.get(f"/graphiql/{name}")).status_code == 404
