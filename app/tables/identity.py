"""The evidence that channels are one person's, and what it merged."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, Integer, String
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from app.db.types import Id, Time
from app.tables.base import IntakeMethod, Row, belongs_to, within


class LinkTrust(StrEnum):
    """How far the evidence is to be trusted."""

    TRUSTED = "TRUSTED"
    CLAIMED = "CLAIMED"


class ProposalReason(StrEnum):
    """The guard that kept two channels apart."""

    CHANNEL_LIMIT = "CHANNEL_LIMIT"
    ROLE_ADDRESS = "ROLE_ADDRESS"
    NEVER_LINK = "NEVER_LINK"
    PROCESSING_RESTRICTED = "PROCESSING_RESTRICTED"
    UNVERIFIED = "UNVERIFIED"


class Resolution(StrEnum):
    """Whether a proposal was decided, and how."""

    OPEN = "OPEN"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"


def _claims(name: str, end: str) -> Index:
    """The few links that are claims still in force."""
    claimed = sql("trust = 'CLAIMED' AND retracted_at IS NULL")
    return Index(name, "account_id", end, sqlite_where=claimed, postgresql_where=claimed)


class Link(Row, table=True):
    """Evidence that two channels are one person's; in force until retracted."""

    first_channel_id: UUID = Field(sa_type=Id)
    second_channel_id: UUID = Field(sa_type=Id)
    at: datetime = Field(sa_type=Time)
    method: IntakeMethod = Field(sa_type=String)
    detail: str | None
    actor: str
    trust: LinkTrust = Field(sa_type=String)
    retracted_at: datetime | None = Field(sa_type=Time)
    __table_args__ = (
        belongs_to("first_channel_id", "channel"),
        belongs_to("second_channel_id", "channel"),
        Index("link_first", "account_id", "first_channel_id"),
        Index("link_second", "account_id", "second_channel_id"),
        _claims("link_first_claimed", "first_channel_id"),
        _claims("link_second_claimed", "second_channel_id"),
        within("method", IntakeMethod),
        within("trust", LinkTrust),
    )


class Merge(Row, table=True):
    """A link that joined two profiles: which one went on, and which one was absorbed."""

    link_id: UUID = Field(sa_type=Id)
    survivor_id: UUID = Field(sa_type=Id)
    absorbed_id: UUID = Field(sa_type=Id)
    at: datetime = Field(sa_type=Time)
    actor: str
    reason: str
    undone_at: datetime | None = Field(sa_type=Time)
    __table_args__ = (
        belongs_to("link_id", "link"),
        Index("merge_link", "account_id", "link_id"),
        Index("merge_survivor", "account_id", "survivor_id"),
    )


class MergeChannel(SQLModel, table=True):
    """A channel that came with the absorbed profile."""

    __tablename__ = "merge_channel"
    account_id: int = Field(primary_key=True, sa_type=Integer)
    merge_id: UUID = Field(primary_key=True, sa_type=Id)
    channel_id: UUID = Field(primary_key=True, sa_type=Id)
    __table_args__ = (
        belongs_to("merge_id", "merge"),
        belongs_to("channel_id", "channel"),
        Index("merge_channel_channel", "account_id", "channel_id", "merge_id"),
    )


class ClaimYield(SQLModel, table=True):
    """A claim that was retracted for a trusted link: it comes back should that link's merge be undone."""

    __tablename__ = "claim_yield"
    account_id: int = Field(primary_key=True, sa_type=Integer)
    link_id: UUID = Field(primary_key=True, sa_type=Id)
    claim_id: UUID = Field(primary_key=True, sa_type=Id)
    __table_args__ = (
        belongs_to("link_id", "link"),
        belongs_to("claim_id", "link"),
        Index("claim_yield_claim", "account_id", "claim_id", "link_id"),
    )


class NeverLink(Row, table=True):
    """A decision that the channels of two sides are not one person's."""

    __tablename__ = "never_link"
    at: datetime = Field(sa_type=Time)
    actor: str


class NeverLinkChannel(SQLModel, table=True):
    """A channel of one of the two sides, 0 or 1: none of either side may share a profile with one of the other."""

    __tablename__ = "never_link_channel"
    account_id: int = Field(primary_key=True, sa_type=Integer)
    never_link_id: UUID = Field(primary_key=True, sa_type=Id)
    channel_id: UUID = Field(primary_key=True, sa_type=Id)
    side: int
    __table_args__ = (
        belongs_to("never_link_id", "never_link"),
        belongs_to("channel_id", "channel"),
        Index("never_link_channel_channel", "account_id", "channel_id"),
    )


class LinkProposal(Row, table=True):
    """A link that a guard stopped, with the evidence that asked for it; the first channel is the older one.

    It is superseded while it is open and its channels are in one profile all the same: that is not stored.
    """

    __tablename__ = "link_proposal"
    first_channel_id: UUID = Field(sa_type=Id)
    second_channel_id: UUID = Field(sa_type=Id)
    reason: ProposalReason = Field(sa_type=String)
    resolution: Resolution = Field(sa_type=String)
    created_at: datetime = Field(sa_type=Time)
    method: IntakeMethod = Field(sa_type=String)
    detail: str | None
    actor: str
    trust: LinkTrust = Field(sa_type=String)
    resolved_at: datetime | None = Field(sa_type=Time)
    resolved_by: str | None
    __table_args__ = (
        belongs_to("first_channel_id", "channel"),
        belongs_to("second_channel_id", "channel"),
        Index("link_proposal_created", "account_id", "created_at", "id"),
        Index("link_proposal_resolution", "account_id", "resolution", "created_at", "id"),
        Index("link_proposal_first", "account_id", "first_channel_id"),
        Index("link_proposal_second", "account_id", "second_channel_id"),
        Index(
            "link_proposal_open",
            "account_id",
            "first_channel_id",
            "second_channel_id",
            unique=True,
            sqlite_where=sql("resolution = 'OPEN'"),
            postgresql_where=sql("resolution = 'OPEN'"),
        ),
        within("reason", ProposalReason),
        within("resolution", Resolution),
        within("method", IntakeMethod),
        within("trust", LinkTrust),
    )
