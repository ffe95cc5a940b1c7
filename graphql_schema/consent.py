"""Consent, as it stands and as it was recorded."""

from datetime import datetime

import strawberry

from app.consent.queries import ledger, topics
from app.consent.rules.evidence import ConsentAct, Given
from app.engagement.queries import channel_of
from app.tables import Channel as ChannelRow
from app.tables import ConsentRecord as Row
from app.tables import ConsentStatus, IntakeMethod, LedgerAct
from graphql_schema.declaring import column, expression, one
from graphql_schema.forward import Channel, Topic
from graphql_schema.inputs import given, optional
from graphql_schema.paging import Node


@strawberry.type(description="An entry of a channel's append-only ledger: what was said, when, how, and the evidence.")
class ConsentRecord(Node):
    """An entry of a channel's ledger."""

    channel: Channel = one(channel_of, "The channel that it is about, and no other.")
    topic: Topic | None = one(topics.of, "The topic that it is about, where it is a preference.")
    status: ConsentStatus = expression(ledger.status_set, "What it set.")
    method: IntakeMethod = column(Row.method, "The way in.")
    occurred_at: datetime = column(Row.occurred_at, "When the person did it.")
    recorded_at: datetime = column(Row.recorded_at, "When it was written down.")
    actor: str = column(Row.actor, "Who wrote it down, such as the name of an API key.")
    source_url: str | None = column(Row.source_url, "The page where it was given.")
    ip_address: str | None = column(Row.ip_address, "The address of the person's device.")
    user_agent: str | None = column(Row.user_agent, "The person's browser.")
    disclosure: str | None = column(Row.disclosure, "The exact wording that was shown, or the text that came in.")
    source_detail: str | None = column(Row.source_detail, "Which form, keyword, import or call.")
    digest: str = column(Row.digest, "A keyed hash over this record and the digest before it.")
    previous_digest: str | None = column(Row.previous_digest, "The digest before it; null for the first.")


@strawberry.type(description="Whether a channel may be used, by the fold of its own ledger and of nothing else.")
class Consent:
    """The fold of a ledger."""

    status: ConsentStatus = column(ChannelRow.consent_status, "What the ledger says.")
    updated_at: datetime | None = column(ChannelRow.consent_at, "Since when; null where nothing is on record.")
    record: ConsentRecord | None = one(ledger.deciding_record, "The record that decides.")


@strawberry.input(description="What a person did about being contacted at one address, and the evidence.")
class ConsentInput:
    """A consent and its evidence."""

    act: ConsentAct = strawberry.field(description="What the person did.")
    topic: str | None = optional("The key of a topic, where it is about that topic alone: a preference.")
    occurred_at: datetime | None = optional(
        "When; left out: now, but then an opt-in never beats an opt-out. At most 5 minutes ahead."
    )
    source_url: str | None = optional("The page where it was given. An opt-in needs this or the disclosure.")
    ip_address: str | None = optional("The address of the person's device.")
    user_agent: str | None = optional("The person's browser.")
    disclosure: str | None = optional("The exact wording that was shown. An opt-in needs this or the source URL.")

    def as_given(self) -> Given:
        """The same for the domain."""
        return Given(
            LedgerAct(self.act),
            given(self.occurred_at),
            given(self.source_url),
            given(self.ip_address),
            given(self.user_agent),
            given(self.disclosure),
            given(self.topic),
        )
