"""The web application, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

import graphql_schema
from app import acts, log
from app.db import Database, open_database, sqlite_path, take
from app.demo import kept_key
from app.settings import Settings
from app.web import graphiql, health
from app.web.edge import Edge
from app.web.graphql import GraphQL


async def schema(_: Request) -> Response:
    """The schema in the schema definition language; `@oneOf` is lost in introspection."""
    return PlainTextResponse(graphql_schema.sdl())


def routes(database: Database, settings: Settings) -> list[Route]:
    """Everything that is served, over an open database."""
    endpoint = GraphQL(
        database,
        now=acts.now,
        secret=settings.secret_bytes(),
        max_bytes=settings.max_body_bytes,
        demo_key=kept_key(settings) if settings.demonstrates else None,
    )
    return [
        Route("/graphql", endpoint),
        Route("/graphiql/{name}", graphiql.asset),
        Route("/schema.graphql", schema),
        Route("/healthz", health.alive),
        Route("/readyz", health.Ready(database).answer),
    ]


def create(settings: Settings | None = None) -> Starlette:
    """The application; it opens the database when it starts and closes it when it stops."""
    chosen = settings or Settings()
    log.configure()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        path = sqlite_path(chosen.url)
        if path is not None:
            take(path)  # until this process ends
        database = await open_database(
            chosen.url, max_connections=chosen.max_connections, max_waiting=chosen.max_waiting_writes
        )
        app.router.routes.extend(routes(database, chosen))
        try:
            yield
        finally:
            await database.close()

    return Starlette(lifespan=lifespan, middleware=[Middleware(Edge)])
