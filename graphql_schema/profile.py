"""Everything known about one person, across all channels."""

from datetime import datetime

import strawberry
from strawberry.scalars import JSON

from app.consent.queries import topics
from app.engagement import queries as engagement
from app.identity.queries import decisions, log
from app.identity.queries import evidence as identity
from app.kinds import ChannelKind
from app.profiles.queries import found
from app.reading import IN_TIMELINES
from app.tables import FactChannel
from app.tables import Profile as Row
from graphql_schema.channel import Channel
from graphql_schema.declaring import column, expression, many, one, page, part
from graphql_schema.engagement import Engagement, EngagementCount, timeline
from graphql_schema.linking import Link, NeverLink, ProfileMerge
from graphql_schema.paging import Connection, Node
from graphql_schema.source import Source, as_stored, since_birth
from graphql_schema.topics import Preference


@strawberry.type(description="A value that lost against the one that a profile shows.")
class FieldAlternative:
    """A value that lost."""

    value: JSON | None = expression(lambda row: row.value, "The value; null for one that cleared the field.")
    source: Source = part(as_stored, "Where it came from.")
    updated_at: datetime = expression(lambda row: row.at, "When it was given.")
    channel: Channel = one(engagement.channel_of, "The channel that it came by.")


@strawberry.type(description="What a profile shows for one custom field, with where it came from.")
class FieldValue:
    """What a profile shows for one custom field."""

    key: str = expression(lambda row: row.key, "The field.")
    value: JSON | None = expression(lambda row: row.value, "The newest value; null where it was cleared.")
    source: Source = part(as_stored, "Where it came from.")
    updated_at: datetime = expression(lambda row: row.at, "When it was given.")
    channel: Channel = one(engagement.channel_of, "The channel that it came by.")
    alternatives: list[FieldAlternative] = many(found.field_alternatives, "The values that lost, the newest first.")


@strawberry.type(description="What the law asks to be observed about a person.")
class Compliance:
    """What the law asks to be observed."""

    gdpr_applies: bool = column(Row.gdpr_applies, "Whether the GDPR applies to the person.")
    processing_restricted: bool = expression(
        lambda row: row.restricted_at.is_not(None), "Whether processing is restricted (GDPR, article 18)."
    )
    restricted_at: datetime | None = column(Row.restricted_at, "Since when it is restricted.")


@strawberry.type(description="Something that was done to a profile or one of its channels.")
class AuditEntry(Node):
    """Something that was done."""

    at: datetime = column(FactChannel.at, "When.")
    actor: str = expression(log.told("actor"), "Who did it, such as the name of an API key.")
    action: str = expression(log.told("name"), "What was done, such as profiles_merged.")
    detail: JSON = expression(log.told("data"), "The ids of what it was about, codes and numbers; never an address.")


@strawberry.type(description="Everything known about one person, across all channels.")
class Profile(Node):
    """Everything known about one person."""

    display_name: str = column(Row.display_name, "First and last name where they are known, else the best address.")
    created_at: datetime = column(Row.created_at, "When the contact first became known.")
    updated_at: datetime = column(Row.updated_at, "When its data, tags, consent or links last changed.")
    source: Source = part(since_birth, "How the contact was acquired.")
    is_linked: bool = expression(
        lambda row: row.email_channel_id.is_not(None) & row.sms_channel_id.is_not(None),
        "Has both an email and an SMS channel.",
    )
    channels: list[Channel] = many(found.channels, "All addresses, the oldest first.", kind="Only those of this kind.")
    email: Channel | None = one(found.primary(ChannelKind.EMAIL), "The primary email channel.")
    sms: Channel | None = one(found.primary(ChannelKind.SMS), "The primary SMS channel.")
    custom_fields: JSON = column(Row.custom_fields, "What each custom field shows, by its key.")
    fields: list[FieldValue] = many(found.field_winners, "The same with provenance, in order of the keys.")
    tags: list[str] = column(Row.tags, "The tags of all channels, each once.")
    preferences: list[Preference] = many(
        topics.preferences,
        "What the person prefers, by topic and kind of channel; in order of the topics' age.",
        room=topics.PREFERENCES_ROOM,
    )
    compliance: Compliance = part(lambda row: row, "What the law asks to be observed.")
    links: list[Link] = many(
        identity.links_of,
        "The evidence that the channels are one person's, the oldest first.",
        with_retracted="Whether to list what was retracted as well, of any channel of the profile.",
    )
    never_links: list[NeverLink] = many(decisions.never_links_of, "What its channels are not to be linked with.")
    engagements: Connection[Engagement] = timeline(
        engagement.of_profile, "What happened on any channel, the newest first.", room=IN_TIMELINES
    )
    engagement_summary: list[EngagementCount] = many(
        engagement.counted,
        "How often what happened, by kinds of channel, then of engagement.",
        since="Counts only what happened from then on.",
    )
    merges: list[ProfileMerge] = many(identity.merges_of, "The merges that it came through, undone ones too.")
    audit_log: Connection[AuditEntry] = page(
        log.of_profile, log.newest_first, "What was done to it, the newest first.", room=log.ROOM
    )
