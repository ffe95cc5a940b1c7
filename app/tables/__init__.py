"""Rows as they are stored, one file a domain: no logic, no relationships."""

from app.tables.account import Account, ApiKey
from app.tables.base import IntakeMethod
from app.tables.channel import (
    Channel,
    ChannelTag,
    ChannelWord,
    ConsentStatus,
    Deliverability,
    FieldPatch,
)
from app.tables.consent import ChannelTopic, Confirmation, ConsentRecord, LedgerAct, Topic
from app.tables.engagement import DONE_TO_PERSON, BounceType, Engagement, EngagementCount
from app.tables.event import Fact, FactChannel, IdempotencyKey
from app.tables.identity import (
    ClaimYield,
    Link,
    LinkProposal,
    LinkTrust,
    Merge,
    MergeChannel,
    NeverLink,
    NeverLinkChannel,
    ProposalReason,
    Resolution,
)
from app.tables.imports import ExistingContacts, Import, ImportBatch, ImportChunk, ImportMistake, ImportStatus
from app.tables.intake import EmailCapture, Form, Keyword
from app.tables.message import Message, MessagePurpose, MessageStatus
from app.tables.privacy import RemovedChannel, RemovedMerge, RemovedRecord, Suppression, SuppressionReason
from app.tables.profile import Profile

__all__ = [
    "DONE_TO_PERSON",
    "Account",
    "ApiKey",
    "BounceType",
    "Channel",
    "ChannelTag",
    "ChannelTopic",
    "ChannelWord",
    "ClaimYield",
    "Confirmation",
    "ConsentRecord",
    "ConsentStatus",
    "Deliverability",
    "EmailCapture",
    "Engagement",
    "EngagementCount",
    "ExistingContacts",
    "Fact",
    "FactChannel",
    "FieldPatch",
    "Form",
    "IdempotencyKey",
    "Import",
    "ImportBatch",
    "ImportChunk",
    "ImportMistake",
    "ImportStatus",
    "IntakeMethod",
    "Keyword",
    "LedgerAct",
    "Link",
    "LinkProposal",
    "LinkTrust",
    "Merge",
    "MergeChannel",
    "Message",
    "MessagePurpose",
    "MessageStatus",
    "NeverLink",
    "NeverLinkChannel",
    "Profile",
    "ProposalReason",
    "RemovedChannel",
    "RemovedMerge",
    "RemovedRecord",
    "Resolution",
    "Suppression",
    "SuppressionReason",
    "Topic",
]
