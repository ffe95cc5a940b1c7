"""What the commands share."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Annotated, Any, NoReturn, TypeVar

import orjson
import typer
from rich.console import Console
from rich.table import Table

from app import garbage, migrations
from app.db import Database, open_database
from app.settings import Settings

T = TypeVar("T")
console = Console()
complaints = Console(stderr=True)
app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Tandem: one profile per person, across email and SMS."
)
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON, for programs.")]
DatabaseUrl = Annotated[
    str | None, typer.Option("--database-url", help="sqlite:///PATH or postgresql://…", envvar="TANDEM_DATABASE_URL")
]


def fail(message: str) -> NoReturn:
    """Says what is wrong, and ends."""
    complaints.print(message, style="red", markup=False, highlight=False, soft_wrap=True)
    raise SystemExit(1)


def chosen(**options: Any) -> Settings:
    """The settings of the environment, with the options that were given on the command line."""
    return Settings(**{name: value for name, value in options.items() if value is not None})


def with_database(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    """Brings the database up to date, opens it, does the work and closes it."""

    async def run() -> T:
        await migrations.upgrade(settings.url)
        database = await open_database(settings.url, max_connections=2)
        garbage.seldom()
        try:
            return await work(database)
        finally:
            await database.close()

    return run_to_end(run())


def run_to_end(work: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine from the outside."""
    return asyncio.run(work)


def tell(data: dict[str, Any] | list[dict[str, Any]], *, json: bool, title: str) -> None:
    """Prints one object or several: as JSON for programs, as a table for people."""
    if json:
        typer.echo(orjson.dumps(data, default=str).decode())
        return
    rows = data if isinstance(data, list) else [data]
    if not rows:
        console.print(f"{title}: none")
        return
    table = Table(*rows[0], title=title, title_justify="left")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    console.print(table)
