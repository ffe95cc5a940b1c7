"""Accounts."""

from functools import partial
from typing import Annotated

import typer

from app.accounts import operations, queries
from app.accounts.queries import Tenant
from app.accounts.rules import Guards, Scope
from app.acts import now
from app.cli.common import DatabaseUrl, Json, app, chosen, tell, with_database
from app.cli.keys import Account, account_id
from app.db import Database

commands = typer.Typer(no_args_is_help=True, help="Tenants: nothing crosses from one to another.")
app.add_typer(commands, name="account")


@commands.command()
def create(
    name: Annotated[str, typer.Argument(help="What people call it.")],
    region: Annotated[str, typer.Option(help="ISO 3166: where national numbers are read.")] = "US",
    time_zone: Annotated[str, typer.Option(help="IANA name.")] = "UTC",
    json: Json = False,
    database_url: DatabaseUrl = None,
) -> None:
    """Makes an account and its first API key, which is shown this once."""

    async def work(database: Database) -> tuple[Tenant, str]:
        account = await database.write(
            0, lambda writer: operations.create(writer, name=name, region=region, time_zone=time_zone, now=now())
        )
        key = await database.write(
            account.account_id,
            lambda writer: operations.create_key(writer, name=name, scopes=list(Scope), now=now()),
        )
        return account, key

    account, key = with_database(chosen(database_url=database_url), work)
    tell({"id": f"account_{account.id.hex}", "apiKey": key}, json=json, title=f"Account {account.name}")


@commands.command("set")
def set_(
    account: Account,
    max_channels_per_kind: Annotated[
        int | None, typer.Option(help="Addresses of a kind that a profile may have.")
    ] = None,
    placeholder: Annotated[
        list[str] | None, typer.Option(help="An address that stands for none, with * and ?; replaces those before.")
    ] = None,
    role: Annotated[
        list[str] | None, typer.Option(help="A mailbox of several people, with * and ?; replaces those before.")
    ] = None,
    json: Json = False,
    database_url: DatabaseUrl = None,
) -> None:
    """Sets the guards over linking, and shows them; servers observe them within a second."""

    async def work(database: Database) -> Guards:
        set_guards = partial(
            operations.set_guards,
            max_channels_per_kind=max_channels_per_kind,
            placeholder_patterns=placeholder,
            role_patterns=role,
        )
        return await database.write(await account_id(database, account), set_guards)

    guards = with_database(chosen(database_url=database_url), work)
    shown = {
        "maxChannelsPerKind": guards.max_channels_per_kind,
        "placeholderPatterns": list(guards.placeholder_patterns),
        "rolePatterns": list(guards.role_patterns),
    }
    tell(shown, json=json, title=f"Guards of {account}")


@commands.command("list")
def list_(json: Json = False, database_url: DatabaseUrl = None) -> None:
    """Lists the accounts."""

    async def work(database: Database) -> list[Tenant]:
        async with database.reading(0) as reader:
            return await reader.fetch(queries.TENANTS)

    found = with_database(chosen(database_url=database_url), work)
    rows = [{"id": f"account_{a.id.hex}", "name": a.name, "region": a.region, "timeZone": a.time_zone} for a in found]
    tell(rows, json=json, title="Accounts")
