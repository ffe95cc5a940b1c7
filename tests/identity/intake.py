"""Contact data that comes in, edits, and things that happen on channels: done by the product and by the model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from app.acts import Act
from app.channels.rules import Address
from app.engagement.operations import Entry, append
from app.identity.operations import adding as operations
from app.identity.rules import contacts as rules
from app.kinds import ChannelKind, EngagementKind
from app.tables import IntakeMethod, LinkTrust
from tests.identity import documents
from tests.identity.account import Account
from tests.identity.contents import Channel, Consent, kind_of, put, replace_tags
from tests.identity.model import Joined, Refused
from tests.identity.world import SECRET

INPUTS = {"EMAIL": "emailAddress", "SMS": "mobileNumber"}
CONSENTS = {"EMAIL": "emailConsent", "SMS": "smsConsent"}


@dataclass(frozen=True)
class Contact:
    """Contact data; the consent is for the own address."""

    own: str
    other: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    consent: Consent | None = None


@dataclass(frozen=True)
class Edit:
    """A change of a profile; None leaves alone. `prefer` picks one of its channels."""

    fields: Mapping[str, Any] | None = None
    tags: tuple[str, ...] | None = None
    gdpr_applies: bool | None = None
    prefer: int | None = None


def add(account: Account, contact: Contact, seconds: int = 1) -> Joined | None:
    """Adds a contact, so many seconds after what was before.

    Two values of one channel are never given at the same time: nothing says which of them is newer.
    """
    known = account.model.channels.get(contact.own)
    written = known and any(value.at == account.world.now for value in known.values.values())
    at = account.world.pass_time(max(seconds, 1) if written else seconds)
    predict = partial(account.model.add, contact.own, contact.other, at)
    joined, payload = account.do(documents.ADD[kind_of(contact.own)], predict, **_contact_input(contact, at))
    if joined:
        account.agree(joined, payload)
        put(joined.own, account.model.profile(joined.own), contact.fields, at)
        joined.own.tags |= set(contact.tags)
        _agree_on_consent(joined.own, contact.consent, at, payload)
    return joined


def _contact_input(contact: Contact, at: datetime) -> dict[str, Any]:
    input: dict[str, Any] = {INPUTS[kind_of(contact.own)]: contact.own}
    input |= {"customFields": dict(contact.fields), "tags": list(contact.tags)}
    if contact.other:
        input[INPUTS[kind_of(contact.other)]] = contact.other
    if contact.consent:
        time = {"occurredAt": at.isoformat()} if contact.consent.timed else {}
        input[CONSENTS[kind_of(contact.own)]] = {"act": contact.consent.act, "disclosure": "Yes.", **time}
    return input


def _agree_on_consent(channel: Channel, consent: Consent | None, at: datetime, payload: Any) -> None:
    taken = consent is None or channel.give(consent, at)
    refused = [] if taken else [{"channel": {"id": channel.id}, "code": "CONSENT_REFUSED"}]
    assert payload["consentRefused"] == refused


def claim(account: Account, own: str, other: str) -> None:
    """Adds what somebody said who was not checked; no document does so yet."""
    at = account.world.pass_time(1)
    joined = account.model.add(own, other, at, claimed=True)
    ends = [Address(ChannelKind(kind_of(address)), address) for address in (own, other)]
    contact = rules.Contact(ends[0], ends[1], trust=LinkTrust.CLAIMED)
    act = Act(at, "tests", IntakeMethod.KEYWORD, SECRET)
    work = partial(operations.add_contact, contact=contact, guards=account.caller.guards, act=act)
    added = account.world.run(account.world.database.write(account.caller.account_id, work))
    assert added.outcome == joined.outcome
    assert added.merge_ids == ()
    for channel, id in zip(joined.channels, added.channel_ids, strict=True):
        channel.id = channel.id or f"channel_{id.hex}"
        assert channel.id == f"channel_{id.hex}"
    assert (added.proposal_id is None) == (joined.proposal is None)
    if joined.proposal and added.proposal_id:
        joined.proposal.id = joined.proposal.id or f"link_proposal_{added.proposal_id.hex}"
        assert joined.proposal.id == f"link_proposal_{added.proposal_id.hex}"


def add_channel(account: Account, known: str, address: str) -> Joined | None:
    """Adds an address to the profile of a known one."""
    at = account.world.pass_time(1)

    def predict() -> Joined:
        oldest = account.model.profile(account.known(known))[0]
        return account.model.add(oldest.address, address, at)

    input = {"profileId": account.profile_id(known), INPUTS[kind_of(address)]: address}
    joined, payload = account.do(documents.ADD_CHANNEL, predict, **input)
    if joined:
        account.agree(joined, payload)
    return joined


def replace_channel(account: Account, known: str, address: str) -> Joined | None:
    """Replaces an address: the new one is of the same kind and preferred from now on, the old one expires."""
    at = account.world.pass_time(1)

    def predict() -> Joined:
        if kind_of(known) != kind_of(address) or known == address:
            raise Refused("INVALID_VALUE", *([] if known in account.model.channels else ["NOT_FOUND"]))
        return account.model.add(account.known(known).address, address, at)

    input = {"channelId": account.channel_id(known), INPUTS[kind_of(address)]: address}
    joined, payload = account.do(documents.REPLACE_CHANNEL, predict, **input)
    if joined:
        account.agree(joined, payload)
        replaced = account.model.channels[known]
        replaced.expired_at = replaced.expired_at or at
        account.model.channels[address].preferred_at = at
    return joined


def update(account: Account, address: str, edit: Edit) -> None:
    """Edits the profile with the address."""
    at = account.world.pass_time(1)
    predict = partial(_profile, account, address)
    profile, payload = account.do(documents.UPDATE, predict, **_edit_input(account, address, edit))
    if not profile:
        return
    assert payload["profile"]["id"] == profile[0].home
    put(profile[0], profile, edit.fields or {}, at)
    if edit.tags is not None:
        replace_tags(profile, edit.tags)
    for channel in profile:
        channel.gdpr_applies = channel.gdpr_applies if edit.gdpr_applies is None else edit.gdpr_applies
    if edit.prefer is not None:
        profile[edit.prefer % len(profile)].preferred_at = at


def _profile(account: Account, address: str) -> list[Channel]:
    return account.model.profile(account.known(address))


def _edit_input(account: Account, address: str, edit: Edit) -> dict[str, Any]:
    given = {"customFields": edit.fields, "tags": edit.tags, "gdprApplies": edit.gdpr_applies}
    input: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    if edit.prefer is not None and address in account.model.channels:
        profile = _profile(account, address)
        input["primaryChannelIds"] = [profile[edit.prefer % len(profile)].id]
    return {"id": account.profile_id(address), **input}


def engage(account: Account, address: str) -> None:
    """Lets something happen on the channel with the address; it is told twice, and happened once."""
    channel, at = account.known(address), account.world.pass_time(1)
    channel_id = UUID(hex=channel.id.removeprefix("channel_"))
    entry = Entry(channel_id, EngagementKind.CLICK, at, external_id=f"{address} at {at}")
    act = Act(at, "tests", IntakeMethod.API, SECRET)
    told = partial(append, entries=[entry, entry], act=act)
    id, twice = account.world.run(account.world.database.write(account.caller.account_id, told))
    assert id is not None
    assert twice is None
    channel.engagements.append(f"engagement_{id.hex}")
