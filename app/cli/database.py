"""The database, the schema, and demo data."""

from uuid import UUID

import typer

import graphql_schema
from app import demo, migrations
from app.cli.common import DatabaseUrl, Json, app, chosen, console, run_to_end, tell, with_database
from app.cli.keys import Account, account_id
from app.consent.queries import check as consent
from app.db import Database, compact
from app.engagement.queries import check as engagement
from app.identity.queries import check as identity
from app.privacy.queries.holdings import TABLES


@app.command()
def migrate(database_url: DatabaseUrl = None) -> None:
    """Creates the tables, or brings them up to date."""
    run_to_end(migrations.upgrade(chosen(database_url=database_url).url))
    console.print("The database is up to date.")


@app.command()
def schema() -> None:
    """Prints the schema in the schema definition language."""
    typer.echo(graphql_schema.sdl(), nl=False)


@app.command()
def check(account: Account, json: Json = False, database_url: DatabaseUrl = None) -> None:
    """Recomputes profiles, consents and counts of an account, proves its ledgers; exits 1 on a difference."""
    settings = chosen(database_url=database_url)

    async def work(database: Database) -> list[tuple[str, UUID]]:
        async with database.reading(await account_id(database, account)) as reader:
            return [
                *await identity.differences(reader),
                *await consent.differences(reader, secret=settings.secret_bytes()),
                *await engagement.differences(reader),
            ]

    found = with_database(settings, work)
    tell([{"what": what, "id": id.hex} for what, id in found], json=json, title="Differences")
    raise typer.Exit(1 if found else 0)


@app.command("compact")
def compact_(database_url: DatabaseUrl = None) -> None:
    """Rewrites the database so that the disk keeps nothing of who was deleted or erased; others wait meanwhile."""
    run_to_end(compact(chosen(database_url=database_url).url, tables=TABLES))
    console.print("The database is compact. Its backups, and archives of its log, are not.")


@app.command("demo")
def demo_(json: Json = False, database_url: DatabaseUrl = None) -> None:
    """Makes the demo account where it is missing, and shows its key."""
    settings = chosen(database_url=database_url)
    key = with_database(settings, lambda database: demo.ensure(database, settings))
    tell({"apiKey": key}, json=json, title="Demo account")
