"""Importing files of contacts: one by one, or as they are dropped into a folder."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from app import log
from app.accounts import operations
from app.cli.common import DatabaseUrl, Json, app, chosen, complaints, console, fail, tell, with_database
from app.cli.importing import Importing, Stopped, bar, told_to_stop
from app.cli.reports import Report, reported, show
from app.cli.watching import watch
from app.consent.rules.evidence import Given
from app.db import Database
from app.db.types import parsed_time
from app.errors import RequestError
from app.ids import spelled, uuid_of
from app.imports.rules.asking import Asked
from app.imports.rules.options import Column
from app.kinds import ChannelKind
from app.settings import Settings
from app.tables import ExistingContacts, ImportStatus, LedgerAct


class Existing(StrEnum):
    """What rows do to contacts that were known before."""

    UPDATE = "update"
    FILL_BLANKS = "fill-blanks"
    SKIP = "skip"


Of = Annotated[str, typer.Option("--account", help="The account's id or name.")]
Map = Annotated[
    list[str] | None,
    typer.Option("--map", help="COLUMN=TARGET, such as Phone=mobileNumber; without any, headers are recognised."),
]
Policy = Annotated[Existing, typer.Option("--existing", help="What rows do to contacts that were known before.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Count what would be done, and change nothing.")]
Region = Annotated[str | None, typer.Option("--region", help="ISO 3166: where numbers are read; else the account's.")]
Tag = Annotated[list[str] | None, typer.Option("--tag", help="A tag for every contact of the file.")]
EmailWording = Annotated[str | None, typer.Option(help="What people agreed to, for rows that do not say it.")]
EmailSource = Annotated[str | None, typer.Option(help="The URL where they did.")]
EmailAt = Annotated[str | None, typer.Option(help="When, such as 2026-01-31T09:30:00Z.")]
SmsWording = Annotated[str | None, typer.Option(help="The same for text messages.")]
SmsSource = Annotated[str | None, typer.Option(help="The URL where they did.")]
SmsAt = Annotated[str | None, typer.Option(help="When.")]


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV with a header row.")],
    account: Of,
    map_: Map = None,
    existing: Policy = Existing.UPDATE,
    dry_run: DryRun = False,
    region: Region = None,
    tag: Tag = None,
    email_consent_wording: EmailWording = None,
    email_consent_source: EmailSource = None,
    email_consent_at: EmailAt = None,
    sms_consent_wording: SmsWording = None,
    sms_consent_source: SmsSource = None,
    sms_consent_at: SmsAt = None,
    json: Json = False,
    database_url: DatabaseUrl = None,
) -> None:
    """Imports a CSV file in this process. Failed rows are told by their lines; they can be taken back by undo-import.

    The exit code is 1 where the file as a whole is refused, or the import does not come to its end.
    """
    email = consent(email_consent_wording, email_consent_source, email_consent_at)
    sms = consent(sms_consent_wording, sms_consent_source, sms_consent_at)
    consents = {ChannelKind.EMAIL: email, ChannelKind.SMS: sms}
    wanted = asked(file.name, map_, existing, dry_run, region, tag, consents)
    settings = chosen(database_url=database_url)

    async def work(database: Database) -> Report:
        importing = await opened(database, settings, account)
        with told_to_stop(importing.stop), bar(complaints, file.name) as tell, file.open("rb") as content:
            progress = await importing.take(content, wanted, tell)
        return await reported(database, importing.tenant.account_id, progress, importing.tenant.name)

    try:
        report = with_database(settings, work)
    except Stopped:
        fail("Stopped before the file was read: nothing was imported.")
    if json:
        tell(report.as_json(), json=True, title="")
    else:
        show(console, report)
    advise(report)
    raise typer.Exit(0 if report.succeeded else 1)


@app.command("watch")
def watch_(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Where files are dropped.")],
    account: Of,
    map_: Map = None,
    existing: Policy = Existing.UPDATE,
    dry_run: DryRun = False,
    region: Region = None,
    tag: Tag = None,
    email_consent_wording: EmailWording = None,
    email_consent_source: EmailSource = None,
    email_consent_at: EmailAt = None,
    sms_consent_wording: SmsWording = None,
    sms_consent_source: SmsSource = None,
    sms_consent_at: SmsAt = None,
    json: Json = False,
    database_url: DatabaseUrl = None,
) -> None:
    """Imports *.csv files as they are dropped into a folder, and moves them to done or failed, until Ctrl-C or SIGTERM.

    A file is taken once it has not changed for two seconds. Beside it come its report and the rows with mistakes.
    """
    email = consent(email_consent_wording, email_consent_source, email_consent_at)
    sms = consent(sms_consent_wording, sms_consent_source, sms_consent_at)
    consents = {ChannelKind.EMAIL: email, ChannelKind.SMS: sms}
    ask = partial(asked, map_=map_, existing=existing, dry_run=dry_run, region=region, tags=tag, consents=consents)
    settings = chosen(database_url=database_url)

    async def work(database: Database) -> None:
        importing = await opened(database, settings, account)
        with told_to_stop(importing.stop):
            await watch(folder, importing, ask, json=json)

    with_database(settings, work)


@app.command()
def undo_import(
    id: Annotated[str, typer.Argument(help="The import's id.")],
    account: Of,
    json: Json = False,
    database_url: DatabaseUrl = None,
) -> None:
    """Takes back what an import brought; what happened since, and opt-outs, stay."""
    settings = chosen(database_url=database_url)

    async def work(database: Database) -> ImportStatus:
        importing = await opened(database, settings, account)
        with told_to_stop(importing.stop):
            return (await importing.undo(uuid_of(id, "Import"), lambda _: None)).status

    status = with_database(settings, work)
    tell({"import": id, "status": status}, json=json, title="Undone")
    raise typer.Exit(0 if status is ImportStatus.UNDONE else 1)


async def opened(database: Database, settings: Settings, account: str) -> Importing:
    """What files of the account are imported with. Raises AccountNotFound."""
    log.configure()
    async with database.reading(0) as reader:
        tenant = await operations.tenant(reader, given=account)
    return Importing(database, tenant, settings.secret_bytes())


def asked(
    name: str,
    map_: Sequence[str] | None,
    existing: Existing,
    dry_run: bool,
    region: str | None,
    tags: Sequence[str] | None,
    consents: Mapping[ChannelKind, Given | None],
) -> Asked:
    """What the options ask of a file."""
    mapping = None if not map_ else [column(each) for each in map_]
    covering = {kind: given for kind, given in consents.items() if given is not None}
    return Asked(name, dry_run, ExistingContacts[existing.name], region, mapping, covering, tags or ())


def column(given: str) -> Column:
    """The column that COLUMN=TARGET maps; the header may contain an equals sign itself."""
    header, equals, to = given.rpartition("=")
    if not equals:
        fail(f"Write --map COLUMN=TARGET, such as --map Phone=mobileNumber, not {given!r}.")
    return Column(header, to)


def consent(wording: str | None, source: str | None, at: str | None) -> Given | None:
    """The consent that covers rows that say nothing of their own, where there is one."""
    if wording is None and source is None:
        if at is not None:
            fail("A time of consent needs its wording or its source as well.")
        return None
    return Given(LedgerAct.OPT_IN, time_of(at), source, disclosure=wording)


def time_of(given: str | None) -> datetime | None:
    """The time that was given, if one was."""
    try:
        return None if given is None else parsed_time(given)
    except RequestError as error:
        fail(str(error))


def advise(report: Report) -> None:
    """Says what can be done next, beside the report."""
    of, id = report.progress, spelled("Import", report.progress.id)
    if not of.has_ended:
        said = f"Stopped after {of.rows:,} rows. A server or worker over this database goes on with it ({id})."
    elif of.dry_run:
        said = f"Nothing was changed. Run it for real with runImport ({id}), or import the file without --dry-run."
    elif of.rows:
        said = f"To take it back: python -m app undo-import {id} --account {report.account!r}"
    else:
        return
    complaints.print(said, markup=False, highlight=False, soft_wrap=True)
