"""Importing files of contacts: one by one, or as they are dropped into a folder."""

import os
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

import typer

from app import log
from app.accounts import operations
from app.cli.asking import (
    DryRun,
    EmailAt,
    EmailSource,
    EmailWording,
    Existing,
    Map,
    Policy,
    Region,
    Said,
    SmsAt,
    SmsSource,
    SmsWording,
    Tag,
    asked,
    columns,
    consents,
)
from app.cli.common import DatabaseUrl, Json, app, chosen, complaints, console, tell, with_database
from app.cli.folders import shown
from app.cli.importing import Importing, Input, bar, told_to_stop
from app.cli.reports import Report, counted, reported, show, write_mistakes
from app.cli.watching import QUIET_SECONDS, watch
from app.db import Database, FileTaken
from app.errors import BadInput, Refusal, Refusals, RequestError, each_of
from app.ids import spelled, uuid_of
from app.imports.queries.watching import Progress
from app.imports.rules.asking import Asked
from app.kinds import ChannelKind
from app.settings import Settings
from app.tables import ImportStatus

T = TypeVar("T")
STANDARD_INPUT = Path("-")
Of = Annotated[str, typer.Option("--account", help="The account's id or name.")]
Id = Annotated[str, typer.Argument(help="The import's id.")]
Errors = Annotated[
    Path | None,
    typer.Option("--errors", dir_okay=False, help="Where to write the rows with mistakes, and what is wrong, as CSV."),
]


@app.command("import")
def import_(
    file: Annotated[  # no Path: of that, a dash is not taken
        str,
        typer.Argument(
            exists=True, dir_okay=False, allow_dash=True, help="CSV with a header row; - is standard input."
        ),
    ],
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
    errors: Errors = None,
    json: Json = False,
    database_url: DatabaseUrl = None,
) -> None:
    """Imports a CSV file in this process, and tells the lines of rows that failed; undo-import takes it back.

    The exit code is 1 where the file as a whole is refused, or the import does not come to its end.
    """
    email = Said(email_consent_wording, email_consent_source, email_consent_at)
    sms = Said(sms_consent_wording, sms_consent_source, sms_consent_at)
    options = partial(asked, existing=existing, dry_run=dry_run, region=region, tags=tag)

    async def work(importing: Importing) -> Progress:
        wide = consents({ChannelKind.EMAIL: email, ChannelKind.SMS: sms}, ZoneInfo(importing.tenant.time_zone))
        return await take(importing, Path(file), partial(options, mapping=columns(map_), consents=wide))

    with errors_told(json=json):
        check_writable(errors, Path(file))
        report = with_importing(chosen(database_url=database_url), account, partial(to_report, work, errors))
    conclude(report, json=json)


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
    quiet_seconds: Annotated[
        float, typer.Option("--quiet-seconds", min=0.1, help="A file is taken that has not changed for so long.")
    ] = QUIET_SECONDS,
    json: Json = False,
    database_url: DatabaseUrl = None,
) -> None:
    """Imports *.csv files as they are dropped into a folder, and moves them to done or failed, until Ctrl-C or SIGTERM.

    Best upload a file under another name, such as contacts.csv.part, and rename it once it is whole: a writer who
    pauses for longer than --quiet-seconds is taken to be done. Beside a file come its report, and the rows with
    mistakes. A file that was under way when the watcher stopped is gone on with when it is started again.
    """
    email = Said(email_consent_wording, email_consent_source, email_consent_at)
    sms = Said(sms_consent_wording, sms_consent_source, sms_consent_at)
    options = partial(asked, existing=existing, dry_run=dry_run, region=region, tags=tag)

    async def work(importing: Importing) -> None:
        wide = consents({ChannelKind.EMAIL: email, ChannelKind.SMS: sms}, ZoneInfo(importing.tenant.time_zone))
        ask = partial(options, mapping=columns(map_), consents=wide)
        importing.judged(ask("contacts.csv"))  # what is wrong with the options is told before a file comes
        try:
            await watch(folder, importing, ask, json=json, quiet=quiet_seconds, dry_run=dry_run)
        except OSError as error:
            raise BadInput(f"The folder {shown(str(folder))} cannot be watched: {reason(error)}.") from None

    with errors_told(json=json):
        with_importing(chosen(database_url=database_url), account, work)


@app.command()
def resume_import(
    id: Id, account: Of, errors: Errors = None, json: Json = False, database_url: DatabaseUrl = None
) -> None:
    """Goes on with an import that was stopped, to its end; where a server has it, waits for that."""

    async def work(importing: Importing) -> Progress:
        with bar(complaints) as look:
            return await importing.resume(uuid_of(id, "Import"), look)

    with errors_told(json=json):
        check_writable(errors)
        report = with_importing(chosen(database_url=database_url), account, partial(to_report, work, errors))
    conclude(report, json=json, well=(ImportStatus.SUCCEEDED, ImportStatus.UNDONE))


@app.command()
def cancel_import(id: Id, account: Of, json: Json = False, database_url: DatabaseUrl = None) -> None:
    """Stops an import for good, wherever it runs; what it brought so far stays, until undo-import takes it back."""

    async def work(importing: Importing) -> Progress:
        return await importing.cancel(uuid_of(id, "Import"))

    with errors_told(json=json):
        found = with_importing(chosen(database_url=database_url), account, work)
    tell({"import": id, "status": found.status, "rows": found.rows}, json=json, title="Cancelled")


@app.command()
def undo_import(id: Id, account: Of, json: Json = False, database_url: DatabaseUrl = None) -> None:
    """Takes back what an import brought; what happened since, and opt-outs, stay."""

    async def work(importing: Importing) -> Progress:
        return await importing.undo(uuid_of(id, "Import"))

    with errors_told(json=json):
        found = with_importing(chosen(database_url=database_url), account, work)
    undone = found.status is ImportStatus.UNDONE
    tell({"import": id, "status": found.status}, json=json, title="Undone" if undone else "Stopped")
    if not undone:
        say(f"Not all was taken back yet. {going_on(id, account)}")
    raise typer.Exit(0 if undone else 1)


# ---- what is done


def with_importing(settings: Settings, account: str, work: Callable[[Importing], Awaitable[T]]) -> T:
    """Does what files of the account are imported with, until it is told to stop. Raises AccountNotFound."""

    async def run(database: Database) -> T:
        log.configure()
        async with database.reading(0) as reader:
            tenant = await operations.tenant(reader, given=account)
        importing = Importing(database, tenant, settings.secret_bytes())
        with told_to_stop(importing.stop):
            return await work(importing)

    return with_database(settings, run)


async def take(importing: Importing, file: Path, ask: Callable[[str], Asked]) -> Progress:
    """Imports a file, or standard input, while a bar shows how far it has come."""
    if file == STANDARD_INPUT:
        with bar(complaints, "standard input") as look:
            return await importing.take(Input(0, importing.stop), ask("stdin.csv"), look)
    with file.open("rb") as content, bar(complaints, file.name, os.fstat(content.fileno()).st_size) as look:
        return await importing.take(content, ask(file.name), look)


async def to_report(
    work: Callable[[Importing], Awaitable[Progress]], errors: Path | None, importing: Importing
) -> Report:
    """Does the work, and reports what came of it."""
    progress = await work(importing)
    database, tenant = importing.database, importing.tenant
    if errors is not None:
        await write_mistakes(database, tenant.account_id, progress.id, errors)
    return await reported(database, tenant.account_id, progress, tenant.name)


def check_writable(errors: Path | None, file: Path | None = None) -> None:
    """Raises BadInput where the rows with mistakes cannot be written, or would be written over the file itself."""
    if errors is None:
        return
    try:
        errors.open("ab").close()
    except OSError as error:
        raise BadInput(f"The rows with mistakes cannot be written: {reason(error)}.") from None
    if file is not None and file != STANDARD_INPUT and errors.samefile(file):
        raise BadInput("--errors names the file that is imported; name another one.")


# ---- what is said


@contextmanager
def errors_told(*, json: bool) -> Iterator[None]:
    """Tells mistakes to programs as JSON; people are told by whoever called."""
    try:
        yield
    except (Refusal, Refusals, RequestError, FileTaken) as error:
        if not json:
            raise
        each = each_of(error) if isinstance(error, Refusal | Refusals) else [error]
        told = [
            {"code": getattr(one, "code", "CONFLICT"), "message": str(one), "field": getattr(one, "field", ())}
            for one in each
        ]
        tell({"errors": told}, json=True, title="")
        raise typer.Exit(1) from None


def conclude(report: Report, *, json: bool, well: Collection[ImportStatus] = (ImportStatus.SUCCEEDED,)) -> None:
    """Tells what came of an import, and what can be done next; the exit code is 1 where it did not end well."""
    if json:
        tell(report.as_json(), json=True, title="")
    else:
        show(console, report)
    advise(report)
    raise typer.Exit(0 if report.progress.status in well else 1)


def advise(report: Report) -> None:
    """Says what can be done next, beside the report."""
    of, id = report.progress, spelled("Import", report.progress.id)
    if not of.has_ended:
        say(f"Stopped after {counted(of.rows, 'row')}. {going_on(id, report.account)}")
        say(f"To stop it for good: python -m app cancel-import {id} --account {report.account!r}")
    elif of.dry_run:
        say(f"Nothing was changed. Run it for real with runImport ({id}), or import the file without --dry-run.")
    elif of.rows and of.status is not ImportStatus.UNDONE:
        say(f"To take it back: python -m app undo-import {id} --account {report.account!r}")


def going_on(id: str, account: str) -> str:
    """Who goes on with an import."""
    return (
        "A server over this database goes on with it by itself; "
        f"where none runs: python -m app resume-import {id} --account {account!r}"
    )


def say(line: str) -> None:
    """Says something beside the report."""
    complaints.print(line, markup=False, highlight=False, soft_wrap=True)


def reason(error: OSError) -> str:
    """Why a file or folder cannot be used, and which."""
    why = error.strerror or str(error)
    return f"{shown(os.fspath(error.filename))}: {why}" if error.filename else why
