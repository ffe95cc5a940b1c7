"""API keys."""

from datetime import timedelta
from typing import Annotated

import typer

from app.accounts import operations, queries
from app.accounts.queries import Key
from app.accounts.rules import Scope, prefix
from app.acts import now
from app.cli.common import DatabaseUrl, Json, app, chosen, tell, with_database
from app.db import Database

commands = typer.Typer(no_args_is_help=True, help="API keys: shown once, kept only as a digest.")
app.add_typer(commands, name="key")
Account = Annotated[str, typer.Argument(help="The account's id or name.")]


async def account_id(database: Database, account: str) -> int:
    """The account's number. Raises AccountNotFound."""
    async with database.reading(0) as reader:
        return (await operations.tenant(reader, given=account)).account_id


@commands.command()
def create(
    account: Account,
    name: Annotated[str, typer.Option(help="What the key is for; it shows as the actor of what is done with it.")],
    scope: Annotated[list[Scope] | None, typer.Option(help="READ, WRITE, ADMIN; READ and WRITE if not given.")] = None,
    days: Annotated[int | None, typer.Option(min=1, help="After how many days it expires.")] = None,
    json: Json = False,
    database_url: DatabaseUrl = None,
) -> None:
    """Makes a key, which is shown this once."""
    scopes = scope or [Scope.READ, Scope.WRITE]
    expires_at = now() + timedelta(days=days) if days else None

    async def work(database: Database) -> str:
        return await database.write(
            await account_id(database, account),
            lambda writer: operations.create_key(writer, name=name, scopes=scopes, now=now(), expires_at=expires_at),
        )

    key = with_database(chosen(database_url=database_url), work)
    tell({"apiKey": key, "prefix": prefix(key)}, json=json, title=f"Key {name}")


@commands.command()
def revoke(
    account: Account,
    key: Annotated[str, typer.Argument(help="The key, or how it begins.")],
    json: Json = False,
    database_url: DatabaseUrl = None,
) -> None:
    """Revokes a key; servers take it no more within a second."""

    async def work(database: Database) -> None:
        await database.write(
            await account_id(database, account),
            lambda writer: operations.revoke_key(writer, beginning=key, now=now()),
        )

    with_database(chosen(database_url=database_url), work)
    tell({"revoked": prefix(key)}, json=json, title="Revoked")


@commands.command("list")
def list_(account: Account, json: Json = False, database_url: DatabaseUrl = None) -> None:
    """Lists an account's keys by how they begin."""

    async def work(database: Database) -> list[Key]:
        async with database.reading(await account_id(database, account)) as reader:
            return await reader.fetch(queries.KEYS)

    found = with_database(chosen(database_url=database_url), work)
    rows = [
        {
            "prefix": key.prefix,
            "name": key.name,
            "scopes": " ".join(key.scopes),
            "createdAt": key.created_at,
            "expiresAt": key.expires_at,
            "revokedAt": key.revoked_at,
        }
        for key in found
    ]
    tell(rows, json=json, title="Keys")
