"""The web application, put together."""

import asyncio
import gc
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import FrameType

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

import graphql_schema
from app import acts, garbage, log
from app.db import Database, open_database, sqlite_path, take
from app.demo import kept_key
from app.live import Feed
from app.settings import Settings
from app.signing import Purpose, Signer
from app.web import graphiql, health
from app.web.edge import Edge
from app.web.engagements import Engagements
from app.web.graphql import Executing, GraphQL
from app.web.imports import Downloads, Uploads
from app.web.pages import behind_links
from app.web.webhooks import Email, Sms, SmsStatus
from app.worker import worker


async def schema(_: Request) -> Response:
    """The schema in the schema definition language; `@oneOf` is lost in introspection."""
    return PlainTextResponse(graphql_schema.sdl())


class Application:
    """The API and, beside it, everything else that is served.

    The API, which nearly every request is for, is reached without the way through the routes of the pages.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pages = Starlette(lifespan=self._running)
        self._graphql: ASGIApp = self._pages  # until the database is open

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request, or the server's start and stop."""
        api = scope["type"] != "lifespan" and scope["path"] == "/graphql"
        await (self._graphql if api else self._pages)(scope, receive, send)

    @asynccontextmanager
    async def _running(self, _: Starlette) -> AsyncIterator[None]:
        """Opens the database when the server starts, and closes it when it stops."""
        chosen = self._settings
        path = sqlite_path(chosen.url)
        if path is not None:
            take(path)  # until this process ends
        database = await open_database(
            chosen.url, max_connections=chosen.max_connections, max_waiting=chosen.max_waiting_writes
        )
        secret = chosen.secret_bytes()
        signer = Signer(secret, chosen.reached_at)
        feed = Feed(database)
        executing = Executing(database, feed, acts.now, secret, signer)
        demo_key = kept_key(chosen) if chosen.demonstrates else None
        self._graphql = api = GraphQL(executing, max_bytes=chosen.max_body_bytes, demo_key=demo_key)
        feeds = Engagements(database, now=acts.now, secret=secret)
        uploads = Uploads(database, now=acts.now, signer=signer, max_bytes=chosen.max_import_bytes)
        self._pages.router.routes.extend(pages(database, feeds, uploads, secret=secret, signer=signer))
        beside = worker(database, chosen)
        working = asyncio.create_task(beside.work())
        looking_after = asyncio.create_task(api.streams.look_after())
        try:
            with told_to_stop(api.streams.stop, feeds.stop, uploads.stop):
                yield
        finally:
            looking_after.cancel()
            beside.stop.set()
            await working
            await feed.close()
            await database.close()


@contextmanager
def told_to_stop(*stops: Callable[[], None]) -> Iterator[None]:
    """Has these done as soon as this process is told to stop, beside what the server does then.

    The server waits for open responses before it says anything to the application, so that streams would hold it up.
    """
    if threading.current_thread() is not threading.main_thread():  # signals are told to the main thread alone
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def told(number: int, frame: FrameType | None) -> None:
        for stop in stops:
            loop.call_soon_threadsafe(stop)
        then = before[signal.Signals(number)]
        if callable(then):
            then(number, frame)

    for number in before:
        signal.signal(number, told)
    try:
        yield
    finally:
        for number, then in before.items():
            signal.signal(number, then)


def pages(database: Database, feeds: Engagements, uploads: Uploads, *, secret: bytes, signer: Signer) -> list[Route]:
    """Everything that is served beside the API."""
    return [
        Route("/engagements", feeds),
        Route(f"/{Purpose.IMPORT}/{{token}}", uploads),
        Route(f"/{Purpose.IMPORT_ERRORS}/{{token}}", Downloads(database, signer=signer)),
        Route("/webhooks/email/{account}", Email(database, now=acts.now, secret=secret)),
        Route("/webhooks/sms/{account}", Sms(database, now=acts.now, secret=secret, signer=signer)),
        Route(
            "/webhooks/sms/{account}/status",
            SmsStatus(database, now=acts.now, secret=secret, public_url=signer.public_url),
        ),
        *behind_links(database, now=acts.now, secret=secret, signer=signer),
        Route("/graphiql/{name}", graphiql.asset),
        Route("/schema.graphql", schema),
        Route("/healthz", health.alive),
        Route("/readyz", health.Ready(database).answer),
    ]


def create(settings: Settings | None = None) -> ASGIApp:
    """The application, for a server to run."""
    log.configure()
    application = Edge(Application(settings or Settings()))
    gc.collect()
    garbage.seldom()
    return application
