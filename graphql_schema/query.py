"""What can be asked."""

from typing import Annotated

import strawberry

from app.channels import queries as channels
from app.consent.queries import topics as topic_queries
from app.engagement import queries as engagement
from app.identity.queries import decisions
from app.imports.queries import shown as import_queries
from app.intake import queries as intake
from app.intake.queries import forms as form_queries
from app.kinds import ChannelKind
from app.profiles.queries import found
from app.profiles.queries.order import Direction, OrderField
from app.tables import ConsentStatus, Deliverability, IntakeMethod
from graphql_schema import finding
from graphql_schema.account import Viewer
from graphql_schema.context import Info
from graphql_schema.declaring import argument, asked, expression, many, one, page, paging
from graphql_schema.engagement import Engagement, timeline
from graphql_schema.forms import Form
from graphql_schema.imports import Import
from graphql_schema.inputs import optional, says
from graphql_schema.keywords import Keyword
from graphql_schema.linking import LinkProposal
from graphql_schema.paging import Connection, Node
from graphql_schema.previewing import LinkPreview, LinkPreviewInput, preview, shown
from graphql_schema.privacy import PrivacyQueries
from graphql_schema.profile import Profile
from graphql_schema.scalars import EmailAddress, PhoneNumber
from graphql_schema.topics import Topic


@strawberry.input(one_of=True, description="How a profile is found: by exactly one of these.")
class ProfileLookup:
    """How a profile is found."""

    id: strawberry.ID | None = optional("Its id, or one that it absorbed.")
    email_address: EmailAddress | None = optional("Any of its email addresses.")
    mobile_number: PhoneNumber | None = optional("Any of its numbers; a national one is read in the account's region.")


@strawberry.input(description="In which order profiles are listed.")
class ProfileOrder:
    """In which order profiles are listed."""

    field: OrderField = strawberry.field(description="By what.")
    direction: Direction = strawberry.field(description="In which direction.")


@strawberry.type(description="How many profiles came in by one way, and how many of them are linked.")
class LinkageByMethod:
    """How many profiles came in by one way."""

    method: IntakeMethod = expression(lambda row: row.method, "The way in that the profile's oldest channel took.")
    profiles: int = expression(lambda row: row.profiles, "How many profiles.")
    linked: int = expression(lambda row: row.linked, "How many of them have both an email and an SMS channel.")


@strawberry.type(description="How many profiles are linked.")
class LinkageReport:
    """How many profiles are linked."""

    profiles: int = expression(lambda row: row.profiles, "How many profiles there are.")
    linked: int = expression(lambda row: row.linked, "How many have both an email and an SMS channel.")
    email_only: int = expression(lambda row: row.email_only, "How many have no SMS channel.")
    sms_only: int = expression(lambda row: row.sms_only, "How many have no email channel.")
    by_method: list[LinkageByMethod] = many(found.linkage_by_method, "The same by the way in.")


@strawberry.type(description="How many channels of a kind stand so.")
class ChannelCount:
    """How many channels of a kind stand so."""

    kind: ChannelKind = expression(lambda row: row.kind, "The kind.")
    consent: ConsentStatus = expression(lambda row: row.consent_status, "What their ledgers say.")
    deliverability: Deliverability = expression(lambda row: row.deliverability, "Whether messages arrive.")
    count: int = expression(lambda row: row.count, "How many.")


SEARCH = "Beginnings of words of a name or an address, all of which must be found: `ann lee`, `lee@`, `415 555`."
NEWEST = ProfileOrder(field=OrderField.CREATED_AT, direction=Direction.DESC)


@strawberry.type(description="What can be asked.")
class Query(PrivacyQueries):
    """What can be asked."""

    node: Node | None = asked(
        finding.node,
        "Any object by its id; null for one that is malformed, unknown or another account's, all alike.",
        argument("id", strawberry.ID, "The id."),
    )
    nodes: list[Node | None] = asked(
        finding.nodes,
        "Several objects by their ids, at most 100: in the order asked for, null where there is none.",
        argument("ids", list[strawberry.ID], "The ids."),
    )
    profile: Profile | None = asked(
        finding.profile, "One profile; null where there is none.", argument("by", ProfileLookup, "How to find it.")
    )
    profiles: Connection[Profile] = asked(
        finding.profiles,
        "All profiles, or those that a search finds.",
        *paging(),
        argument("search", str | None, SEARCH),
        argument("order_by", ProfileOrder | None, "In which order.", NEWEST),
    )
    linkage: LinkageReport = one(found.linkage, "How many profiles there are, and how many of them are linked.")
    channel_counts: list[ChannelCount] = many(
        channels.counted, "How many channels there are, by kind, consent and deliverability."
    )
    engagements: Connection[Engagement] = timeline(
        engagement.of_account, "What happened on any channel of the account, the newest first."
    )
    topics: list[Topic] = many(topic_queries.every, "All topics, in order of their keys.")
    keywords: list[Keyword] = many(intake.every_keyword, "All keywords, in order of their words.")
    forms: list[Form] = many(form_queries.every, "All forms, the oldest first.")
    imports: Connection[Import] = page(
        import_queries.every, import_queries.newest_first, "All imports of files, the newest first."
    )
    tags: list[str] = expression(channels.all_tags, "All tags of the account's contacts, in order of the alphabet.")

    link_proposals: Connection[LinkProposal] = page(
        decisions.proposals,
        decisions.newest_first,
        "Links that a guard stopped, the newest first.",
        status="Only those that stand so.",
    )

    @strawberry.field(
        description="What a link, a merge or accepting a proposal would do, without doing it; null for unknown ids."
    )
    async def link_preview(
        self, info: Info, of: Annotated[LinkPreviewInput, says("What is to be previewed.")]
    ) -> LinkPreview | None:
        """What linking would do."""
        return shown(await preview(info.context, of))

    @strawberry.field(description="Whom the API key of this request speaks for.")
    async def viewer(self, info: Info) -> Viewer:
        """Whom the key speaks for."""
        return Viewer(scopes=sorted(info.context.caller.scopes))
