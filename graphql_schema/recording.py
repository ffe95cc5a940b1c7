"""Recording what happened on channels."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from app.acts import Act
from app.db import Writer
from app.engagement.operations import Reported, report
from app.engagement.queries import by_ids
from app.engagement.rules.reporting import Refused, all_judged
from app.kinds import ChannelKind, EngagementKind
from app.tables import BounceType
from graphql_schema.acting import acted
from graphql_schema.context import Info
from graphql_schema.declaring import argument, asked, many
from graphql_schema.engagement import Engagement
from graphql_schema.errors import UserError, answering
from graphql_schema.inputs import optional
from graphql_schema.scalars import EmailAddress, PhoneNumber


@strawberry.input(description="A profile's primary channel of a kind.")
class ProfileChannelInput:
    """A profile's primary channel of a kind."""

    id: strawberry.ID = strawberry.field(description="The profile, or one that it absorbed.")
    channel_kind: ChannelKind = strawberry.field(description="Of which kind.")


@strawberry.input(one_of=True, description="How a channel is found: by exactly one of these.")
class ChannelLookup:
    """How a channel is found."""

    channel_id: strawberry.ID | None = optional("Its id.")
    email_address: EmailAddress | None = optional("Its email address.")
    mobile_number: PhoneNumber | None = optional("Its number; a national one is read in the account's region.")
    profile: ProfileChannelInput | None = optional("The profile whose primary channel it is.")


@strawberry.input(description="Something that happened on a channel.")
class EngagementInput:
    """Something that happened on a channel."""

    contact: ChannelLookup = strawberry.field(description="The channel that it happened on; it must be known.")
    kind: EngagementKind = strawberry.field(description="What happened. SMS has no OPEN.")
    external_id: str | None = optional(
        "The id by which the reporting system knows it, 1 to 200 characters: the same id of the same kind again "
        "records nothing and is counted as a duplicate."
    )
    occurred_at: datetime | None = optional(
        "When it happened, however long ago; left out: now. At most 5 minutes ahead, which counts as now."
    )
    name: str | None = optional("The name of a CUSTOM event, at most 200 characters.")
    url: str | None = optional("The page or link, at most 2,000 characters.")
    text: str | None = optional(
        "The text of a RESPONSE, at most 10,000 characters; one by SMS that says STOP opts out."
    )
    value: float | None = optional("What a CONVERSION was worth.")
    bounce_type: BounceType | None = optional("Of a BOUNCE: only HARD ones count toward HELD.")
    properties: JSON | None = optional("Whatever else is to be kept: an object of at most 16 KB.")


@strawberry.input(description="What happened.")
class RecordEngagementsInput:
    """What happened."""

    engagements: list[EngagementInput] = strawberry.field(
        description="In any order, from the past as well: at most 1,000, with at most 4 MB of properties together."
    )


@strawberry.type(description="What recording did: items with errors were left out, all others are recorded.")
class RecordEngagementsPayload:
    """What recording did."""

    engagement_ids: strawberry.Private[tuple[UUID, ...]] = ()
    recorded: int = strawberry.field(default=0, description="How many were recorded.")
    duplicates: int = strawberry.field(default=0, description="How many were known by their external ids already.")
    engagements: list[Engagement] = many(by_ids, "Those that were recorded, in the order of the input.")
    user_errors: list[UserError] = strawberry.field(
        default_factory=list,
        description='What is wrong, with the place in the path: ["engagements", "3", "contact"]. Without a place, '
        "nothing was recorded.",
    )


def told(refused: Refused) -> UserError:
    """Why an item was left out."""
    field = ["engagements", str(refused.place), *refused.field]
    return UserError(code=refused.code, field=field, message=refused.message)


@answering(RecordEngagementsPayload)
async def record(info: Info, input: Mapping[str, Any]) -> RecordEngagementsPayload:
    """Records what is reported, in one transaction; `input` is as it came, by the names of its fields."""
    region = info.context.caller.region

    def prepare(act: Act) -> Any:
        events, refused = all_judged(input["engagements"], now=act.at)

        async def work(writer: Writer) -> Reported:
            done = await report(writer, events=events, region=region, act=act)
            return replace(done, refused=(*refused, *done.refused))

        return work

    done = await acted(info, input, Reported, prepare)
    return RecordEngagementsPayload(
        engagement_ids=done.engagement_ids,
        recorded=len(done.engagement_ids),
        duplicates=done.duplicates,
        user_errors=[told(refused) for refused in sorted(done.refused, key=lambda refused: refused.place)],
    )


@strawberry.type
class RecordingMutations:
    """Recording what happened on channels."""

    record_engagements: RecordEngagementsPayload = asked(
        record,
        "Records what happened on channels. An UNSUBSCRIBE or a COMPLAINT opts its channel out, a COMPLAINT bans it, "
        "and hard bounces of as many messages in a row as the account says (3) hold it until a DELIVERY. All of it "
        "touches this channel alone.",
        argument("input", RecordEngagementsInput, "What happened."),
    )
