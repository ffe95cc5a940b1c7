"""Rows as they are stored, one file a domain: no logic, no relationships."""

from app.tables.account import Account, ApiKey
from app.tables.base import IntakeMethod
from app.tables.channel import (
    Channel,
    ChannelKind,
    ChannelTag,
    ChannelWord,
    ConsentStatus,
    Deliverability,
    FieldPatch,
)
from app.tables.consent import ConsentAct, ConsentRecord
from app.tables.engagement import BounceType, Engagement, EngagementKind
from app.tables.event import Fact, IdempotencyKey
from app.tables.identity import Link, LinkTrust, Merge, MergeChannel
from app.tables.profile import Profile

__all__ = [
    "Account",
    "ApiKey",
    "BounceType",
    "Channel",
    "ChannelKind",
    "ChannelTag",
    "ChannelWord",
    "ConsentAct",
    "ConsentRecord",
    "ConsentStatus",
    "Deliverability",
    "Engagement",
    "EngagementKind",
    "Fact",
    "FieldPatch",
    "IdempotencyKey",
    "IntakeMethod",
    "Link",
    "LinkTrust",
    "Merge",
    "MergeChannel",
    "Profile",
]
