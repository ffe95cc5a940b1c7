"""Accounts."""

from functools import partial
from typing import Annotated, Any

import typer

from app.accounts import operations, queries
from app.accounts.queries import Tenant
from app.accounts.rules import Feedback, Guards, Messaging, Scope
from app.acts import now
from app.cli.common import DatabaseUrl, Json, app, chosen, tell, with_database
from app.cli.keys import Account, account_id
from app.db import Database, Writer

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
    help_text: Annotated[str | None, typer.Option(help="The text that answers HELP.")] = None,
    sms_auth_token: Annotated[
        str | None, typer.Option(help="The SMS provider's token: texts that it hands over must be signed with it.")
    ] = None,
    quiet_from: Annotated[int | None, typer.Option(help="Hour, 0 to 23, from which marketing texts rest.")] = None,
    quiet_until: Annotated[int | None, typer.Option(help="Hour, 0 to 23, until which they rest.")] = None,
    email_webhook_secret: Annotated[
        str | None, typer.Option(help="The email provider's whsec_…: its notices must be signed with it.")
    ] = None,
    bounces_to_hold: Annotated[
        int | None, typer.Option(help="Hard bounces of so many messages in a row hold an address.")
    ] = None,
    json: Json = False,
    database_url: DatabaseUrl = None,
) -> None:
    """Sets the guards over linking and what messages need, and shows them; servers observe them within a second."""
    set_guards = partial(
        operations.set_guards,
        max_channels_per_kind=max_channels_per_kind,
        placeholder_patterns=placeholder,
        role_patterns=role,
    )
    set_messaging = partial(
        operations.set_messaging,
        help_text=help_text,
        sms_auth_token=sms_auth_token,
        quiet_from=quiet_from,
        quiet_until=quiet_until,
    )

    set_feedback = partial(
        operations.set_feedback, email_webhook_secret=email_webhook_secret, bounces_to_hold=bounces_to_hold
    )

    async def all_(writer: Writer) -> tuple[Guards, Messaging, Feedback]:
        return await set_guards(writer), await set_messaging(writer), await set_feedback(writer)

    async def work(database: Database) -> tuple[Guards, Messaging, Feedback]:
        return await database.write(await account_id(database, account), all_)

    settings = with_database(chosen(database_url=database_url), work)
    tell(shown(*settings), json=json, title=f"Settings of {account}")


def shown(guards: Guards, messaging: Messaging, feedback: Feedback) -> dict[str, Any]:
    """The settings, for people and programs; a secret is only said to be there."""
    return {
        "maxChannelsPerKind": guards.max_channels_per_kind,
        "placeholderPatterns": list(guards.placeholder_patterns),
        "rolePatterns": list(guards.role_patterns),
        "helpText": messaging.help_text,
        "smsAuthToken": "set" if messaging.signed else None,
        "quietFrom": messaging.quiet_from,
        "quietUntil": messaging.quiet_until,
        "emailWebhookSecret": "set" if feedback.signed else None,
        "bouncesToHold": feedback.bounces_to_hold,
    }


@commands.command("list")
def list_(json: Json = False, database_url: DatabaseUrl = None) -> None:
    """Lists the accounts."""

    async def work(database: Database) -> list[Tenant]:
        async with database.reading(0) as reader:
            return await reader.fetch(queries.TENANTS)

    found = with_database(chosen(database_url=database_url), work)
    rows = [{"id": f"account_{a.id.hex}", "name": a.name, "region": a.region, "timeZone": a.time_zone} for a in found]
    tell(rows, json=json, title="Accounts")
