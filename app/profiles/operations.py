"""Keeping the maintained copy, and editing a profile through its channels."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import case, delete, select
from sqlalchemy.dialects.postgresql import insert

from app.acts import Act
from app.channels import operations as channels
from app.channels.operations import Arrived
from app.channels.queries import AT_HOME, BY_IDS, IN_PROFILES, TAGS, Member
from app.channels.rules import text
from app.db import Again, Insertion, Writer, changing, first, selecting, table
from app.db.dialects import ACCOUNT
from app.db.expressions import constant, one_of
from app.events import operations as events
from app.ids import spelled
from app.profiles import rules
from app.profiles.errors import ChannelNotFound, ChannelNotInProfile, ProfileNotFound, ReasonRequired
from app.profiles.queries.derived import derived
from app.profiles.rules import Newborn, Renewed
from app.tables import Deliverability, IntakeMethod, Profile

LONGEST_REASON = 1_000
_profile = table(Profile)
INTO_PROFILES = Insertion(Profile)
RENEWED = Insertion(
    Profile,
    merging=lambda stored, new: {
        "display_name": case((new.display_name == constant(""), stored.display_name), else_=new.display_name),
        "custom_fields": new.custom_fields,
        "updated_at": case((stored.updated_at > new.updated_at, stored.updated_at), else_=new.updated_at),
    },
)
_DERIVED = derived(lambda channel: one_of(channel.profile_id, "ids"))
_INSERTED = insert(_profile).from_select(
    [*_DERIVED.selected_columns.keys(), "account_id"], _DERIVED.add_columns(ACCOUNT.label("account_id"))
)
_COLUMNS = [column for column in _INSERTED.excluded if column.key not in ("account_id", "id")]
WRITE = changing(
    _INSERTED.on_conflict_do_update(index_elements=["account_id", "id"], set_={c.key: c for c in _COLUMNS})
)
DELETE = changing(delete(_profile).where(one_of(_profile.c.id, "ids")))
LOCK = selecting(
    lambda id: id,
    select(_profile.c.id).where(one_of(_profile.c.id, "ids")).order_by(_profile.c.id).with_for_update(key_share=True),
)


async def maintain(writer: Writer, *, ids: Collection[UUID]) -> None:
    """Recomputes the copies of these profiles from what their channels and links are now."""
    await writer.settle()
    writer.later(WRITE, ids=ids)


def bear(writer: Writer, newborn: Newborn, *, act: Act) -> bool:
    """Adds the copy of a profile that is born just now; not where only the database can compute it. Whether it did."""
    row = rules.row(newborn, act)
    if row:
        writer.insert(INTO_PROFILES, **row)
    return bool(row)


def renew(writer: Writer, renewed: Renewed, *, act: Act) -> bool:
    """Changes the copy of a profile that got field values just now; not where only the database can. Whether it did."""
    row = rules.renewed_row(renewed, act)
    if row:
        writer.insert(RENEWED, **row)
    return bool(row)


async def lock(writer: Writer, *, profile_ids: Collection[UUID]) -> None:
    """Locks the profiles, in the order of their ids. Raises Again where one is gone already.

    Whoever changes which profile a channel is in holds that profile's lock.
    """
    locked = await writer.fetch(LOCK, ids=profile_ids)
    if len(locked) < len(profile_ids):
        raise Again


async def locked_at(writer: Writer, *, home_id: UUID | None, field: str) -> list[Member]:
    """The channels of the profile that the id resolves to, locked; the oldest first. Raises ProfileNotFound, or Again.

    `field` is where the id stands in the input.
    """
    known = first(await writer.fetch(AT_HOME, home_id=home_id)) if home_id else None
    if known is None:
        raise ProfileNotFound(field=(field,))
    await lock(writer, profile_ids=[known.profile_id])
    members = await writer.fetch(IN_PROFILES, profile_ids=[known.profile_id])
    if known not in members:
        raise Again
    return members


async def lock_of(writer: Writer, *, channel_ids: Collection[UUID]) -> list[UUID]:
    """Locks the profiles that these channels are in; their ids, in order. Raises ChannelNotFound, or Again."""
    before = await writer.fetch(BY_IDS, ids=set(channel_ids))
    if len(before) < len(set(channel_ids)):
        raise ChannelNotFound(field=("channelId",))
    profile_ids = sorted({member.profile_id for member in before})
    await lock(writer, profile_ids=profile_ids)
    if await writer.fetch(BY_IDS, ids=set(channel_ids)) != before:
        raise Again
    return profile_ids


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to change; None leaves alone, `tags` replaces the whole set, a null field value clears."""

    fields: Mapping[str, Any] | None = None
    tags: list[str] | None = None
    gdpr_applies: bool | None = None
    primary_ids: list[UUID | None] | None = None


async def update(writer: Writer, *, home_id: UUID | None, edit: Edit, act: Act) -> UUID:
    """Edits the profile that the id resolves to; its id now. Raises ProfileNotFound or ChannelNotInProfile."""
    members = await locked_at(writer, home_id=home_id, field="id")
    profile_id = members[0].profile_id
    for place, chosen in enumerate(edit.primary_ids or ()):
        if chosen not in {member.id for member in members}:
            raise ChannelNotInProfile(field=("primaryChannelIds", str(place)))
    if await _apply(writer, members, edit, act):
        fact = {"profile": spelled("Profile", profile_id)}
        events.publish(writer, name="profile_updated", data=fact, channel_ids=[members[0].id], act=act)
        await maintain(writer, ids=[profile_id])
    return profile_id


async def set_deliverability(
    writer: Writer, *, channel_id: UUID | None, deliverability: Deliverability, reason: str, act: Act
) -> UUID:
    """Says by hand whether messages arrive at a channel; its id.

    Raises ChannelNotFound, ReasonRequired or TextTooLong.
    """
    if not reason.strip():
        raise ReasonRequired
    text(reason, LONGEST_REASON, field=("reason",))
    if channel_id is None:
        raise ChannelNotFound(field=("channelId",))
    profile_ids = await lock_of(writer, channel_ids=[channel_id])
    new: dict[str, Any] = {"deliverability": deliverability, "reason": reason.strip()}
    if await channels.set_deliverability(writer, channel_id=channel_id, **new, act=act):
        await maintain(writer, ids=profile_ids)
    return channel_id


async def _apply(writer: Writer, members: list[Member], edit: Edit, act: Act) -> bool:
    """Puts the edit on the channels; whether anything changed."""
    ids, oldest = [member.id for member in members], members[0].id
    tags = await _replace_tags(writer, members, edit.tags) if edit.tags is not None else None
    arrived = Arrived(oldest, ids, edit.fields or {}, tags.added if tags else ())
    put = await channels.put(writer, arrived=[arrived], profile_ids=[members[0].profile_id], act=act)
    changed = bool(put.places) or bool(tags and tags.dropped)
    if changed:
        await writer.execute(channels.TOUCH, ids=[oldest], at=act.at)
    if edit.gdpr_applies is not None:
        changed = bool(await writer.fetch(channels.SET_GDPR, ids=ids, applies=edit.gdpr_applies, at=act.at)) or changed
    if edit.primary_ids:
        changed = bool(await writer.fetch(channels.SET_PRIMARY, ids=edit.primary_ids, at=act.at)) or changed
    return changed


class _Tags(NamedTuple):
    added: list[str]
    dropped: list[tuple[UUID, str]]


async def _replace_tags(writer: Writer, members: list[Member], tags: list[str]) -> _Tags:
    """Removes the tags that are not wanted any more; what is missing is still to be added."""
    known = await writer.fetch(TAGS, profile_ids=[members[0].profile_id])
    dropped = [(channel_id, tag) for (channel_id, tag), _ in known if tag not in tags]
    if dropped:
        await channels.remove_tags(writer, tags=dropped)
    stand = {tag for (_, tag), method in known if method is not IntakeMethod.IMPORT}  # whatever becomes of an import
    return _Tags([tag for tag in tags if tag not in stand], dropped)
