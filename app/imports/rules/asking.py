"""What callers ask of an import, checked: the name of the file, its columns, and what covers its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.channels import rules as channels
from app.channels.rules.arriving import MOST_FIELDS
from app.consent.rules import evidence
from app.consent.rules.evidence import Given
from app.errors import Refusal, Refusals, each_of
from app.imports.errors import InvalidFileName, InvalidMapping, NoAddressMapped, TooManyColumns
from app.imports.rules.headers import misspelt, without_consent
from app.imports.rules.options import ADDRESSES, FIELD, SHARED, TARGETS, Column, Options
from app.kinds import KINDS, ChannelKind
from app.tables import ExistingContacts

LONGEST_NAME = 200
LONGEST_HEADER = 1_000
MOST_COLUMNS = len(TARGETS) + MOST_FIELDS


@dataclass(frozen=True, slots=True)
class Asked:
    """An import as it is asked for, unchecked."""

    file_name: str
    dry_run: bool = False
    existing: ExistingContacts = ExistingContacts.UPDATE
    region: str | None = None
    mapping: Sequence[Column] | None = None
    consents: Mapping[ChannelKind, Given] = field(default_factory=dict)
    tags: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """The same, checked; whether the topics of its consents exist is still to be seen."""

    file_name: str
    dry_run: bool
    options: Options


def judged(asked: Asked, *, region: str, time_zone: str, now: datetime) -> Wanted:
    """An import, checked; `region` and `time_zone` are the account's.

    Raises Refusals with everything that is wrong, each beside its input.
    """
    wrong: list[Refusal] = []
    options = Options(region=region, time_zone=time_zone, existing=asked.existing)
    for check in (_region, _mapping, _consents, _tags):
        try:
            options = check(options, asked, now)
        except (Refusal, Refusals) as refused:
            wrong += each_of(refused)
    name = asked.file_name.strip()
    if not _is_plain(name):
        wrong.insert(0, InvalidFileName(LONGEST_NAME))
    if wrong:
        raise Refusals(wrong)
    return Wanted(name, asked.dry_run, options)


def _is_plain(name: str) -> bool:
    """Whether it is a name alone, without a path, and fit to be shown."""
    return 1 <= len(name) <= LONGEST_NAME and name.isprintable() and not set(name) & set("/\\")


def _region(options: Options, asked: Asked, _: datetime) -> Options:
    if asked.region is None:
        return options
    return replace(options, region=channels.region(asked.region, field=("defaultRegion",)))


def _consents(options: Options, asked: Asked, now: datetime) -> Options:
    judged, wrong = {}, []
    for kind, given in asked.consents.items():
        try:
            judged[kind] = evidence.judged(given, now=now, field=(KINDS[kind].consent_input,))
        except Refusal as refused:
            wrong.append(refused)
    if wrong:
        raise Refusals(wrong)
    return replace(options, consents=judged)


def _tags(options: Options, asked: Asked, _: datetime) -> Options:
    return replace(options, tags=tuple(channels.tags(asked.tags, field=("tags",))))


# ---- columns


def _mapping(options: Options, asked: Asked, _: datetime) -> Options:
    if asked.mapping is None:
        return options
    if len(asked.mapping) > MOST_COLUMNS:
        raise TooManyColumns(f"Map at most {MOST_COLUMNS} columns; of them at most {MOST_FIELDS} are custom fields.")
    return replace(options, mapping=tuple(_columns(asked.mapping)))


def _columns(given: Sequence[Column]) -> list[Column]:
    """The columns, trimmed. Raises Refusals."""
    columns = [Column(header.strip(), to.strip()) for header, to in given]
    wrong: list[Refusal] = []
    for place, column in enumerate(columns):
        try:
            _check(column, columns[:place], columns, ("mapping", str(place)))
        except Refusal as refused:
            wrong.append(refused)
    if not {column.to for column in columns} & ADDRESSES:
        wrong.append(NoAddressMapped())
    if wrong:
        raise Refusals(wrong)
    return columns


def _check(column: Column, before: Sequence[Column], given: Sequence[Column], place: tuple[str, ...]) -> None:
    """Raises a Refusal where a column cannot be taken so, or is named twice; `given` are all of them."""
    if not 1 <= len(column.header) <= LONGEST_HEADER:
        message = f"Give the column's header as it stands in the file: 1 to {LONGEST_HEADER} characters."
        raise InvalidMapping(message, field=(*place, "column"))
    if reason := misspelt(column.to) or without_consent(column.to, {each.to for each in given}):
        raise InvalidMapping(f"The mapping to {column.to!r:.200} cannot be: {reason}", field=(*place, "to"))
    if column.to not in TARGETS:
        channels.check_key(column.to.removeprefix(FIELD), field=(*place, "to"))
    if any(column.header == other.header for other in before):
        raise InvalidMapping(f"The column '{column.header}' is mapped twice.", field=(*place, "column"))
    if column.to not in SHARED and any(_meant(column) == _meant(other) for other in before):
        raise InvalidMapping(f"Two columns are mapped to '{column.to}'; map one of them.", field=(*place, "to"))


def _meant(column: Column) -> str:
    """What a column is mapped to, in one spelling: a custom field has two."""
    return column.to if column.to in TARGETS else FIELD + column.to.removeprefix(FIELD)
