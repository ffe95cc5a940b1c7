"""What a profile is of which all that changed is in hand: the same as `queries.derived` computes."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from app.acts import Act
from app.channels.queries import Member
from app.channels.rules import Patch
from app.kinds import ChannelKind


class Newborn(NamedTuple):
    """A profile none of whose channels was known, the oldest first, with all the field values and tags they brought."""

    channels: Sequence[Member]
    fields: Mapping[str, Any]
    tags: Sequence[str]

    @property
    def is_plain(self) -> bool:
        """Whether no more is to be known of it: how numbers are printed and tags are sorted, databases know."""
        return len(self.tags) <= 1 and _are_texts(self.fields)


class Renewed(NamedTuple):
    """A known profile that gets field values and nothing else; `shown` are those that it shows before."""

    id: UUID
    shown: Mapping[str, Patch]
    fields: Mapping[str, Any]

    def is_plain(self, act: Act) -> bool:
        """Whether no more is to be known of it; it may not lose its name, nor have been told what is newer."""
        after = self.after
        is_named = bool(_name(after)) or not _name(self._before)
        return is_named and _are_texts(after) and all(patch.at < act.at for patch in self.shown.values())

    @property
    def after(self) -> dict[str, Any]:
        """The values that it has now."""
        return {key: value for key, value in {**self._before, **self.fields}.items() if value is not None}

    @property
    def _before(self) -> dict[str, Any]:
        return {key: patch.fields[key] for key, patch in self.shown.items()}


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


def renewed_row(renewed: Renewed, act: Act) -> dict[str, Any]:
    """The row of a plain one; what does not change is there already, and not taken from it."""
    after = renewed.after
    unchanged = dict.fromkeys(("detail", "email_channel_id", "sms_channel_id", "restricted_at"))
    return {
        **unchanged,
        "id": renewed.id,
        "created_at": act.at,
        "updated_at": act.at,
        "method": act.method,
        "display_name": _name(after),
        "custom_fields": after,
        "tags": [],
        "gdpr_applies": False,
    }


def _are_texts(fields: Mapping[str, Any]) -> bool:
    return all(value is None or type(value) is str for value in fields.values())


def _oldest_of(newborn: Newborn, kind: ChannelKind) -> Member | None:
    return next((member for member in newborn.channels if member.kind is kind), None)


def _id(member: Member | None) -> UUID | None:
    return member and member.id


def _name(fields: Mapping[str, Any]) -> str:
    """The name, empty where there is none; of nothing but spaces, as SQL trims."""
    first, last = (fields.get(key) for key in ("first_name", "last_name"))
    return f"{first if type(first) is str else ''} {last if type(last) is str else ''}".strip(" ")
