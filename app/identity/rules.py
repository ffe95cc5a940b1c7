"""Who contact data is about, and what it makes of the profiles that are known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import TracebackType
from typing import Any
from uuid import UUID

from app.channels import rules as channels
from app.channels.queries import Member
from app.channels.rules import Address
from app.consent import rules as consent
from app.consent.rules import Given
from app.errors import Refusal, Refusals
from app.identity.errors import ConsentWithoutAddress, IdentifierRequired
from app.tables import ChannelKind, IntakeMethod

LONGEST_DETAIL = 1_000
INPUTS = {ChannelKind.EMAIL: "emailAddress", ChannelKind.SMS: "mobileNumber"}
NAMES = {ChannelKind.EMAIL: "email address", ChannelKind.SMS: "mobile number"}
WAYS = {
    IntakeMethod.API: "An API call",
    IntakeMethod.FORM: "A form",
    IntakeMethod.KEYWORD: "A reply to a keyword",
    IntakeMethod.IMPORT: "An import",
    IntakeMethod.INBOUND: "An inbound message",
    IntakeMethod.MANUAL: "A person's decision",
}
CONSENT_INPUTS = {ChannelKind.EMAIL: "emailConsent", ChannelKind.SMS: "smsConsent"}


class Outcome(StrEnum):
    """What adding identifiers did to the identity of the contact."""

    CREATED = "CREATED"
    LINKED = "LINKED"
    MERGED = "MERGED"
    UNCHANGED = "UNCHANGED"


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


@dataclass(frozen=True, slots=True)
class Contact:
    """Contact data, checked. Fields and tags are put on the channel of its own address."""

    own: Address
    other: Address | None
    fields: Mapping[str, Any]
    tags: Sequence[str]
    detail: str | None
    consents: Mapping[ChannelKind, Given]

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


def judged(submitted: Submitted, *, default_region: str, now: datetime) -> Contact:
    """The contact, checked and normalised. Raises Refusals with everything that is wrong, each beside its input.

    Numbers are read in the region given with the data, else in the default (ISO 3166); `now` is in UTC.
    """
    checks, region = Checks(), default_region
    with checks:
        region = channels.region(submitted.region, field=("defaultRegion",)) if submitted.region else region
    addresses: dict[ChannelKind, Address] = {}
    for kind, text in _identifiers(submitted, checks).items():
        with checks:
            addresses[kind] = _address(kind, text, region)
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
    other = next((address for kind, address in addresses.items() if kind is not submitted.own), None)
    return Contact(addresses[submitted.own], other, fields, tags, submitted.detail, consents)


def _identifiers(submitted: Submitted, checks: Checks) -> dict[ChannelKind, str]:
    """The identifiers that are not blank; its own must be there."""
    given = {ChannelKind.EMAIL: submitted.email_address, ChannelKind.SMS: submitted.mobile_number}
    found = {kind: text.strip() for kind, text in given.items() if text and text.strip()}
    with checks:
        if submitted.own not in found:
            raise IdentifierRequired(INPUTS[submitted.own], alone=not found)
    return found


def _address(kind: ChannelKind, text: str, region: str) -> Address:
    if kind is ChannelKind.EMAIL:
        return channels.email(text, field=(INPUTS[kind],))
    return channels.mobile(text, region=region, field=(INPUTS[kind],))


def _consent(kind: ChannelKind, given: Given, submitted: Submitted, now: datetime) -> Given:
    text = submitted.email_address if kind is ChannelKind.EMAIL else submitted.mobile_number
    if not (text and text.strip()):
        raise ConsentWithoutAddress(CONSENT_INPUTS[kind], INPUTS[kind])
    return consent.judged(given, now=now, field=(CONSENT_INPUTS[kind],))


def outcome(contact: Contact, known: Mapping[Address, Member]) -> Outcome:
    """What the contact makes of the profiles that its addresses are in already."""
    profiles = {member.profile_id for member in known.values()}
    if not known:
        return Outcome.CREATED
    if len(profiles) == 2:
        return Outcome.MERGED
    return Outcome.UNCHANGED if len(known) == len(contact.addresses) else Outcome.LINKED


def survivor(members: Iterable[Member]) -> UUID:
    """The id of the profile that these channels make together: the home of the oldest."""
    return min(members, key=lambda member: member.age).home_id


def explanation(outcome: Outcome, contact: Contact, known: Iterable[Address]) -> str:
    """The outcome in one sentence for people; `known` are the addresses that were known before."""
    own, other = NAMES[contact.own.kind], contact.other and NAMES[contact.other.kind]
    match outcome, other:
        case Outcome.CREATED, None:
            return f"The {own} was not known: a new profile was made."
        case Outcome.CREATED, _:
            return f"Neither the {own} nor the {other} was known: a new profile has both, linked from birth."
        case Outcome.LINKED, _:
            joined, there = (other, own) if contact.own in known else (own, other)
            return f"The {there} was known: the {joined} joined its profile."
        case Outcome.MERGED, _:
            return f"The {own} and the {other} were known on two profiles: they are one now, under the older id."
        case _, None:
            return f"The {own} was known already."
        case _:
            return f"The {own} and the {other} were in one profile already."


def evidence(at: str, method: str, detail: str | None, actor: str, first: str, second: str) -> str:
    """The evidence of a link in one sentence for people; `at` as the API prints times."""
    way = WAYS[IntakeMethod(method)]
    named = f" ({detail})" if detail else ""
    return f"{way}{named} by {actor} on {at[:10]} gave {first} and {second} as one person's."


def components(channels: Iterable[UUID], links: Iterable[tuple[UUID, UUID]]) -> list[list[UUID]]:
    """The channels that chains of links join: what profiles are."""
    leader = {channel: channel for channel in channels}

    def find(channel: UUID) -> UUID:
        while leader[channel] != channel:
            leader[channel] = leader[leader[channel]]
            channel = leader[channel]
        return channel

    for first, second in links:
        leader[find(first)] = find(second)
    together: dict[UUID, list[UUID]] = {}
    for channel in leader:
        together.setdefault(find(channel), []).append(channel)
    return list(together.values())
