"""What the options of the import commands ask of a file."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from enum import StrEnum
from typing import Annotated, NamedTuple

import typer

from app.consent.rules.evidence import Given
from app.imports.errors import InvalidMapping
from app.imports.rules.asking import Asked
from app.imports.rules.consents import moment
from app.imports.rules.options import Column
from app.kinds import KINDS, ChannelKind
from app.tables import ExistingContacts, LedgerAct


class Existing(StrEnum):
    """What rows do to contacts that were known before."""

    UPDATE = "update"
    FILL_BLANKS = "fill-blanks"
    SKIP = "skip"


Map = Annotated[
    list[str] | None,
    typer.Option("--map", help="COLUMN=TARGET, such as Phone=mobileNumber; without any, headers are recognised."),
]
Policy = Annotated[Existing, typer.Option("--existing", help="What rows do to contacts that were known before.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Count what would be done, and change nothing.")]
Region = Annotated[str | None, typer.Option("--region", help="ISO 3166: where numbers are read; else the account's.")]
Tag = Annotated[list[str] | None, typer.Option("--tag", help="A tag for every contact of the file.")]
EmailWording = Annotated[
    str | None, typer.Option(help="What people agreed to be sent by email, for rows that do not say it.")
]
EmailSource = Annotated[str | None, typer.Option(help="The URL where they did.")]
EmailAt = Annotated[
    str | None, typer.Option(help="When, such as 2026-01-31 (midnight in the account's time zone) or with a time.")
]
SmsWording = Annotated[str | None, typer.Option(help="The same for text messages.")]
SmsSource = Annotated[str | None, typer.Option(help="The URL where they did.")]
SmsAt = Annotated[str | None, typer.Option(help="When.")]


class Said(NamedTuple):
    """What the options say of the consent of all of a file."""

    wording: str | None
    source: str | None
    at: str | None


def asked(
    name: str,
    *,
    mapping: Sequence[Column] | None,
    existing: Existing,
    dry_run: bool,
    region: str | None,
    tags: Sequence[str] | None,
    consents: Mapping[ChannelKind, Given],
) -> Asked:
    """What the options ask of a file of that name."""
    return Asked(name, dry_run, ExistingContacts[existing.name], region, mapping, consents, tags or ())


def columns(given: Sequence[str] | None) -> Sequence[Column] | None:
    """The columns that are mapped, where any are. Raises InvalidMapping."""
    return [column(each) for each in given] if given else None


def column(given: str) -> Column:
    """The column that COLUMN=TARGET maps; the header may contain an equals sign itself. Raises InvalidMapping."""
    header, equals, to = given.rpartition("=")
    if not equals:
        raise InvalidMapping(f"Write --map COLUMN=TARGET, such as --map Phone=mobileNumber, not {given!r}.")
    return Column(header, to)


def consents(said: Mapping[ChannelKind, Said], zone: tzinfo) -> Mapping[ChannelKind, Given]:
    """The consents that cover rows that say nothing of their own. Raises NoTime."""
    return {
        kind: Given(
            LedgerAct.OPT_IN,
            None if each.at is None else moment(each.at, zone, field=(KINDS[kind].consent_input, "occurredAt")),
            each.source,
            disclosure=each.wording,
        )
        for kind, each in said.items()
        if any(part is not None for part in each)
    }
