"""Imports of CSV files: making one, watching it, deciding about it."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.accounts.rules import Scope
from app.acts import Act
from app.ids import uuid_of
from app.imports.operations import creating, deciding
from app.imports.queries import shown
from app.imports.rules import showing
from app.imports.rules.asking import Asked, judged
from app.imports.rules.options import Column
from app.kinds import ChannelKind
from app.signing import Purpose, Token
from app.tables import ExistingContacts, ImportStatus
from app.tables import Import as Row
from graphql_schema.access import require
from graphql_schema.acting import acted
from graphql_schema.consent import ConsentInput
from graphql_schema.context import Context, Info
from graphql_schema.declaring import column, computed, one, page
from graphql_schema.errors import UserError, answering
from graphql_schema.import_parts import ImportColumn, ImportProblem, ImportRowError, named
from graphql_schema.inputs import given, optional, says
from graphql_schema.paging import Connection, Node

MISTAKES = "What is wrong with the input; then nothing was changed."
COVERS = "The consent of rows that say nothing of their own about {}, and its evidence; an opt-out needs none."


def errors_url(context: Context, import_id: str, has_mistakes: bool) -> str | None:
    """The link to the rows with mistakes, where there are any."""
    token = Token(context.caller.account_id, UUID(import_id))
    return context.signer.url(Purpose.IMPORT_ERRORS, token) if has_mistakes else None


def written(row: Any) -> list[Any]:
    """How a file is written, and what was asked of its import."""
    return [row.form, row.options]


def counted(of: Any, says: str) -> Any:
    """A count of rows, which is never absent."""
    return column(of, f"How many rows {says}")


@strawberry.type(
    description=(
        "The import of one CSV file. A row with both an email address and a mobile number links the two; every row "
        "ends as exactly one of created, linked, merged, updated, unchanged, skipped, proposed and failed, which add "
        "up to `rows`."
    )
)
class Import(Node):
    """The import of one file."""

    file_name: str = column(Row.file_name, "The file's name, which is the source's detail of what comes by it.")
    status: ImportStatus = column(Row.status, "Where it stands.")
    created_at: datetime = column(Row.created_at, "When it was made.")
    actor: str = column(Row.actor, "Who made it, such as the name of an API key.")
    dry_run: bool = column(Row.dry_run, "Whether it only counts what it would do, and changes nothing.")
    existing: ExistingContacts = column(Row.existing, "What its rows do to contacts that were known before.")
    bytes_total: float | None = column(Row.bytes_total, "The size of its file; null until that is here.")
    bytes_read: float = column(Row.bytes_read, "How much of its file has been dealt with.")
    columns: list[ImportColumn] = computed(
        showing.columns, written, "What its columns were taken as, in order; none before its headers are read."
    )
    advice: list[str] = computed(showing.advice, written, "What would make the file better, one sentence each.")
    rows: int = counted(Row.rows, "were dealt with so far; blank lines do not count.")
    created: int = counted(Row.created, "made a new contact.")
    linked: int = counted(Row.linked, "added an address to a known contact.")
    merged: int = counted(Row.merged, "made two known contacts one.")
    updated: int = counted(Row.updated, "changed fields, tags, consent or standing of a known contact.")
    unchanged: int = counted(Row.unchanged, "said nothing new.")
    skipped: int = counted(
        Row.skipped,
        "were left aside: all cells blank, or about known contacts that are to be skipped, of which only opt-outs, "
        "holds and expiries were taken.",
    )
    proposed: int = counted(Row.proposed, "would have linked what a guard keeps apart: the link waits for a decision.")
    failed: int = counted(Row.failed, "could not be taken; `rowErrors` says why.")
    consent_refused: int = counted(
        Row.consent_refused, "carried an opt-in that an opt-out stands against; the rest of such a row was taken."
    )
    problem: ImportProblem | None = one(shown.problem, "Why the file as a whole was refused; null where it was not.")
    errors_url: str | None = computed(
        errors_url,
        lambda row: [row.id, shown.has_mistakes(row)],
        "The signed link to the rows with mistakes as a CSV file, good for 7 days; null where there are none.",
        in_context=True,
    )
    row_errors: Connection[ImportRowError] = page(
        shown.mistakes,
        shown.in_order_of_rows,
        "What is wrong with rows, in order. A row with two addresses of which one is wrong is taken without that one.",
    )
    started_at: datetime | None = column(Row.started_at, "When its first rows were dealt with.")
    finished_at: datetime | None = column(Row.finished_at, "When it ended.")
    undone_at: datetime | None = column(Row.undone_at, "When what it brought had been taken back.")


@strawberry.type(description="What making an import did.")
class CreateImportPayload:
    """What making an import did."""

    id: strawberry.Private[UUID | None] = None
    import_: Import | None = named("import", one(shown.by_id, "The import, which awaits its file."))
    upload_url: str | None = strawberry.field(
        default=None, description="The signed link to PUT the file's bytes to, good for a day."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=list, description=MISTAKES)


@strawberry.type(description="What a decision about an import did.")
class ImportPayload:
    """What a decision about an import did."""

    id: strawberry.Private[UUID | None] = None
    import_: Import | None = named("import", one(shown.by_id, "The import as it is now."))
    user_errors: list[UserError] = strawberry.field(default_factory=list, description=MISTAKES)


@strawberry.input(description="What a column of a file is.")
class ColumnMapping:
    """What a column of a file is."""

    column: str = strawberry.field(description="Its header, as it stands in the file.")
    to: str = strawberry.field(
        description=(
            "emailAddress, mobileNumber, tags, emailConsent, emailConsentAt, emailConsentSource, emailConsentWording, "
            "smsConsent, smsConsentAt, smsConsentSource, smsConsentWording, status (unsub, held, expired: of the row's "
            "own channel, its email address if it has one), emailStatus, smsStatus (the same of one kind; also "
            "cleaned, bounced, nonsubscribed), optOut (yes, or the time when: of every address of the row), "
            "emailOptOut, smsOptOut (of one kind), subscribed, emailSubscribed, smsSubscribed (no opts out; yes opts "
            "in where the row or the import has evidence, and else says nothing), else a custom field's key; "
            "`field:KEY` where that would be one of these. Several columns may be the same one of emailStatus, "
            "smsStatus and those of opt-outs and subscribers: an opt-out in one of them suffices, and comes before "
            "every opt-in."
        )
    )


@strawberry.input(description="An import to make.")
class CreateImportInput:
    """An import to make."""

    file_name: str = strawberry.field(description="The file's name, without its folder, at most 200 characters.")
    mapping: list[ColumnMapping] | None = optional(
        "What the columns are, an address among them; columns that are not named are left aside. Left out: each "
        "column is known by its header."
    )
    existing: ExistingContacts | None = strawberry.field(
        default=ExistingContacts.UPDATE, description="What rows do to contacts that were known before the import."
    )
    dry_run: bool | None = strawberry.field(
        default=False, description="Whether it is only to count what it would do; runImport then runs it for real."
    )
    default_region: str | None = optional(
        "The region (ISO 3166) in which numbers without a country code are read; else the account's."
    )
    email_consent: ConsentInput | None = optional(COVERS.format("email"))
    sms_consent: ConsentInput | None = optional(COVERS.format("text messages"))
    tags: list[str] | None = optional("Tags for every contact of the file, at most 100 of at most 100 characters.")

    def asked(self) -> Asked:
        """The same for the domain."""
        consents = {ChannelKind.EMAIL: given(self.email_consent), ChannelKind.SMS: given(self.sms_consent)}
        mapping = given(self.mapping)
        return Asked(
            self.file_name,
            bool(self.dry_run),
            self.existing or ExistingContacts.UPDATE,
            given(self.default_region),
            None if mapping is None else [Column(each.column, each.to) for each in mapping],
            {kind: consent.as_given() for kind, consent in consents.items() if consent is not None},
            given(self.tags) or (),
        )


@strawberry.input(description="A dry run that is to be run for real.")
class RunImportInput:
    """A dry run."""

    id: strawberry.ID = strawberry.field(description="The import.")


@strawberry.input(description="An import that is to stop.")
class CancelImportInput:
    """An import that is to stop."""

    id: strawberry.ID = strawberry.field(description="The import.")


@strawberry.input(description="An import that is to be taken back.")
class UndoImportInput:
    """An import that is to be taken back."""

    id: strawberry.ID = strawberry.field(description="The import.")


async def decided(info: Info, input: RunImportInput | CancelImportInput | UndoImportInput, how: Any) -> ImportPayload:
    """Decides about an import in one transaction."""

    def prepare(act: Act) -> Any:
        return partial(how, import_id=uuid_of(input.id, "Import"), act=act)

    return ImportPayload(id=await acted(info, input, UUID, prepare))


@strawberry.type
class ImportMutations:
    """Making imports, and deciding about them."""

    @strawberry.mutation(
        description=(
            "Makes an import. PUT the bytes of the CSV file to its `uploadUrl` within a day, and it begins; the "
            "subscription `importProgressed` tells how far it has come, and `imports`, or `node` with its id, shows "
            "it. The same file twice changes nothing."
        )
    )
    @answering(CreateImportPayload)
    async def create_import(
        self, info: Info, input: Annotated[CreateImportInput, says("The import.")]
    ) -> CreateImportPayload:
        """Makes an import."""
        caller = info.context.caller

        def prepare(act: Act) -> Any:
            wanted = judged(input.asked(), region=caller.region, time_zone=caller.quiet_hours.time_zone, now=act.at)
            return partial(creating.create, wanted=wanted, act=act)

        id = await acted(info, input, UUID, prepare)
        url = info.context.signer.url(Purpose.IMPORT, Token(caller.account_id, id))
        return CreateImportPayload(id=id, upload_url=url)

    @strawberry.mutation(
        description=(
            "Runs a dry run that succeeded for real, without another upload; within 7 days, for as long as its file is "
            "kept. Its counts begin anew."
        )
    )
    @answering(ImportPayload)
    async def run_import(self, info: Info, input: Annotated[RunImportInput, says("The dry run.")]) -> ImportPayload:
        """Runs a dry run for real."""
        return await decided(info, input, deciding.run)

    @strawberry.mutation(
        description="Stops an import that has not ended. What it brought so far stays, and can be undone."
    )
    @answering(ImportPayload)
    async def cancel_import(
        self, info: Info, input: Annotated[CancelImportInput, says("The import.")]
    ) -> ImportPayload:
        """Stops an import."""
        return await decided(info, input, deciding.cancel)

    @strawberry.mutation(
        description=(
            "Takes back what an import brought: its links, field values, tags and opt-ins, and its channels where "
            "nothing else has happened on them since. Opt-outs, holds and expiries that it brought stay, so that "
            "nobody becomes mailable by it; later changes stay too. It is RUNNING until it is UNDONE. Needs the scope "
            "ADMIN."
        )
    )
    @answering(ImportPayload)
    async def undo_import(self, info: Info, input: Annotated[UndoImportInput, says("The import.")]) -> ImportPayload:
        """Takes back an import."""
        require(info, Scope.ADMIN)
        return await decided(info, input, deciding.undo)
