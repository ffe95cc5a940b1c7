"""Who contact data is about: its identifiers, checked and normalised, and what came with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any

from app.accounts.rules import Guards
from app.channels import rules as channels
from app.channels.rules import Address
from app.consent.rules import evidence as consent
from app.consent.rules.evidence import Given
from app.errors import Refusal, Refusals
from app.identity.errors import BlockedIdentifier, ConsentWithoutAddress, IdentifierRequired
from app.identity.rules.guarding import is_placeholder
from app.kinds import KINDS, ChannelKind
from app.tables import LinkTrust

LONGEST_DETAIL = 1_000


@dataclass(frozen=True, slots=True)
class Submitted:
    """Contact data as it came in, unchecked; `own` is the kind of identifier that the way in is about."""

    own: ChannelKind
    email_address: str | None = None
    mobile_number: str | None = None
    custom_fields: Any = None
    tags: Sequence[str] = ()
    detail: str | None = None
    region: str | None = None
    consents: Mapping[ChannelKind, Given] = field(default_factory=dict)
    trust: LinkTrust = LinkTrust.TRUSTED

    @property
    def texts(self) -> dict[ChannelKind, str]:
        """The addresses that are not blank, trimmed."""
        given = {ChannelKind.EMAIL: self.email_address, ChannelKind.SMS: self.mobile_number}
        return {kind: text.strip() for kind, text in given.items() if text and text.strip()}


@dataclass(frozen=True, slots=True)
class Contact:
    """Contact data, checked. Fields and tags are put on the channel of its own address.

    `set_aside` are placeholders that came with it, handled as if they were absent. With `fills_blanks`, fields for
    which the profile shows a value are left alone.
    """

    own: Address
    other: Address | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    tags: Sequence[str] = ()
    consents: Mapping[Address, Given] = field(default_factory=dict)
    trust: LinkTrust = LinkTrust.TRUSTED
    set_aside: tuple[str, ...] = ()
    fills_blanks: bool = False

    @property
    def addresses(self) -> list[Address]:
        """One or two."""
        return [self.own] if self.other is None else [self.own, self.other]


class Checks:
    """Notes the refusals of several checks, to tell them together: `with checks: ...` each, then `done`."""

    def __init__(self) -> None:
        self._refusals: list[Refusal] = []

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if isinstance(error, Refusal):
            self._refusals.append(error)
        return isinstance(error, Refusal)

    def done(self) -> None:
        """Raises Refusals if there are any."""
        if self._refusals:
            raise Refusals(self._refusals)


def judged(submitted: Submitted, *, default_region: str, guards: Guards, now: datetime) -> Contact:
    """The contact, checked and normalised. Raises Refusals with everything that is wrong, each beside its input.

    Numbers are read in the region given with the data, else in the default (ISO 3166); `now` is in UTC.
    """
    checks, region = Checks(), default_region
    with checks:
        region = channels.region(submitted.region, field=("defaultRegion",)) if submitted.region else region
    texts, set_aside = _identifiers(submitted, region, guards, checks)
    addresses: dict[ChannelKind, Address] = {}
    for kind, text in texts.items():
        with checks:
            addresses[kind] = channels.address(kind, text, region=region, field=(KINDS[kind].input,))
    fields: dict[str, Any] = {}
    with checks:
        if submitted.custom_fields is not None:
            fields = channels.custom_fields(submitted.custom_fields, field=("customFields",))
    tags: list[str] = []
    with checks:
        tags = channels.tags(submitted.tags, field=("tags",))
    with checks:
        channels.text(submitted.detail, LONGEST_DETAIL, field=("sourceDetail",))
    consents = {}
    for kind, given in submitted.consents.items():
        with checks:
            consents[kind] = _consent(kind, given, submitted, now)
    checks.done()
    own, *others = sorted(addresses.values(), key=lambda address: address.kind is not submitted.own)
    on_addresses = {addresses[kind]: consent for kind, consent in consents.items() if kind in addresses}
    other = others[0] if others else None
    return Contact(own, other, fields, tags, on_addresses, submitted.trust, tuple(set_aside))


def _identifiers(
    submitted: Submitted, region: str, guards: Guards, checks: Checks
) -> tuple[dict[ChannelKind, str], list[str]]:
    """The identifiers that are not blank, its own among them, and the placeholders that are left aside."""
    found = submitted.texts
    with checks:
        if submitted.own not in found:
            raise IdentifierRequired(KINDS[submitted.own].input, alone=not found)
    nobody = {kind: text for kind, text in found.items() if is_placeholder(kind, text, region, guards)}
    with checks:
        if found and len(nobody) == len(found):
            raise BlockedIdentifier(KINDS[submitted.own].input, found[submitted.own])
    return {kind: text for kind, text in found.items() if kind not in nobody}, list(nobody.values())


def _consent(kind: ChannelKind, given: Given, submitted: Submitted, now: datetime) -> Given:
    own = KINDS[kind]
    if kind not in submitted.texts:
        raise ConsentWithoutAddress(own.consent_input, own.input)
    return consent.judged(given, now=now, field=(own.consent_input,))
