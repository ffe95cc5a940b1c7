"""What a submission of a form says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.accounts.rules import Guards
from app.channels import rules as channels
from app.channels.rules import Address
from app.consent.rules.evidence import Given
from app.errors import Refusal, Refusals, each_of
from app.identity.rules import contacts
from app.identity.rules.contacts import Checks, Contact, Submitted
from app.identity.rules.guarding import is_placeholder
from app.intake.errors import FieldRequired, InvalidValues, UnknownConsent, UnknownField
from app.intake.rules.forms import IDENTIFIERS, Ask, Form, FormField
from app.kinds import KINDS, ChannelKind
from app.tables import LedgerAct, LinkTrust


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was filled in, unchecked: values by the keys of its fields, and the keys of the ticked fields."""

    values: Any
    consents: Sequence[str] = ()
    source_url: str | None = None
    ip_address: str | None = None
    user_agent: str | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """A submission, checked: the contact with the opt-ins that count at once, and those that are to be confirmed."""

    contact: Contact
    asks: Mapping[Address, Given]


def missing(form: Form, *, own: Address, kinds: Sequence[ChannelKind], keys: Sequence[str], opted_in: bool) -> Form:
    """What of a form is still to be asked of a contact who is known by a signed link to its address `own`.

    Neither the kinds of addresses that its profile has, nor the custom fields. Of its own address it may be asked for
    the consent, which is a field whose value is known.
    """

    def is_asked(field: FormField) -> bool:
        if field.kind is own.kind:
            return field.ask is not None and not opted_in
        return field.kind not in kinds if field.kind else field.key not in keys

    return replace(form, fields=tuple(field for field in form.fields if is_asked(field)))


def judged(
    form: Form, filled: Filled, *, own: Address | None = None, default_region: str, guards: Guards, now: datetime
) -> Submission:
    """The submission, checked and normalised. Raises Refusals with everything that is wrong, each beside its input.

    `own` is the address that a signed link shows to be the person's: it is not asked, and counts as confirmed. A blank
    value says nothing. Consent has a time of its own, which beats an earlier opt-out, only where it is known that the
    person gave it: by a trusted form or for the own address.
    """
    values = _values(form, filled.values, own, default_region, guards)
    identifiers = {kind: values.pop(key) for key, kind in IDENTIFIERS.items() if key in values}
    if own:
        identifiers[own.kind] = own.text
    ticked = _ticked(form, filled.consents, identifiers)
    submitted = Submitted(
        own.kind if own else next(kind for kind in form.kinds if kind in identifiers),
        email_address=identifiers.get(ChannelKind.EMAIL),
        mobile_number=identifiers.get(ChannelKind.SMS),
        custom_fields=values,
        consents={
            ask.kind: _given(ask, filled, now if form.trusted or (own and own.kind is ask.kind) else None)
            for ask in ticked
        },
        trust=LinkTrust.TRUSTED if form.trusted else LinkTrust.CLAIMED,
    )
    try:
        contact = contacts.judged(submitted, default_region=default_region, guards=guards, now=now)
    except Refusals as refused:
        raise beside(refused) from None
    asked = {place: said for place, said in contact.consents.items() if form.double_opt_in and place != own}
    at_once = {place: said for place, said in contact.consents.items() if place not in asked}
    return Submission(replace(contact, consents=at_once), asked)


def _values(form: Form, values: Any, own: Address | None, region: str, guards: Guards) -> dict[str, Any]:
    """The values that say something. Raises Refusals."""
    if not isinstance(values, dict):
        raise Refusals([InvalidValues(form.keys)])
    checks = Checks()
    for key in values:
        with checks:
            if key not in form.keys:
                raise UnknownField(key, form.keys)
    said = {key: value for key, value in values.items() if not _is_blank(value)}
    with checks:
        if own is None and not any(key in said or _is_required(form, key) for key in IDENTIFIERS):
            first = next(field for field in form.fields if field.kind)
            raise FieldRequired(first.key, first.label, either=True)
    for field in form.fields:
        if own is None or field.kind is not own.kind:
            with checks:
                _check_value(field, said.get(field.key), region, guards)
    checks.done()
    return said


def _check_value(field: FormField, value: Any, region: str, guards: Guards) -> None:
    if value is None and field.required:
        raise FieldRequired(field.key, field.label)
    if value is None or field.kind is None:
        return
    if not isinstance(value, str):
        raise InvalidValues([field.key], field=("values", field.key))
    if is_placeholder(field.kind, value.strip(), region, guards):  # what becomes of it, depends on the other address
        return
    try:
        channels.address(field.kind, value, region=region, field=(field.key,))
    except Refusal as refused:
        refused.field = _path(refused.field)
        raise


def _is_required(form: Form, key: str) -> bool:
    return any(field.required for field in form.fields if field.key == key)


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _ticked(form: Form, keys: Sequence[str], identifiers: Mapping[ChannelKind, str]) -> list[Ask]:
    """What was agreed to. Raises Refusals."""
    asks = {field.key: field.ask for field in form.fields if field.ask}
    checks = Checks()
    for key in keys:
        with checks:
            if key not in asks:
                raise UnknownConsent(key, list(asks))
            if asks[key].kind not in identifiers:
                label = next(field.label for field in form.fields if field.key == key)
                raise FieldRequired(key, label, agreed=True)
    checks.done()
    return [asks[key] for key in dict.fromkeys(keys)]


def _given(ask: Ask, filled: Filled, at: datetime | None) -> Given:
    evidence = (filled.source_url, filled.ip_address, filled.user_agent)
    return Given(LedgerAct.OPT_IN, at, *evidence, ask.disclosure)


def beside(refused: Refusal | Refusals) -> Refusals:
    """The refusals of a contact, each beside the input of the submission."""
    found = each_of(refused)
    for refusal in found:
        refusal.field = _path(refusal.field)
    return Refusals(found)


def _path(path: tuple[str, ...]) -> tuple[str, ...]:
    match path:
        case (start, *_) if start in IDENTIFIERS:
            return ("values", *path)
        case ("customFields", *rest):
            return ("values", *rest)
        case (start, *rest) if start in {each.consent_input for each in KINDS.values()}:
            return tuple(rest) if rest and rest[0] != "disclosure" else ("consents",)
        case _:
            return path
