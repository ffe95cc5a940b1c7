"""One address at which a contact can be reached."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import String, cast

from app.channels.queries import is_primary
from app.consent.queries import gate, ledger
from app.consent.rules import sealing
from app.engagement import queries as engagement
from app.ids import uuid_of
from app.kinds import ChannelKind
from app.profiles.queries import found
from app.signing import Purpose, Token
from app.tables import Channel as Row
from app.tables import Deliverability
from graphql_schema.consent import Consent, ConsentRecord
from graphql_schema.context import Context
from graphql_schema.declaring import column, computed, expression, one, page, part
from graphql_schema.engagement import Engagement, timeline
from graphql_schema.forward import Profile
from graphql_schema.paging import Connection, Node
from graphql_schema.sendability import Sendability
from graphql_schema.source import Source, since_birth


def intact(context: Context, count: int, head: str | None, records: list[list[Any]]) -> bool:
    """Whether a ledger is as it was written."""
    return sealing.intact(context.secret, count, head, records)


def unsubscribe_url(context: Context, channel_id: str) -> str:
    """The link that opts a channel out."""
    return signed_url(context, Purpose.UNSUBSCRIBE, channel_id)


def preferences_url(context: Context, channel_id: str) -> str:
    """The link to a channel's preference page."""
    return signed_url(context, Purpose.PREFERENCES, channel_id)


def form_url(context: Context, channel_id: str, form_id: str) -> str | None:
    """The link to a form for a channel's owner."""
    form = uuid_of(form_id, "Form")
    return signed_url(context, Purpose.FORM, channel_id, form) if form else None


def needed_for_form_url(row: Any, form_id: strawberry.ID) -> list[Any]:
    """What the link to a form is made of."""
    return [row.id, cast(form_id, String)]


def signed_url(context: Context, purpose: Purpose, channel_id: str, about_id: UUID | None = None) -> str:
    """A link that does what it is for on a channel."""
    return context.signer.url(purpose, Token(context.caller.account_id, UUID(channel_id), about_id))


@strawberry.type(
    description=(
        "One address at which a contact can be reached. Consent and engagement belong to it and never leave it: "
        "linking and merging only change which profile it is in."
    )
)
class Channel(Node):
    """One address."""

    kind: ChannelKind = column(Row.kind, "Email or SMS.")
    address: str = column(Row.address, "The email address in lower case, or the number as E.164.")
    profile: Profile = one(found.owner, "The profile that it is in now.")
    is_primary: bool = expression(is_primary, "Whether it is its profile's first choice among its kind.")
    created_at: datetime = column(Row.created_at, "When it first became known.")
    source: Source = part(since_birth, "How it became known.")
    consent: Consent = part(lambda row: row, "Whether it may be used, by its own ledger alone.")
    consent_as_of: Consent = one(
        ledger.as_of,
        "What held at a time.",
        room=ledger.AS_OF_ROOM,
        at="The time.",
        known_at="By what was known then; by what is known now if left out.",
    )
    consent_history: Connection[ConsentRecord] = page(
        ledger.history, ledger.newest_first, "Its whole ledger, what was said of topics too; the newest act first."
    )
    consent_ledger_intact: bool = computed(
        intact,
        ledger.whole,
        "Whether the ledger is as it was written: its chain of digests verifies.",
        in_context=True,
        room=ledger.WHOLE_ROOM,
    )
    deliverability: Deliverability = column(Row.deliverability, "Whether messages arrive; apart from consent.")
    deliverability_since: datetime | None = column(Row.deliverability_since, "Since when, where it ever changed.")
    deliverability_reason: str | None = column(Row.deliverability_reason, "Why, where it ever changed.")
    sendability: Sendability = one(
        gate.sendability,
        "Whether it may be sent something, and every reason why not; by what is known now.",
        worked_out=gate.WORKED_OUT,
        room=gate.ROOM,
        at="The time of sending, on which quiet hours depend; now if left out.",
        purpose="What the message is for.",
        topic="The key of the topic that it is about; one that nobody opted out of stands against nothing.",
    )
    unsubscribe_url: str = computed(
        unsubscribe_url,
        lambda row: [row.id],
        "The signed link by which its owner opts out at once, without login (RFC 8058); for the headers of a message.",
        in_context=True,
    )
    preferences_url: str = computed(
        preferences_url,
        lambda row: [row.id],
        "The signed link to its owner's preference page, good for 30 days.",
        in_context=True,
    )
    form_url: str | None = computed(
        form_url,
        needed_for_form_url,
        "The signed link by which its owner opens a form, good for 30 days: it asks only for what the profile lacks. "
        "What comes by it is this person's; a further address typed there is a claim until it is confirmed. Null for "
        "what is no form's id.",
        in_context=True,
        form_id="The form.",
    )
    verified_at: datetime | None = column(Row.verified_at, "When possession was shown, such as by a reply.")
    engagements: Connection[Engagement] = timeline(engagement.of_channel, "What happened on it, the newest first.")
