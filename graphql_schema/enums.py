"""The enums, each value described."""

from enum import Enum
from typing import TypeVar

import strawberry

from app.accounts.rules import Scope
from app.consent.queries.gate import Reason
from app.consent.rules.evidence import ConsentAct
from app.errors import ErrorCode
from app.identity.rules.picture import Outcome, ProposalStatus
from app.kinds import KINDS, ChannelKind, EngagementKind
from app.profiles.queries.order import Direction, OrderField
from app.tables import (
    BounceType,
    ConsentStatus,
    Deliverability,
    ExistingContacts,
    ImportStatus,
    IntakeMethod,
    LinkTrust,
    MessagePurpose,
    ProposalReason,
)

E = TypeVar("E", bound=Enum)


def described(of: type[E], description: str, /, *, name: str | None = None, **values: str) -> type[E]:
    """The enum with a description for itself and for each of its values, none left out."""
    strawberry.enum(of, name=name, description=description)
    for item in of.__strawberry_definition__.values:  # type: ignore[attr-defined]
        item.description = values.pop(item.name)
    if values:
        raise ValueError(f"{of.__name__} has no {', '.join(values)}")
    return of


described(
    ChannelKind,
    "The ways in which a contact can be reached.",
    **{kind.name: of.description for kind, of in KINDS.items()},
)
described(
    IntakeMethod,
    "The ways by which contact data comes in.",
    API="A call of this API.",
    FORM="A form that was submitted.",
    KEYWORD="A keyword texted to one of the account's numbers, or a reply to it.",
    IMPORT="A row of an imported file.",
    INBOUND="Any other message from the contact.",
    MANUAL="A person at work in the account.",
)
described(
    ConsentStatus,
    "Whether a channel may be used, by the fold of its own ledger.",
    NOT_COLLECTED="Nothing is on record.",
    PENDING="A double opt-in was asked for and not confirmed yet.",
    OPTED_IN="Opted in, with evidence.",
    OPTED_OUT="Opted out; only an opt-in with its own later time ends it.",
)
described(
    ConsentAct,
    "What a person did.",
    OPT_IN="Agreed to be contacted; needs evidence.",
    OPT_OUT="Asked not to be contacted any more.",
)
described(
    MessagePurpose,
    "What a message is for.",
    MARKETING="Advertising; needs an opt-in.",
    TRANSACTIONAL="What the person asked for or has to know, such as a receipt; needs no opt-in.",
)
described(
    Reason,
    "Why a channel may not be sent something.",
    name="SendabilityReason",
    NO_CONSENT="Marketing, and nothing is on record.",
    CONSENT_PENDING="Marketing, and a double opt-in was not confirmed yet.",
    OPTED_OUT="Opted out; on SMS that stands against transactional messages too.",
    HELD="Held after hard bounces.",
    EXPIRED="No longer this contact's.",
    BANNED="Barred after a complaint, or by hand.",
    TOPIC_OPTED_OUT="Opted out of this topic.",
    PROCESSING_RESTRICTED="Processing of the person's data is restricted.",
    QUIET_HOURS="A marketing text at night, by the time zones of the number, else of the account.",
    SUPPRESSED="Had opted out when the contact was deleted, and has not opted in since.",
)
described(
    Deliverability,
    "Whether messages arrive; apart from consent.",
    ACTIVE="Nothing stands against delivery.",
    HELD="Held after hard bounces.",
    EXPIRED="No longer this contact's.",
    BANNED="Barred after a complaint, or by hand.",
)
described(
    EngagementKind,
    "What can happen on a channel.",
    SEND="A message was sent.",
    DELIVERY="A message arrived.",
    OPEN="An email was opened; SMS has none.",
    CLICK="A link was followed.",
    BOUNCE="A message did not arrive.",
    COMPLAINT="A message was reported as unwanted.",
    RESPONSE="The contact answered.",
    UNSUBSCRIBE="The contact unsubscribed.",
    SITE_VISIT="The contact visited the site.",
    CONVERSION="The contact did what was hoped for, such as a purchase.",
    CUSTOM="Anything else, by its name.",
)
described(
    BounceType,
    "Why a message did not arrive.",
    HARD="The address does not exist or refuses for good.",
    SOFT="For now only, such as a full mailbox.",
)
described(
    LinkTrust,
    "How far the evidence of a link is to be trusted.",
    TRUSTED="An API call, an import or a person said so, or a confirmation did.",
    CLAIMED="Somebody claimed it, unconfirmed; it yields to trusted data.",
)
described(
    Outcome,
    "What adding identifiers did to the identity of the contact.",
    name="LinkOutcome",
    CREATED="No identifier was known: a new profile, linked from birth if both were given.",
    LINKED="The other identifier joined the known profile.",
    MERGED="Both were known, on different profiles: now one, under the older id.",
    UNCHANGED="Already so; fields, tags and consent may still have been updated.",
    PROPOSED="A guard stopped it: the data is kept, and a person, or a confirmation, decides about the link.",
)
described(
    ProposalReason,
    "The guard that stopped a link.",
    name="LinkProposalReason",
    CHANNEL_LIMIT="The profile would have more addresses of a kind than the account allows.",
    ROLE_ADDRESS="A mailbox of several people, such as info@, would join two known profiles.",
    NEVER_LINK="It was decided that these are not one person.",
    PROCESSING_RESTRICTED="A profile whose processing is restricted neither gains nor loses links but by hand.",
    UNVERIFIED="An unconfirmed claim would join two known profiles.",
)
described(
    ProposalStatus,
    "Where a link proposal stands.",
    name="LinkProposalStatus",
    OPEN="Waits for a decision.",
    ACCEPTED="Accepted: the channels were linked.",
    REJECTED="Rejected: the channels are kept apart.",
    SUPERSEDED="Pointless while its channels are in one profile all the same; open again should they part.",
)
described(
    ImportStatus,
    "Where an import stands.",
    AWAITING_UPLOAD="Its file has not come yet.",
    QUEUED="Its file is here; it is run as soon as its turn comes.",
    RUNNING="Its rows are being imported, or what it brought is being taken back.",
    SUCCEEDED="All rows were dealt with, each as the counts say.",
    FAILED="The file as a whole was refused; `problem` says why.",
    CANCELLED="It was stopped; what it had brought by then stays.",
    UNDONE="What it brought was taken back.",
)
described(
    ExistingContacts,
    "What rows do to contacts that were known before the import.",
    UPDATE="They are updated: what a row says replaces what is there.",
    FILL_BLANKS="Only fields that have no value yet get one.",
    SKIP=(
        "Their rows are skipped, and of them is taken only what keeps messages from being sent: opt-outs, holds and "
        "expiries."
    ),
)
described(
    ErrorCode,
    "What kind of mistake a user error names.",
    INVALID_EMAIL="Not an email address.",
    INVALID_PHONE="Not a valid phone number in the region in which it was read.",
    INVALID_VALUE="A value that cannot be taken; the message says why.",
    IDENTIFIER_REQUIRED="The email address or mobile number that the call is about is missing.",
    BLOCKED_IDENTIFIER="A placeholder, such as none@none.com, as the only identifier.",
    NOT_FOUND="No such object in this account.",
    ALREADY_EXISTS="There is one already.",
    CONSENT_EVIDENCE_REQUIRED="An opt-in without the wording shown or the page where it was given.",
    CONSENT_REFUSED="An opt-out stands against this opt-in.",
    CHANNEL_LIMIT="The profile would have more addresses of a kind than the account allows.",
    ERASED="The person was erased; only an opt-in with evidence and its own later time brings the address back.",
    SUPPRESSED="The address had opted out when its contact was deleted.",
    CONFLICT="An earlier decision stands against it; the message names it.",
    LIMIT_EXCEEDED="More, or larger, than is kept.",
    INVALID_STATE="Not possible any more, or not yet: done already, or held by something else.",
)
described(
    OrderField,
    "By what profiles are ordered.",
    name="ProfileOrderField",
    CREATED_AT="When the contact became known; pages by it miss and repeat nothing while others write.",
    UPDATED_AT="When its data, tags or consent last changed; what changes meanwhile may be missed or come twice.",
    LAST_ENGAGED_AT=(
        "When the person last did something: a SEND, a DELIVERY or a BOUNCE says nothing of that. Those who never did "
        "come last, in either direction; who does something meanwhile may be missed or come twice."
    ),
)
described(
    Direction,
    "In which direction a list is ordered.",
    name="OrderDirection",
    ASC="Smallest and oldest first.",
    DESC="Largest and newest first.",
)
described(
    Scope,
    "What an API key may do.",
    READ="Queries.",
    WRITE="Mutations.",
    ADMIN="What cannot be taken back, exports, keys and settings.",
)
