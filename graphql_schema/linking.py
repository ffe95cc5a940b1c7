"""Evidence that channels are one person's, and what it merged."""

from datetime import datetime
from uuid import UUID

import strawberry

from app.identity.operations.adding import Added
from app.identity.queries import decisions
from app.identity.queries import evidence as queries
from app.identity.rules import telling
from app.identity.rules.picture import Outcome, ProposalStatus
from app.tables import Link as LinkRow
from app.tables import LinkProposal as ProposalRow
from app.tables import LinkTrust, ProposalReason
from app.tables import Merge as MergeRow
from app.tables import NeverLink as NeverRow
from graphql_schema import forward
from graphql_schema.declaring import column, computed, expression, many, one, part, reference
from graphql_schema.forward import Channel, Profile
from graphql_schema.paging import Node
from graphql_schema.source import Source, as_stored


@strawberry.type(description="Evidence that two channels are one person's.")
class Link(Node):
    """Evidence that two channels are one person's."""

    channels: list[Channel] = many(queries.ends_of, "The two channels, the older first.")
    at: datetime = column(LinkRow.at, "When it was given.")
    source: Source = part(as_stored, "Where it came from.")
    trust: LinkTrust = column(LinkRow.trust, "How far it is to be trusted.")
    explanation: str = computed(telling.evidence, queries.told_by, "The evidence in one sentence for people.")
    merge: forward.ProfileMerge | None = one(queries.merge_by, "The merge that it made, where it joined two profiles.")
    retracted_at: datetime | None = column(LinkRow.retracted_at, "When it was retracted; null while it is in force.")


@strawberry.type(description="Two profiles that became one, and the evidence for it.")
class ProfileMerge(Node):
    """Two profiles that became one."""

    survivor: Profile = one(queries.survivor_of, "The profile that went on: the older one.")
    absorbed_id: strawberry.ID = reference("Profile", lambda row: row.absorbed_id, "The other's id; it still resolves.")
    at: datetime = column(MergeRow.at, "When.")
    actor: str = column(MergeRow.actor, "Who caused it, such as the name of an API key.")
    reason: str = column(MergeRow.reason, "Why, in words.")
    links: list[Link] = many(queries.link_of, "The evidence.")
    channels: list[Channel] = many(queries.came_with, "The channels that came with the absorbed profile.")
    undone_at: datetime | None = column(MergeRow.undone_at, "When it was undone, if it was.")


@strawberry.type(description="A decision that channels are not one person's.")
class NeverLink(Node):
    """A decision that channels are not one person's."""

    channels: list[Channel] = many(decisions.kept_apart, "The channels of both sides, the oldest first.")
    one_side: list[Channel] = many(decisions.on_side(0), "The one side: none of it shares a profile with the other.")
    other_side: list[Channel] = many(decisions.on_side(1), "The other side.")
    at: datetime = column(NeverRow.at, "When it was decided.")
    actor: str = column(NeverRow.actor, "Who decided it, such as the name of an API key.")


@strawberry.type(description="A link that a guard stopped: a person, or a confirmation, decides.")
class LinkProposal(Node):
    """A link that a guard stopped."""

    profiles: list[Profile] = many(decisions.profiles_of, "The profiles that its channels are in now, the older first.")
    channels: list[Channel] = many(queries.ends_of, "The two channels, the older first.")
    reason: ProposalReason = column(ProposalRow.reason, "The guard.")
    explanation: str = computed(telling.proposal, decisions.told_by, "The same in one sentence for people.")
    status: ProposalStatus = expression(decisions.status_of, "Where it stands.")
    source: Source = part(decisions.source_of, "Where the evidence came from.")
    created_at: datetime = column(ProposalRow.created_at, "When it was made.")
    resolved_at: datetime | None = column(ProposalRow.resolved_at, "When it was decided, if it was.")
    resolved_by: str | None = column(ProposalRow.resolved_by, "Who decided it, such as the name of an API key.")


@strawberry.type(description="What adding identifiers did to the identity of the contact.")
class LinkResult:
    """What adding identifiers did."""

    merge_ids: strawberry.Private[tuple[UUID, ...]]
    proposal_id: strawberry.Private[UUID | None]
    outcome: Outcome = strawberry.field(description="What it did.")
    explanation: str = strawberry.field(description="The same in one sentence for people.")
    merges: list[ProfileMerge] = many(queries.merges_by_id, "What was merged by it.")
    proposal: LinkProposal | None = one(decisions.proposal_by_id, "What waits for a decision, where a guard stopped.")


def link_result(added: Added) -> LinkResult:
    """What adding a contact did to identity, for its payload."""
    return LinkResult(
        merge_ids=added.merge_ids,
        proposal_id=added.proposal_id,
        outcome=added.outcome,
        explanation=added.explanation,
    )
