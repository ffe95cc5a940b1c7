"""What a form may be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.channels import rules as channels
from app.consent.rules.evidence import LONGEST_WORDING
from app.identity.rules.contacts import Checks
from app.intake.errors import InvalidForm
from app.kinds import KINDS, ChannelKind

LONGEST_NAME = 200
LONGEST_LABEL = 200
MOST_FIELDS = 30
IDENTIFIERS = {each.input: kind for kind, each in KINDS.items()}
#: What forms on pages and sites send beside the values: the keys of ticked boxes, and what only machines fill in.
CONSENT, TRAP = "consent", "homepage_url"
COLLECTED = {ChannelKind.EMAIL: "an email address", ChannelKind.SMS: "a mobile number"}


@dataclass(frozen=True, slots=True)
class Ask:
    """A consent that a field asks for, by its exact wording."""

    kind: ChannelKind
    disclosure: str


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form."""

    key: str
    label: str
    required: bool = False
    ask: Ask | None = None

    @property
    def kind(self) -> ChannelKind | None:
        """The kind of address that it collects, if it does."""
        return IDENTIFIERS.get(self.key)


@dataclass(frozen=True, slots=True)
class Form:
    """A form, as it is for good."""

    name: str
    fields: tuple[FormField, ...]
    double_opt_in: bool = False
    trusted: bool = False

    @property
    def keys(self) -> list[str]:
        """The keys of its fields, in order."""
        return [field.key for field in self.fields]

    @property
    def kinds(self) -> list[ChannelKind]:
        """The kinds of addresses that it collects, in the order of its fields."""
        return [field.kind for field in self.fields if field.kind]


# ---- making forms


def checked(form: Form) -> Form:
    """The form, trimmed; a lone identifier is required. Raises Refusals with everything that is wrong."""
    checks = Checks()
    with checks:
        _check_text(form.name, LONGEST_NAME, "name", ("name",))
    with checks:
        if not 1 <= len(form.fields) <= MOST_FIELDS:
            raise InvalidForm(f"A form has 1 to {MOST_FIELDS} fields; this one has {len(form.fields)}.", ("fields",))
    for place, field in enumerate(form.fields):
        _check_field(field, form.keys[:place], ("fields", str(place)), checks)
    with checks:
        if form.fields and not form.kinds:
            message = "A form has a field emailAddress or mobileNumber, best both: it says whose the answers are."
            raise InvalidForm(message, ("fields",))
    checks.done()
    lone = len(form.kinds) == 1
    fields = tuple(
        replace(field, label=field.label.strip(), required=field.required or (lone and field.kind is not None))
        for field in form.fields
    )
    return replace(form, name=form.name.strip(), fields=fields)


def _check_field(field: FormField, before: Sequence[str], path: tuple[str, ...], checks: Checks) -> None:
    with checks:
        _check_key(field.key, before, (*path, "key"))
    with checks:
        _check_text(field.label, LONGEST_LABEL, "label", (*path, "label"))
    if field.ask is None:
        return
    with checks:
        if field.kind is not field.ask.kind:
            beside = KINDS[field.ask.kind].input
            message = f"Consent to {field.ask.kind} is asked for beside the address: in the field {beside}."
            raise InvalidForm(message, (*path, "consent", "channelKind"))
    with checks:
        _check_text(field.ask.disclosure, LONGEST_WORDING, "disclosure", (*path, "consent", "disclosure"))


def _check_key(key: str, before: Sequence[str], path: tuple[str, ...]) -> None:
    if key in before:
        raise InvalidForm(f"There is a field '{key}' already; each key stands once.", path)
    if key in (CONSENT, TRAP):
        raise InvalidForm(f"'{key}' means something else where forms are posted; choose another key.", path)
    if key not in IDENTIFIERS:
        channels.check_key(key, field=path)


def _check_text(text: str, longest: int, what: str, path: tuple[str, ...]) -> None:
    if not text.strip() or len(text) > longest:
        raise InvalidForm(f"A {what} has 1 to {longest:,} characters.", path)


def advice(fields: Sequence[FormField]) -> list[str]:
    """What would make a form better."""
    kinds = {field.kind for field in fields} - {None}
    if len(kinds) != 1:
        return []
    [kind] = kinds
    return [f"Collects only {COLLECTED[kind]}: its contacts will not be linked."] if kind else []


# ---- as it is stored


def stored(fields: Sequence[FormField]) -> list[dict[str, Any]]:
    """The fields as JSON."""
    return [
        {
            "key": field.key,
            "label": field.label,
            "required": field.required,
            "channel_kind": field.ask and field.ask.kind,
            "disclosure": field.ask and field.ask.disclosure,
        }
        for field in fields
    ]


def restored(fields: Sequence[Mapping[str, Any]]) -> tuple[FormField, ...]:
    """The fields of their JSON."""
    return tuple(
        FormField(
            field["key"],
            field["label"],
            field["required"],
            Ask(ChannelKind(field["channel_kind"]), field["disclosure"]) if field["channel_kind"] else None,
        )
        for field in fields
    )
