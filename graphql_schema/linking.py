"""Evidence that channels are one person's, and what it merged."""

from datetime import datetime
from uuid import UUID

import strawberry

from app.identity import rules
from app.identity.queries import evidence as queries
from app.identity.rules import Outcome
from app.tables import Link as LinkRow
from app.tables import LinkTrust
from app.tables import Merge as MergeRow
from graphql_schema import forward
from graphql_schema.declaring import column, computed, many, one, part, reference
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
    explanation: str = computed(rules.evidence, queries.told_by, "The evidence in one sentence for people.")
    merge: forward.ProfileMerge | None = one(queries.merge_by, "The merge that it made, where it joined two profiles.")


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


@strawberry.type(description="What adding identifiers did to the identity of the contact.")
class LinkResult:
    """What adding identifiers did."""

    merge_ids: strawberry.Private[tuple[UUID, ...]]
    outcome: Outcome = strawberry.field(description="What it did.")
    explanation: str = strawberry.field(description="The same in one sentence for people.")
    merges: list[ProfileMerge] = many(queries.merges_by_id, "What was merged by it.")
