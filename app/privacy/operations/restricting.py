"""Restricting processing (GDPR, article 18): a restricted profile is sent nothing and joins nothing by itself."""

from uuid import UUID

from sqlalchemy import null, update

from app.acts import Act
from app.db import Statement, Writer, changing, param, table
from app.db.expressions import one_of
from app.db.types import Time
from app.events import operations as events
from app.ids import spelled
from app.profiles import operations as profiles
from app.tables import Channel

_channel = table(Channel)


def _set(restricted: bool) -> Statement[tuple[UUID]]:
    """Sets or clears the restriction of channels that are not so already."""
    at = param("at", Time())
    is_set = _channel.c.restricted_at.is_not(None)
    return changing(
        update(_channel)
        .where(one_of(_channel.c.id, "ids"), ~is_set if restricted else is_set)
        .values(restricted_at=at if restricted else null(), updated_at=at)
        .returning(_channel.c.id)
    )


RESTRICT, LIFT = _set(True), _set(False)


async def restrict(writer: Writer, *, home_id: UUID | None, restricted: bool, act: Act) -> UUID:
    """Restricts processing of the profile that the id resolves to, or lifts it; its id now. Raises ProfileNotFound.

    All its channels carry the restriction, so that it stays with each of them.
    """
    members = await profiles.locked_at(writer, home_id=home_id, field="profileId")
    profile_id = members[0].profile_id
    ids = [member.id for member in members]
    changed = await writer.fetch(RESTRICT if restricted else LIFT, ids=ids, at=act.at)
    if changed:
        name = "processing_restricted" if restricted else "restriction_lifted"
        fact = {"profile": spelled("Profile", profile_id)}
        events.publish(writer, name=name, data=fact, channel_ids=[id for (id,) in changed], act=act)
        await profiles.maintain(writer, ids=[profile_id])
    return profile_id
