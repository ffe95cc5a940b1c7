"""Serving."""

import os
import signal
import socket
from typing import Annotated

import typer
import uvicorn
from uvicorn.supervisors import Multiprocess

from app import demo, migrations, worker
from app.cli.common import DatabaseUrl, app, chosen, complaints, fail, run_to_end, with_database
from app.db import sqlite_path
from app.settings import Settings
from app.web.graphql.protocol import MOST_BYTES

STALLED_MILLISECONDS = 10_000


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="127.0.0.1 if not given.")] = None,
    port: Annotated[int | None, typer.Option(help="8000 if not given.")] = None,
    database_url: DatabaseUrl = None,
    workers: Annotated[int | None, typer.Option(help="Server processes; more than one needs PostgreSQL.")] = None,
) -> None:
    """Brings the database up to date and serves the API until Ctrl-C or SIGTERM."""
    settings = chosen(host=host, port=port, database_url=database_url, workers=workers)
    if settings.workers > 1 and sqlite_path(settings.url):
        fail("SQLite serves one process; use PostgreSQL (--database-url postgresql://…) for several workers.")
    if settings.demonstrates:
        greet(settings, with_database(settings, lambda database: demo.ensure(database, settings)))
    else:
        run_to_end(migrations.upgrade(settings.url))
    for name in ("host", "port", "database_url", "workers"):
        os.environ[f"TANDEM_{name.upper()}"] = str(getattr(settings, name))  # for the server's processes
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_, end)  # uvicorn raises it again once everything has ended
    config = uvicorn.Config(
        "app.main:create",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        access_log=False,
        server_header=False,
        log_level="warning",
        timeout_graceful_shutdown=settings.shutdown_seconds,
        ws_max_size=MOST_BYTES,
        ws_per_message_deflate=False,  # it would be done anew for each of those who follow the same
    )
    listening = cutting_off(config.bind_socket())
    if settings.workers > 1:
        Multiprocess(config, sockets=[listening]).run()
    else:
        uvicorn.Server(config).run(sockets=[listening])


def cutting_off(listening: socket.socket) -> socket.socket:
    """The socket; of its connections the system ends those whose other side takes nothing (Linux alone can do so)."""
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STALLED_MILLISECONDS)
    return listening


def end(*_: object) -> None:
    """Ends the process: all went well."""
    raise SystemExit(0)


def greet(settings: Settings, key: str) -> None:
    """Tells where GraphiQL is, and the demo key."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    complaints.print(f"\nGraphiQL      http://{host}:{settings.port}/graphql", highlight=False)
    complaints.print(f"Demo API key  {key}\n", highlight=False, markup=False)


@app.command("worker")
def worker_(database_url: DatabaseUrl = None) -> None:
    """Works in the background until Ctrl-C or SIGTERM; for PostgreSQL, beside a server."""
    settings = chosen(database_url=database_url)
    if sqlite_path(settings.url):
        fail("SQLite serves one process: 'serve' runs the worker inside it. Use PostgreSQL for workers beside it.")
    run_to_end(migrations.upgrade(settings.url))
    run_to_end(worker.run(settings))
