"""A form as a page, and as it is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from app.channels.errors import Erased
from app.channels.rules import Address, masked
from app.consent.rules.evidence import Given
from app.errors import Refusal, Refusals, each_of
from app.intake.rules.forms import CONSENT, TRAP, Form, FormField
from app.intake.rules.submissions import Filled
from app.kinds import ChannelKind
from app.web.forms import Fields
from app.web.pages.showing import page

INVALID = 422  # understood, but not to be taken so (RFC 9110, 15.5.21)
ADDRESS_INPUTS = {ChannelKind.EMAIL: ("email", "email"), ChannelKind.SMS: ("tel", "tel")}
#: What browsers fill in by themselves (HTML, "autofill"), by the keys that contacts commonly have.
FILLED_IN = {"first_name": "given-name", "last_name": "family-name", "company": "organization"}


@dataclass(frozen=True, slots=True)
class Posted:
    """A form as it was sent; `trapped` where a machine filled in what no person sees."""

    values: Mapping[str, Any] = field(default_factory=dict)
    consents: Sequence[str] = ()
    trapped: bool = False

    def filled(self, evidence: Given) -> Filled:
        """The same with what the request tells of who sends it."""
        return Filled(
            dict(self.values),
            self.consents,
            evidence.source_url,
            evidence.ip_address,
            evidence.user_agent,
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """A field as the page shows it; `place` names it within the page. `own` is the address, where it is known."""

    place: str
    field: FormField
    kind: str
    autocomplete: str
    value: str
    ticked: bool
    own: str | None
    error: str | None


def of_fields(fields: Fields) -> Posted:
    """What a browser sent."""
    values = {name: value for name, value in fields if name not in (CONSENT, TRAP)}
    trapped = any(name == TRAP and value.strip() for name, value in fields)
    return Posted(values, [value for name, value in fields if name == CONSENT], trapped)


def form_page(
    form: Form,
    business: str,
    *,
    posted: Posted | None = None,
    refusals: Sequence[Refusal] = (),
    own: Address | None = None,
) -> Response:
    """The page with the fields; after mistakes with what was typed, and each mistake beside its field."""
    posted = posted or Posted()
    errors = {place_of(refusal): refusal.message for refusal in refusals}
    fields = [
        _shown(f"field-{number}", field, posted, errors.get(field.key), own)
        for number, field in enumerate(form.fields, 1)
    ]
    known = {each.field.key for each in fields}
    return page(
        "form" if fields else "form_full",
        INVALID if errors else 200,
        business=business,
        form=form,
        fields=fields,
        either=own is None and len(form.kinds) == 2 and not any(each.required for each in form.fields if each.kind),
        others=[text for key, text in errors.items() if key not in known],
        wrong=[each for each in fields if each.error],
        consent=CONSENT,
        trap=TRAP,
        own=own and masked(own),
    )


def thanks(form: Form, business: str, *, known: bool = False) -> Response:
    """The page after sending, which says nothing of who was known before."""
    return page("form_sent", business=business, form=form, known=known)


def told_to_anybody(refused: Refusal | Refusals) -> list[Refusal]:
    """What is wrong with the input itself; that somebody had an address erased is nobody's business."""
    return [each for each in each_of(refused) if not isinstance(each, Erased)]


def place_of(refusal: Refusal) -> str | None:
    """The key of the field that a refusal is about, if it is about one."""
    match refusal.field:
        case ("values", key, *_):
            return key
        case (start, *_):
            return start
        case _:
            return None


def _shown(place: str, field: FormField, posted: Posted, error: str | None, own: Address | None) -> Shown:
    kind, autocomplete = ADDRESS_INPUTS[field.kind] if field.kind else ("text", FILLED_IN.get(field.key, "off"))
    value, is_own = posted.values.get(field.key, ""), own is not None and field.kind is own.kind
    return Shown(
        place,
        field,
        kind,
        autocomplete,
        value if isinstance(value, str) else "",
        field.key in posted.consents,
        masked(own) if own and is_own else None,
        error,
    )
