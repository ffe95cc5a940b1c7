"""The hand-written service: Starlette endpoints."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.callers import Caller, Callers
from bench.handwritten.contacts import Refused, judged
from bench.handwritten.postgresql import PostgreSQL
from bench.handwritten.sqlite import SQLite

JSON = "application/json; charset=utf-8"


class Endpoints:
    """The four endpoints."""

    def __init__(self, database: SQLite | PostgreSQL) -> None:
        self._database = database
        self._callers = Callers(database.caller)

    async def _caller(self, request: Request, scope: str) -> Caller | None:
        caller = await self._callers.of(request.headers.get("authorization"))
        return caller if caller and f'"{scope}"' in caller.scopes else None

    async def profile(self, request: Request) -> Response:
        """One profile by any id that it ever had."""
        caller = await self._caller(request, "READ")
        if caller is None:
            return Response(status_code=401)
        digits = request.path_params["id"].removeprefix("profile_")
        if len(digits) != 32:
            return Response(status_code=404)
        found = await self._database.profile(caller.account_id, UUID(hex=digits))
        return Response(status_code=404) if found is None else Response(found, media_type=JSON)

    async def profiles(self, request: Request) -> Response:
        """The newest 50."""
        caller = await self._caller(request, "READ")
        if caller is None:
            return Response(status_code=401)
        return Response(await self._database.profiles(caller.account_id), media_type=JSON)

    async def profiles_with_engagements(self, request: Request) -> Response:
        """The newest 50 with engagements."""
        caller = await self._caller(request, "READ")
        if caller is None:
            return Response(status_code=401)
        return Response(await self._database.profiles_with_engagements(caller.account_id), media_type=JSON)

    async def add(self, request: Request) -> Response:
        """Adds a contact."""
        caller = await self._caller(request, "WRITE")
        if caller is None:
            return Response(status_code=401)
        try:
            contact = judged(orjson.loads(await request.body()), caller.region)
        except (Refused, orjson.JSONDecodeError) as refused:
            return Response(orjson.dumps({"error": str(refused)}), 400, media_type=JSON)
        await self._database.add(caller, contact)
        return Response(orjson.dumps(contact.answer), media_type=JSON)


def create() -> Starlette:
    """The application over the database at BENCH_DATABASE_URL."""
    url = os.environ["BENCH_DATABASE_URL"]
    database = SQLite(url) if url.startswith("sqlite") else PostgreSQL(url)
    endpoints = Endpoints(database)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await database.open()
        yield
        await database.close()

    routes = [
        Route("/profile/{id}", endpoints.profile),
        Route("/profiles", endpoints.profiles),
        Route("/profiles-engagements", endpoints.profiles_with_engagements),
        Route("/contacts", endpoints.add, methods=["POST"]),
    ]
    return Starlette(routes=routes, lifespan=lifespan)
