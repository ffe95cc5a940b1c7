"""What a profile is that is born with all of its channels: the same as `queries.derived`, from what is in hand."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from app.acts import Act
from app.channels.queries import Member
from app.kinds import ChannelKind


class Newborn(NamedTuple):
    """A profile none of whose channels was known, the oldest first, with all the field values and tags they brought."""

    channels: Sequence[Member]
    fields: Mapping[str, Any]
    tags: Sequence[str]

    @property
    def is_plain(self) -> bool:
        """Whether no more is to be known of it: how numbers are printed and tags are sorted, databases know."""
        return len(self.tags) <= 1 and all(value is None or type(value) is str for value in self.fields.values())


def row(newborn: Newborn, act: Act) -> dict[str, Any]:
    """The row of a plain one."""
    oldest = newborn.channels[0]
    email, sms = (_oldest_of(newborn, kind) for kind in (ChannelKind.EMAIL, ChannelKind.SMS))
    fields = {key: value for key, value in newborn.fields.items() if value is not None}
    return {
        "id": oldest.home_id,
        "created_at": act.at,
        "updated_at": act.at,
        "method": act.method,
        "detail": act.detail,
        "display_name": _name(fields) or (email or sms or oldest).address,
        "email_channel_id": _id(email),
        "sms_channel_id": _id(sms),
        "custom_fields": fields,
        "tags": newborn.tags,
        "gdpr_applies": False,
        "restricted_at": None,
    }


def _oldest_of(newborn: Newborn, kind: ChannelKind) -> Member | None:
    return next((member for member in newborn.channels if member.kind is kind), None)


def _id(member: Member | None) -> UUID | None:
    return member and member.id


def _name(fields: Mapping[str, str]) -> str:
    """Of spaces alone SQL trims."""
    return f"{fields.get('first_name', '')} {fields.get('last_name', '')}".strip(" ")
