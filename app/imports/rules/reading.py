"""Makes contacts of the rows of a file."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from app.accounts.rules import Guards
from app.channels import rules as channels
from app.channels.errors import InvalidTag
from app.channels.rules import Address
from app.consent.rules.evidence import Given
from app.errors import ErrorCode, Refusal, Refusals
from app.identity.rules.contacts import Contact, Submitted, judged
from app.imports.errors import NamelessCell, OtherCells, UnreadableRow
from app.imports.rules.consents import ConsentColumns
from app.imports.rules.forms import Form
from app.imports.rules.headers import columns_of
from app.imports.rules.options import SUBSCRIBED, TAGS, Options, of_kind
from app.imports.rules.records import Record
from app.imports.rules.rows import LONGEST_RAW, Mistake, Row
from app.imports.rules.standing import COLUMN, NOTHING_SAID, Said, StandingColumns
from app.imports.rules.telling import as_written
from app.kinds import KINDS, ChannelKind
from app.tables import Deliverability, LedgerAct

ADDRESSED = (ChannelKind.EMAIL, ChannelKind.SMS)
BETWEEN_TAGS = re.compile(r"[,;|]")
BETWEEN_CELLS = re.compile(r'[,;\t\r\n"]')
LIKE_A_NUMBER = re.compile(r"'?[+(]?\d[\d ().-]{5,20}")
LONGEST_TAGS = 50_000  # characters of a cell with tags: those that may be kept have ten thousand
MOST_TRIED = 20  # cells of a row that cannot be read, of which one may be an address
NO_ADDRESS = frozenset([ErrorCode.INVALID_EMAIL, ErrorCode.INVALID_PHONE])
DETAILS = {"occurredAt": "At", "sourceUrl": "Source", "disclosure": "Wording"}


class Reading:
    """Reads the rows of a file that has this form, as its import asks for; `now` is in UTC.

    To make one raises the FileRefused of what is wrong with the headers or the mapping.
    """

    def __init__(self, form: Form, options: Options, guards: Guards, now: datetime) -> None:
        columns = columns_of(form, options.mapping)
        self.form, self._options, self._guards, self._now = form, options, guards, now
        self._width = len(form.columns)
        self._aside = sorted(set(range(self._width)).difference(form.own))
        self._blank = columns.blank
        self._targets, self._keys = columns.targets, columns.fields
        self._fields = list(columns.fields.items())
        self._email, self._mobile = (columns.targets.get(KINDS[kind].input) for kind in ADDRESSED)
        self._tags = columns.targets.get(TAGS)
        self._wide = options.consents
        self._zone = zone = ZoneInfo(options.time_zone)
        self._standing = StandingColumns(columns, zone)
        self._consents = {
            kind: ConsentColumns(kind, columns.targets, options.consents.get(kind), zone)
            for kind in ADDRESSED
            if KINDS[kind].consent_input in columns.targets
            or {SUBSCRIBED, of_kind(kind, SUBSCRIBED)} & columns.shared.keys()
        }
        self._alone = ChannelKind.SMS if self._email is None else ChannelKind.EMAIL

    def rows(self, number: int, records: Iterable[Record]) -> list[Row]:
        """The rows of these records, the first of which has this number."""
        return [self.row(at, record) for at, record in enumerate(records, number)]

    def row(self, number: int, record: Record) -> Row:
        """The row of a record."""
        if record.cells is None:
            return self._unreadable(number, record, UnreadableRow(record.problem or ""))
        if len(record.cells) != self._width:
            if self._is_blank(record.cells):
                return Row(number, record.line, record.raw[:LONGEST_RAW])
            return self._unreadable(number, record, OtherCells(len(record.cells), self._width))
        cells = self._trimmed(record.cells)
        if not any(cells):
            return Row(number, record.line, record.raw[:LONGEST_RAW])
        wrong: list[Refusal] = []
        contact, deliverability = self._contact(cells, wrong)
        raw = record.raw[:LONGEST_RAW]
        if not wrong:
            return Row(number, record.line, raw, contact, deliverability)
        seen = self._seen(cells) if contact is None else ()
        return Row(number, record.line, raw, contact, deliverability, self.mistakes(wrong), seen)

    def _unreadable(self, number: int, record: Record, problem: Refusal) -> Row:
        """The row of a record of which nobody knows what its cells are; none of them is looked at by itself."""
        raw = record.raw[:LONGEST_RAW].replace("\0", "\N{SYMBOL FOR NULL}")  # PostgreSQL keeps no NUL
        loose = [cell.strip() for cell in BETWEEN_CELLS.split(raw)]
        seen = self._addresses(
            [cell for cell in loose if "@" in cell], [cell for cell in loose if LIKE_A_NUMBER.fullmatch(cell)]
        )
        return Row(number, record.line, raw, mistakes=self.mistakes([problem]), seen=seen)

    def _seen(self, cells: Sequence[str]) -> tuple[Address, ...]:
        return self._addresses(*([] if place is None else [cells[place]] for place in (self._email, self._mobile)))

    def _addresses(self, *sought: Sequence[str]) -> tuple[Address, ...]:
        """The first address among the texts of each kind."""
        found = (self._first(kind, texts[:MOST_TRIED]) for kind, texts in zip(ADDRESSED, sought, strict=True))
        return tuple(address for address in found if address)

    def _first(self, kind: ChannelKind, texts: Iterable[str]) -> Address | None:
        """The first that can be read as an address of this kind."""
        for text in texts:
            try:
                if text and len(text) <= KINDS[kind].longest:
                    return channels.address(kind, text, region=self._options.region, field=())
            except Refusal:
                continue
        return None

    # ---- cells

    def _trimmed(self, cells: list[str]) -> list[str]:
        if self._aside:
            cells = [as_written(cell) for cell in self._own(cells)]
        return [cell.strip() for cell in cells]

    def _own(self, cells: list[str]) -> list[str]:
        """The cells, those that are left aside being empty."""
        own = [*cells]
        for place in self._aside:
            if place < len(own):
                own[place] = ""
        return own

    def _is_blank(self, cells: list[str]) -> bool:
        return not any(map(str.strip, self._own(cells) if self._aside else cells))

    def _nameless(self, cells: Sequence[str]) -> Refusal | None:
        filled = next((place for place in self._blank if cells[place]), None)
        return None if filled is None else NamelessCell(filled + 1)

    # ---- the contact

    def _contact(self, cells: Sequence[str], wrong: list[Refusal]) -> tuple[Contact | None, Deliverability | None]:
        """The contact and what its status is beside consent; what is wrong is noted."""
        nameless = self._nameless(cells) if self._blank else None
        if nameless:
            wrong.append(nameless)
            return None, None
        status = self._standing.said(cells, wrong) if self._standing.any else NOTHING_SAID
        submitted = self._submitted(cells, status, wrong)
        failed = bool(wrong)
        contact = self._judged(submitted, wrong)
        if contact is None or failed:
            return None, None
        return status.opted_out(contact), status.deliverability(contact)

    def _submitted(self, cells: Sequence[str], status: Said, wrong: list[Refusal]) -> Submitted:
        email = cells[self._email] if self._email is not None else ""
        mobile = cells[self._mobile] if self._mobile is not None else ""
        tags: Sequence[str] = self._options.tags
        if self._tags is not None and cells[self._tags]:
            tags = [*self._parted(cells[self._tags], wrong), *tags]
        consents: dict[ChannelKind, Given] = {}
        if self._wide or self._consents:
            texts = {ChannelKind.EMAIL: email, ChannelKind.SMS: mobile}
            consents = self._said(cells, texts, status, wrong)
        return Submitted(
            own=ChannelKind.EMAIL if email else ChannelKind.SMS if mobile else self._alone,
            email_address=email,
            mobile_number=mobile,
            custom_fields={key: cells[place] for key, place in self._fields if cells[place]},
            tags=tags,
            consents=consents,
        )

    def _parted(self, tags: str, wrong: list[Refusal]) -> list[str]:
        if len(tags) > LONGEST_TAGS:
            wrong.append(InvalidTag(f"The tags of a row have at most {LONGEST_TAGS} characters.", field=(TAGS,)))
            return []
        return [tag for tag in map(str.strip, BETWEEN_TAGS.split(tags)) if tag]

    def _said(
        self, cells: Sequence[str], texts: Mapping[ChannelKind, str], status: Said, wrong: list[Refusal]
    ) -> dict[ChannelKind, Given]:
        """The consents of a row by kind, its own before those that cover all rows; an address that is not there is
        not opted out.
        """
        found = {}
        for kind, text in texts.items():
            given = self._own_consent(kind, cells, wrong, subscribed=bool(text) and kind in status.subscribers)
            if given and not text and given.act is LedgerAct.OPT_OUT:
                continue
            if given is None and text:
                given = self._wide.get(kind)
            if given and (given.act is not LedgerAct.OPT_IN or status.takes_opt_in(kind)):
                found[kind] = given
        return found

    def _own_consent(
        self, kind: ChannelKind, cells: Sequence[str], wrong: list[Refusal], *, subscribed: bool
    ) -> Given | None:
        try:
            return self._consents[kind].given(cells, subscribed=subscribed) if kind in self._consents else None
        except Refusal as refusal:
            wrong.append(refusal)
            return None

    def _judged(self, submitted: Submitted, wrong: list[Refusal]) -> Contact | None:
        """The contact; without the address that is none, where the other is right and nothing else is wrong."""
        region, guards = self._options.region, self._guards
        try:
            return judged(submitted, default_region=region, guards=guards, now=self._now)
        except Refusals as error:
            refusals = error.refusals
        wrong += refusals
        rest = _without(submitted, refusals)
        if rest is None:
            return None
        try:
            return judged(rest, default_region=region, guards=guards, now=self._now)
        except Refusals as error:
            wrong += error.refusals
            return None

    # ---- mistakes

    def mistakes(self, refusals: Iterable[Refusal]) -> tuple[Mistake, ...]:
        """What is wrong beside the columns, in their order."""
        placed = [(self._place(refusal.field), refusal) for refusal in refusals]
        placed.sort(key=lambda each: -1 if each[0] is None else each[0])
        headers = self.form.columns
        return tuple(
            Mistake(refusal.code, refusal.message, None if place is None else headers[place])
            for place, refusal in placed
        )

    def _place(self, field: Sequence[str]) -> int | None:
        """The place of the column that a path into a contact's input came from."""
        match field:
            case ["customFields", key, *_]:
                return self._keys.get(key)
            case [name, place] if name == COLUMN:
                return int(place)
            case [name, detail, *_] if detail in DETAILS:
                return self._targets.get(name + DETAILS[detail], self._targets.get(name))
            case [name, *_]:
                return self._targets.get(name)
            case _:
                return None


def _without(submitted: Submitted, refusals: Sequence[Refusal]) -> Submitted | None:
    """What came in without the address that alone is wrong, if there is another one."""
    kinds = [kind for kind in ADDRESSED if (KINDS[kind].input,) in {refusal.field for refusal in refusals}]
    others = [kind for kind in submitted.texts if kind not in kinds]
    if len(kinds) != 1 or not others or any(refusal.code not in NO_ADDRESS for refusal in refusals):
        return None
    given = {kind: consent for kind, consent in submitted.consents.items() if kind in others}
    if kinds[0] is ChannelKind.EMAIL:
        return replace(submitted, own=others[0], email_address=None, consents=given)
    return replace(submitted, own=others[0], mobile_number=None, consents=given)
