"""Taking back what an import brought, batch by batch, the newest first.

Links, field values, tags and opt-ins go, and channels on which nothing else has happened. Opt-outs, holds and expiries
stay, so that nobody becomes mailable by an undo; so does whatever came later or from elsewhere. No never-link is left.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.acts import Act
from app.channels import operations as channels
from app.channels.queries import BY_IDS
from app.channels.rules import words_of, words_of_names
from app.consent import operations as consent
from app.db import Writer, first
from app.events import operations as events
from app.identity.operations import writing
from app.identity.queries import state
from app.identity.rules.picture import Held, Picture
from app.ids import spelled
from app.imports.operations.changing import publish
from app.imports.operations.running import LEASE, Lost, Run
from app.imports.queries import running, undoing
from app.imports.queries.running import Batch
from app.imports.queries.undoing import Born, Yielded
from app.tables import SuppressionReason


@dataclass(frozen=True, slots=True)
class Brought:
    """What a batch brought."""

    at: datetime
    rows: int
    ids: dict[str, list[UUID]]
    touched: dict[UUID, datetime]
    freed: dict[UUID, datetime]

    @classmethod
    def of(cls, batch: Batch) -> "Brought":
        """From JSON."""
        kept: dict[str, Any] = dict(batch.brought)
        rows = kept.pop("rows")
        touched, freed = (_times(kept.pop(name, {})) for name in ("touched", "freed"))
        ids = {what: [UUID(hex=id) for id in ids] for what, ids in kept.items()}
        return cls(batch.at, rows, ids, touched, freed)

    def __getitem__(self, what: str) -> list[UUID]:
        return self.ids.get(what, [])


def _times(kept: Mapping[str, str]) -> dict[UUID, datetime]:
    return {UUID(hex=id): datetime.fromisoformat(at) for id, at in kept.items()}


async def take_back(writer: Writer, *, run: Run, act: Act) -> bool:
    """Takes the newest batch back; whether there was one. Where there is none, the import is undone. Raises Lost."""
    batch = first(await writer.fetch(running.LAST_BATCH, import_id=run.of.id))
    if batch is None:
        await _end(writer, run, act)
        return False
    await _undo(writer, Brought.of(batch), run, act)
    await writer.execute(undoing.DELETE_BATCH, this_import=run.of.id, this_number=batch.number)
    if not await writer.fetch(running.KEEP_LEASE, import_id=run.of.id, mine=run.mine, until=act.at + LEASE):
        raise Lost
    return True


async def _end(writer: Writer, run: Run, act: Act) -> None:
    if not await writer.fetch(running.UNDONE, import_id=run.of.id, mine=run.mine, now=act.at):
        raise Lost
    publish(writer, name="import_undone", import_id=run.of.id, act=act)


async def _undo(writer: Writer, brought: Brought, run: Run, act: Act) -> None:
    links = await writer.fetch(state.LINKS_BY_ID, ids=brought["links"])
    yielded = await writer.fetch(undoing.YIELDED, ids=brought["links"])
    recorded = dict(await writer.fetch(undoing.RECORDED, ids=brought["records"]))
    concerned = {
        *brought["channels"],
        *brought.touched,
        *brought["tags"],
        *recorded.values(),
        *await writer.fetch(undoing.PATCHED, ids=brought["patches"]),
        *(end for link in (*links, *(each.claim for each in yielded)) for end in link.ends),
    }
    found = await writer.fetch(state.BY_IDS, ids=concerned)
    picture = await writing.pictured(writer, found, run.guards, with_links=True)
    _part(writer, picture, links, yielded, act)
    await _remove_values(writer, brought)
    known = {at.id for at in found}
    gone = await _untouched(writer, picture, known, brought)
    ids = {each.id for each in gone}
    await _retract(writer, [id for id, channel_id in recorded.items() if channel_id not in ids], act)
    await writing.regroup(writer, picture, changed=known)
    await writer.settle()
    _forget(writer, gone, brought.freed, act)
    fact = {"import": spelled("Import", run.of.id)}
    events.publish(writer, name="import_taken_back", data=fact, channel_ids=sorted(known - ids), act=act)


def _part(writer: Writer, picture: Picture, links: Iterable[Held], yielded: Sequence[Yielded], act: Act) -> None:
    """Removes the links that are in force; claims that had yielded to them come back."""
    held = {link.id: link for link in links if link.id in picture.links}
    picture.drop(*held)
    for id, link in held.items():
        claims = [each.claim for each in yielded if each.link_id == id]
        back = [claim for claim in claims if picture.revive(claim, apart=link.ends)]
        if back:
            writing.come_back(writer, back, link_id=id, act=act)
    for statement in undoing.DELETE_LINKS if held else ():
        writer.later(statement, ids=list(held))


async def _remove_values(writer: Writer, brought: Brought) -> None:
    """Removes field values and tags, and the words by which their channels were found for them; open proposals."""
    named = await writer.fetch(undoing.PATCHED, ids=brought["patches"])
    writer.later(undoing.DELETE_PATCHES, ids=brought["patches"])
    until = brought.at + timedelta(microseconds=brought.rows)
    writer.later(undoing.DELETE_TAGS, ids=brought["tags"], since=brought.at, until=until)
    writer.later(undoing.DELETE_PROPOSALS, ids=brought["proposals"])
    rows = [{"channel_id": id, "then": brought.at, "before": before} for id, before in brought.touched.items()]
    if rows:
        await writer.execute_many(undoing.UNTOUCH, rows)
    await _renew_words(writer, set(named))


async def _renew_words(writer: Writer, channel_ids: Collection[UUID]) -> None:
    """Makes channels be found by their addresses and by the names that are left."""
    if not channel_ids:
        return
    members = await writer.fetch(BY_IDS, ids=channel_ids)
    patches = await writer.fetch(undoing.PATCHES, channel_ids=channel_ids)
    await writer.execute(undoing.DELETE_WORDS, ids=channel_ids)
    words = {(word, member.id) for member in members for word in words_of(member.place)}
    words |= {(word, patch.channel_id) for patch in patches for word in words_of_names(patch.fields)}
    channels.add_words(writer, words=words)


async def _untouched(writer: Writer, picture: Picture, known: Iterable[UUID], brought: Brought) -> list[Born]:
    """The channels that the batch brought, or an import undone before, that stand alone now, with nothing on them."""
    alone = [id for id in known if len(picture.group_of(id)) == 1]
    await writer.settle()
    ids = {"channel_ids": alone, "born_ids": brought["channels"], "record_ids": brought["records"]}
    return await writer.fetch(undoing.UNTOUCHED, **ids) if alone else []


async def _retract(writer: Writer, record_ids: Sequence[UUID], act: Act) -> None:
    """Takes opt-ins back."""
    if record_ids:
        await consent.retract(writer, record_ids=record_ids, act=act)


def _forget(writer: Writer, gone: Sequence[Born], freed: Mapping[UUID, datetime], act: Act) -> None:
    """Removes channels; who was erased, and brought back by the import alone, is erased as before."""
    if not gone:
        return
    for statement in undoing.DELETE_CHANNELS:
        writer.later(statement, ids=[each.id for each in gone], home_ids=[each.home_id for each in gone])
    for each in gone:
        if each.id in freed:
            digest = channels.digest(each.place, act)
            channels.suppress(writer, digest=digest, reason=SuppressionReason.ERASED, since=freed[each.id])
