"""What an inbound text message is."""

from dataclasses import dataclass
from datetime import datetime

from app.accounts.rules import Guards, Sender
from app.channels import rules as channels
from app.channels.rules import Address
from app.consent.rules.evidence import happened
from app.engagement.rules.reporting import external_id
from app.errors import Refusal
from app.identity.errors import BlockedIdentifier
from app.identity.rules.contacts import Checks
from app.identity.rules.guarding import is_placeholder
from app.kinds import ChannelKind
from app.signing import Signer

LONGEST_TEXT = 10_000
SHORT_CODE = range(3, 9)  # digits of a number that no country code reaches


@dataclass(frozen=True, slots=True)
class Heard:
    """A text message that came in, checked: whose number, what it says, its id, and when, in UTC.

    `to` is the account's number, or short code, that it was sent to.
    """

    number: Address
    text: str
    external_id: str
    at: datetime
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """The same as it came in, unchecked; without a time it came just now."""

    number: str
    text: str
    external_id: str
    at: datetime | None = None
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Receiver:
    """The account that a text came in to: its number, its guards, who speaks for it, and what signs its links."""

    account_id: int
    guards: Guards
    sender: Sender
    signer: Signer


def judged(incoming: Incoming, *, region: str, now: datetime) -> Heard:
    """The message, checked. Raises Refusals with everything that is wrong, each beside its input.

    Numbers are read in the region (ISO 3166); a time up to 5 minutes ahead counts as now. The account's own patterns of
    placeholders are not looked at: they make no channel, but a number that is one already is heard.
    """
    checks, to = Checks(), None
    numbers: list[Address] = []
    with checks:
        numbers.append(_number(incoming.number, region))
    with checks:
        to = receiver(incoming.to, region)
    with checks:
        channels.text(incoming.text, LONGEST_TEXT, field=("text",))
    with checks:
        external_id(incoming.external_id)
    at = incoming.at or now
    with checks:
        at = happened(at, now=now, field=("receivedAt",))
    checks.done()
    [number] = numbers
    return Heard(number, incoming.text, incoming.external_id.strip(), at, to)


def _number(text: str, region: str) -> Address:
    """The number. Raises InvalidPhone, or BlockedIdentifier for a placeholder."""
    if is_placeholder(ChannelKind.SMS, text, region, Guards()):
        raise BlockedIdentifier("from", text)
    return channels.address(ChannelKind.SMS, text, region=region, field=("from",))


def receiver(text: str | None, region: str) -> str | None:
    """The account's own number as E.164, or its short code. Raises InvalidPhone."""
    if text is None or not text.strip():
        return None
    found = text.strip()
    if found.isascii() and found.isdigit() and len(found) in SHORT_CODE:
        return found
    return channels.address(ChannelKind.SMS, found, region=region, field=("to",)).text


def beside_from(refusal: Refusal) -> Refusal:
    """A refusal of the contact, beside the input that its number came by."""
    refusal.field = ("from",)
    return refusal
