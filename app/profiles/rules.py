"""What a profile is of which all that changed is in hand: the same as `queries.derived` computes."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from app.acts import Act
from app.channels.queries import Member
from app.channels.rules import Patch
from app.kinds import ChannelKind

_TEXT = {str}


class Newborn(NamedTuple):
    """A profile none of whose channels was known, the oldest first, with all the field values and tags they brought."""

    channels: Sequence[Member]
    fields: Mapping[str, Any]
    tags: Sequence[str]


class Renewed(NamedTuple):
    """A known profile that gets field values and nothing else; `shown` are those that it shows before."""

    id: UUID
    shown: Mapping[str, Patch]
    fields: Mapping[str, Any]


def row(newborn: Newborn, act: Act) -> dict[str, Any] | None:
    """The row of a profile that is born; None where more is to be known of it.

    How numbers are printed and several tags are sorted, the database knows.
    """
    fields = _without_cleared(newborn.fields)
    if len(newborn.tags) > 1 or not _are_texts(fields):
        return None
    oldest = newborn.channels[0]
    email, sms = (_oldest_of(newborn, kind) for kind in (ChannelKind.EMAIL, ChannelKind.SMS))
    return {
        **_UNTOUCHED,
        "id": oldest.home_id,
        "created_at": act.at,
        "updated_at": act.at,
        "method": act.method,
        "detail": act.detail,
        "display_name": _name(fields) or (email or sms or oldest).address,
        "email_channel_id": email and email.id,
        "sms_channel_id": sms and sms.id,
        "custom_fields": fields,
        "tags": newborn.tags,
    }


def renewed_row(renewed: Renewed, act: Act) -> dict[str, Any] | None:
    """The row of a profile that is changed; None where more is to be known of it.

    Its name, if it had one and loses it, or what is newer than the act. What does not change is there already, and not
    taken from the row.
    """
    before = {key: patch.fields[key] for key, patch in renewed.shown.items()}
    after = _without_cleared({**before, **renewed.fields})
    name = _name(after)
    if not (_are_texts(after) and (name or not _name(before))) or any(p.at >= act.at for p in renewed.shown.values()):
        return None
    return {
        **_UNTOUCHED,
        "id": renewed.id,
        "created_at": act.at,
        "updated_at": act.at,
        "method": act.method,
        "display_name": name,
        "custom_fields": after,
    }


_UNTOUCHED: Mapping[str, Any] = {
    "detail": None,
    "email_channel_id": None,
    "sms_channel_id": None,
    "tags": (),
    "gdpr_applies": False,
    "restricted_at": None,
}


def _without_cleared(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in fields.items() if value is not None}


def _are_texts(fields: Mapping[str, Any]) -> bool:
    return set(map(type, fields.values())) <= _TEXT


def _oldest_of(newborn: Newborn, kind: ChannelKind) -> Member | None:
    return next((member for member in newborn.channels if member.kind is kind), None)


def _name(fields: Mapping[str, Any]) -> str:
    """The name, empty where there is none; of nothing but spaces, as SQL trims."""
    first, last = (fields.get(key) for key in ("first_name", "last_name"))
    return f"{first if type(first) is str else ''} {last if type(last) is str else ''}".strip(" ")
