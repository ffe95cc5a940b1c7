"""The database, the schema, and demo data."""

import typer

import graphql_schema
from app import demo, migrations
from app.cli.common import DatabaseUrl, Json, app, chosen, console, run_to_end, tell, with_database


@app.command()
def migrate(database_url: DatabaseUrl = None) -> None:
    """Creates the tables, or brings them up to date."""
    run_to_end(migrations.upgrade(chosen(database_url=database_url).url))
    console.print("The database is up to date.")


@app.command()
def schema() -> None:
    """Prints the schema in the schema definition language."""
    typer.echo(graphql_schema.sdl(), nl=False)


@app.command("demo")
def demo_(json: Json = False, database_url: DatabaseUrl = None) -> None:
    """Makes the demo account where it is missing, and shows its key."""
    settings = chosen(database_url=database_url)
    key = with_database(settings, lambda database: demo.ensure(database, settings))
    tell({"apiKey": key}, json=json, title="Demo account")
