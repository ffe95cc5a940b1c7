"""The proof that what is stored of profiles is what channels and links make of them."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, true

from app.channels.queries import MEMBERS
from app.db import Difference, Reader, entity, selecting
from app.identity.rules.picture import components, survivor
from app.profiles.queries.derived import derived
from app.tables import Link, Profile

_profile, _link = entity(Profile), entity(Link)
_DERIVED = derived(lambda _: true())
_STORED = select(*(getattr(_profile, str(column.key)) for column in _DERIVED.selected_columns))


def _id(id: UUID, *_: Any) -> UUID:
    return id


NOT_DERIVED = selecting(_id, _STORED.except_(_DERIVED))
NOT_STORED = selecting(_id, _DERIVED.except_(_STORED))
LINKS = selecting(
    lambda first, second: (first, second),
    select(_link.first_channel_id, _link.second_channel_id).where(_link.retracted_at.is_(None)),
)


async def differences(reader: Reader) -> list[Difference]:
    """Recomputes every profile of the account, and compares: channels in a wrong profile, copies that are not right.

    Reads everything that identity rests on; empty where all is right.
    """
    channels = {channel.id: channel for channel in await reader.fetch(MEMBERS)}
    together = components(channels, await reader.fetch(LINKS))
    astray = [
        Difference("channel in a wrong profile", id)
        for ids in together
        for id in ids
        if channels[id].profile_id != survivor(channels[each] for each in ids)
    ]
    wrong = {*await reader.fetch(NOT_DERIVED), *await reader.fetch(NOT_STORED)}
    return astray + [Difference("profile unlike its channels", id) for id in sorted(wrong)]
