"""Running an import: batch by batch, each in one transaction with the place in the file that it came to."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from app.accounts.rules import Guards
from app.acts import Act, Earlier
from app.channels import operations as channels
from app.channels.rules import Address
from app.db import Insertion, Writer
from app.errors import ErrorCode, Refusal, Refusals
from app.identity.operations import writing
from app.identity.operations.adding import Added, add_contacts
from app.identity.queries.state import by_kind
from app.identity.rules.contacts import Contact
from app.imports.operations.changing import announce, publish
from app.imports.queries import running as queries
from app.imports.queries.running import COUNTS, Claimed
from app.imports.rules.forms import Form
from app.imports.rules.reading import Reading
from app.imports.rules.rows import Mistake, Row
from app.kinds import ChannelKind
from app.tables import (
    Deliverability,
    ExistingContacts,
    ImportBatch,
    ImportMistake,
    ImportStatus,
    LedgerAct,
    SuppressionReason,
)

LEASE = timedelta(seconds=10)
ABOUT_ERASED = "This row is of somebody who was erased; nothing else of it is kept."
INTO_BATCHES = Insertion(ImportBatch)
INTO_MISTAKES = Insertion(ImportMistake)
STRENGTH = (Deliverability.HELD, Deliverability.EXPIRED)


class Lost(Exception):
    """The import was cancelled, or somebody else has taken it over: nothing more is to be done."""


@dataclass(frozen=True, slots=True)
class Run:
    """An import in the hands of one who has taken it up: by the lease `mine`. `earlier` are those of the same file."""

    of: Claimed
    mine: UUID
    guards: Guards
    earlier: Sequence[Earlier] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that are imported together: where in the file they begin and end, and the line that comes next."""

    rows: Sequence[Row]
    reading: Reading
    began: int
    end: int
    next_line: int


@dataclass(slots=True)
class Done:
    """What became of rows."""

    counts: Counter[str] = field(default_factory=Counter)
    consent_refused: int = 0
    mistakes: list[tuple[Row, Sequence[Mistake]]] = field(default_factory=list)


async def claim(writer: Writer, *, import_id: UUID, mine: UUID, guards: Guards, now: datetime) -> Run | None:
    """Takes an import up that is due, for 10 seconds and as long as it goes on; None where somebody was faster."""
    if not await writer.fetch(queries.CLAIM, import_id=import_id, mine=mine, now=now, until=now + LEASE):
        return None
    await writer.execute(queries.STARTED, import_id=import_id, now=now)
    [found] = await writer.fetch(queries.CLAIMED, import_id=import_id)
    announce(writer, import_id=import_id)
    earlier = await writer.fetch(queries.EARLIER, digest=found.digest, import_id=import_id)
    return Run(found, mine, guards, earlier)


async def begin(writer: Writer, *, run: Run, form: Form) -> Run:
    """Lets an import begin from the first row of its file, as if none had been read. Raises Lost."""
    place = {"form": form.kept(), "end": form.offset, "next_line": form.line}
    if not await writer.fetch(queries.BEGIN, import_id=run.of.id, mine=run.mine, **place):
        raise Lost
    await writer.execute(queries.FORGET_MISTAKES, ids=[run.of.id])
    return replace(run, of=run.of._replace(bytes_read=form.offset, line=form.line, rows=0))


async def take(writer: Writer, *, run: Run, number: int, batch: Batch, act: Act) -> None:
    """Imports a batch, and notes what it brought. Raises Lost, and then nothing of it is done."""
    done = await apply(writer, batch=batch, run=run, act=act)
    if act.lot is not None and (act.lot.brought or act.lot.touched):
        brought = told(act, len(batch.rows))
        writer.insert(INTO_BATCHES, import_id=run.of.id, number=number, at=act.at, brought=brought)
    await advance(writer, run=run, batch=batch, done=done, act=act)


def told(act: Act, rows: int) -> dict[str, object]:
    """What a batch brought, as JSON: ids by what they are of, the times before of channels, and how many rows."""
    lot = act.lot
    if lot is None:
        return {}
    ids = {what: [id.hex for id in ids] for what, ids in lot.brought.items()}
    times = {"touched": lot.touched, "freed": lot.freed}
    told = {what: {id.hex: at.isoformat() for id, at in of.items()} for what, of in times.items()}
    return {**ids, **told, "rows": rows}


async def advance(writer: Writer, *, run: Run, batch: Batch, done: Done, act: Act) -> None:
    """Counts the rows, keeps what is wrong with some, and says where to go on. Raises Lost."""
    await _keep_mistakes(writer, run.of.id, done.mistakes, act)
    counts = {f"more_{name}": done.counts[name] for name in COUNTS}
    ends = {"began": batch.began, "end": batch.end, "next_line": batch.next_line, "until": act.at + LEASE}
    more = {"more_rows": len(batch.rows), "more_consent_refused": done.consent_refused, **counts, **ends}
    if not await writer.fetch(queries.ADVANCE, import_id=run.of.id, mine=run.mine, **more):
        raise Lost
    announce(writer, import_id=run.of.id)


async def _keep_mistakes(
    writer: Writer, import_id: UUID, wrong: Sequence[tuple[Row, Sequence[Mistake]]], act: Act
) -> None:
    """Keeps what is wrong with rows; of somebody who was erased nothing but the lines and the codes."""
    digests = {address: channels.digest(address, act) for row, _ in wrong for address in row.addresses}
    suppressed = await channels.suppressions(writer, digests=digests) if digests else {}
    erased = {address for address, why in suppressed.items() if why.reason is SuppressionReason.ERASED}
    for row, mistakes in wrong:
        addresses = {address.kind: address.text for address in row.addresses}
        is_erased = bool(erased.intersection(row.addresses)) or any(m.code is ErrorCode.ERASED for m in mistakes)
        for place, mistake in enumerate(mistakes):
            writer.insert(
                INTO_MISTAKES,
                import_id=import_id,
                row=row.number,
                place=place,
                line=row.line,
                column=mistake.column,
                code=mistake.code,
                message=ABOUT_ERASED if is_erased and mistake.code is not ErrorCode.ERASED else mistake.message,
                raw=None if is_erased else row.raw,
                email=None if is_erased else addresses.get(ChannelKind.EMAIL),
                mobile=None if is_erased else addresses.get(ChannelKind.SMS),
            )


async def end(writer: Writer, *, run: Run, problem: Refusal | None, line: int | None, act: Act) -> None:
    """Says that the file is through, or why it is refused as a whole. Raises Lost."""
    ended = ImportStatus.SUCCEEDED if problem is None else ImportStatus.FAILED
    why = {"code": problem and problem.code, "message": problem and problem.message, "at_line": line}
    if not await writer.fetch(queries.END, import_id=run.of.id, mine=run.mine, ended=ended, now=act.at, **why):
        raise Lost
    publish(writer, name="import_ended", import_id=run.of.id, act=act)


async def renew(writer: Writer, *, run: Run, until: datetime) -> None:
    """Keeps others from taking the import up until then. Raises Lost."""
    if not await writer.fetch(queries.RENEW, import_id=run.of.id, mine=run.mine, until=until):
        raise Lost


async def give_way(writer: Writer, *, run: Run, now: datetime) -> None:
    """Lets others take the import up at once, which has not failed."""
    await writer.execute(queries.GIVE_WAY, import_id=run.of.id, mine=run.mine, until=now)


async def release(writer: Writer, *, run: Run, until: datetime) -> None:
    """Lets others take the import up from then on."""
    await writer.execute(queries.RELEASE, import_id=run.of.id, mine=run.mine, until=until)


# ---- rows


async def apply(writer: Writer, *, batch: Batch, run: Run, act: Act) -> Done:
    """Does what the rows say; what became of them."""
    done, rows = Done(), batch.rows
    left_alone = await _known_before(writer, rows, run) if run.of.existing is ExistingContacts.SKIP else {}
    taken = list(_taken(rows, left_alone, done))
    contacts = [row.contact for row in taken if row.contact]
    if run.of.existing is ExistingContacts.FILL_BLANKS:
        contacts = [replace(contact, fills_blanks=True) for contact in contacts]
    added = await add_contacts(writer, contacts=contacts, guards=run.guards, act=act) if contacts else []
    standing = _standing(zip(taken, added, strict=True))
    standing |= await _opt_out(writer, left_alone, rows, run, act)
    changed = await _make_undeliverable(writer, standing, run, act)
    for row, one in zip(taken, added, strict=True):
        _count(done, batch.reading, row, one, changed)
    return done


def _taken(rows: Iterable[Row], left_alone: Mapping[int, object], done: Done) -> Iterator[Row]:
    """The rows that are to be added; of the others it is known what becomes of them."""
    for row in rows:
        if row.contact is None:
            done.counts["skipped" if row.is_blank else "failed"] += 1
        elif row.number in left_alone:
            done.counts["skipped"] += 1
        else:
            yield row
            continue
        if row.mistakes:
            done.mistakes.append((row, row.mistakes))


def _count(done: Done, reading: Reading, row: Row, added: Added | Refusals, changed: set[UUID]) -> None:
    if isinstance(added, Refusals):
        done.counts["failed"] += 1
        done.mistakes.append((row, reading.mistakes(added.refusals)))
        return
    outcome = added.outcome.lower()
    own = added.channel_ids[0]
    if outcome == "unchanged" and (added.changed or (row.standing and own in changed)):
        outcome = "updated"
    if row.standing:
        changed.discard(own)  # what the next row says of it again is nothing new
    done.counts[outcome] += 1
    done.consent_refused += len(added.refused)
    if row.mistakes:
        done.mistakes.append((row, row.mistakes))


def _standing(added: Iterable[tuple[Row, Added | Refusals]]) -> dict[UUID, Deliverability]:
    """What rows say of their own channels' deliverability; of two the stronger."""
    found: dict[UUID, Deliverability] = {}
    for row, one in added:
        if row.standing is not None and isinstance(one, Added):
            own = one.channel_ids[0]
            found[own] = max(row.standing, found.get(own, row.standing), key=STRENGTH.index)
    return found


async def _make_undeliverable(writer: Writer, standing: Mapping[UUID, Deliverability], run: Run, act: Act) -> set[UUID]:
    """Holds or expires channels; those of which it is news."""
    if not standing:
        return set()
    changed = await channels.make_undeliverable(
        writer, standing=standing, reason=f"Imported so from {run.of.file_name}.", act=act
    )
    if changed:
        await writing.maintain_channels(writer, changed)
    return changed


# ---- known contacts that are left alone


async def _known_before(writer: Writer, rows: Sequence[Row], run: Run) -> dict[int, dict[Address, UUID]]:
    """The rows about contacts that were known before the import, by their numbers, with the channels that were."""
    addresses = {address for row in rows if row.contact for address in row.contact.addresses}
    since = {"file_name": run.of.file_name, "since": run.of.started_at}
    known: dict[Address, UUID] = {}
    for statement in queries.KNOWN_BEFORE:
        known.update(await writer.fetch(statement, **since, **by_kind(addresses)))
    found = {}
    for row in rows:
        mine = {a: known[a] for a in row.contact.addresses if a in known} if row.contact else {}
        if mine:
            found[row.number] = mine
    return found


async def _opt_out(
    writer: Writer, left_alone: Mapping[int, Mapping[Address, UUID]], rows: Iterable[Row], run: Run, act: Act
) -> dict[UUID, Deliverability]:
    """Keeps the opt-outs of rows that are left alone, for none may be lost: each alone, on its own address.

    What comes back is what these rows say of the delivery to known channels.
    """
    skipped = [(row, row.contact, left_alone[row.number]) for row in rows if row.contact and row.number in left_alone]
    given = [item for _, contact, _ in skipped for item in contact.consents.items()]
    outs = [Contact(address, consents={address: said}) for address, said in given if said.act is LedgerAct.OPT_OUT]
    if outs:
        await add_contacts(writer, contacts=outs, guards=run.guards, act=act)
    return {
        known[contact.own]: row.standing for row, contact, known in skipped if row.standing and contact.own in known
    }
