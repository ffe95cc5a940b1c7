"""Forms as they are shown and submitted, and what is known of a contact who opens one by a signed link."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, select

from app.accounts.rules import Guards, Sender
from app.channels.rules import Address
from app.db import entity, param, selecting, table
from app.db.expressions import elements, in_order, is_true, one_of, outer, text_member
from app.db.types import Id
from app.intake.rules import forms
from app.intake.rules.forms import Form
from app.kinds import ChannelKind
from app.tables import Account, Channel, ConsentRecord, ConsentStatus, Deliverability, Profile
from app.tables import Form as Row


class Offered(NamedTuple):
    """A form as somebody finds it who has no key: whose it is, and what its submissions are read and answered by."""

    account_id: int
    id: UUID
    form: Form
    region: str
    guards: Guards
    sender: Sender


class Known(NamedTuple):
    """What is known of the contact of a channel: its address, and what its profile has already."""

    place: Address
    opted_in: bool
    kinds: list[ChannelKind]
    keys: list[str]


class Agreed(NamedTuple):
    """What the consent of a channel that is opted in was given to."""

    place: Address
    disclosure: str | None


def _form(name: str, fields: Sequence[dict[str, Any]], double_opt_in: bool, trusted: bool) -> Form:
    return Form(name, forms.restored(fields), double_opt_in, trusted)


def _offered(account_id: int, id: UUID, *columns: Any) -> Offered:
    made, (region, most, placeholders, roles, *sender) = columns[:4], columns[4:]
    guards = Guards(most, tuple(placeholders), tuple(roles))
    return Offered(account_id, id, _form(*made), region, guards, Sender(*sender))


def _known(kind: str, address: str, status: str, fields: dict[str, Any], email: UUID | None, sms: UUID | None) -> Known:
    has = {ChannelKind.EMAIL: email, ChannelKind.SMS: sms}
    place = Address(ChannelKind(kind), address)
    return Known(place, status == ConsentStatus.OPTED_IN, [kind for kind, id in has.items() if id], list(fields))


_made, _account = table(Row), table(Account)
_FORM: tuple[Any, ...] = (_made.c.name, _made.c.fields, _made.c.double_opt_in, _made.c.trusted)
_OFFERED = select(
    _made.c.account_id,
    _made.c.id,
    *_FORM,
    _account.c.default_region,
    _account.c.max_channels_per_kind,
    _account.c.placeholder_patterns,
    _account.c.role_patterns,
    _account.c.name,
    _account.c.help_text,
).join(_account, _account.c.account_id == _made.c.account_id)
#: A form of whatever account: which one it is, is just the question.
OFFERED = selecting(_offered, _OFFERED.where(_made.c.id == param("form_id", Id())).limit(1), everywhere=True)
#: A form of the account.
OWN = selecting(_offered, _OFFERED.where(_made.c.id == param("form_id", Id())))

_channel, _profile, _record = entity(Channel), entity(Profile), entity(ConsentRecord)
KNOWN = selecting(
    _known,
    select(
        _channel.kind,
        _channel.address,
        _channel.consent_status,
        _profile.custom_fields,
        _profile.email_channel_id,
        _profile.sms_channel_id,
    )
    .select_from(in_order(_channel, _profile, _profile.id == _channel.profile_id))
    .where(_channel.id == param("channel_id", Id())),
)
#: What those of the channels agreed to that are opted in; an expired one is to agree anew, which ends that.
AGREED = selecting(
    lambda kind, address, disclosure: Agreed(Address(ChannelKind(kind), address), disclosure),
    select(_channel.kind, _channel.address, _record.disclosure)
    .select_from(in_order(_channel, _record, _record.id == _channel.consent_record_id))
    .where(
        one_of(_channel.id, "channel_ids"),
        _channel.consent_status == ConsentStatus.OPTED_IN,
        _channel.deliverability != Deliverability.EXPIRED,
    ),
)


# ---- as the API shows them


def every(_: object) -> Select[Any]:
    """All forms, the oldest first."""
    form = entity(Row)
    return select(form).order_by(form.created_at, form.id)


def by_id(payload: Any) -> Select[Any]:
    """The form `payload.id`."""
    form = entity(Row)
    return select(form).where(form.id == payload.id)


def fields(form: Any) -> Select[Any]:
    """The fields of a form, in order."""
    each = elements(form.fields, "field")
    value = each.c.value
    found = select(
        text_member(value, "key").label("key"),
        text_member(value, "label").label("label"),
        is_true(value, "required").label("required"),
        text_member(value, "channel_kind").label("channel_kind"),
        text_member(value, "disclosure").label("disclosure"),
        each.c.key.label("place"),
    ).subquery()
    return select(found).order_by(found.c.place)


def consent(field: Any) -> Select[Any]:
    """The consent that a field asks for, if it does."""
    asked = outer(field.channel_kind)
    return select(asked.label("channel_kind"), outer(field.disclosure).label("disclosure")).where(asked.is_not(None))
