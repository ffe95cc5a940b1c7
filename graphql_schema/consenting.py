"""Recording consent and preferences, topics, and whether messages arrive."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.acts import Act
from app.channels.queries import by_id
from app.consent import operations
from app.consent.operations.topics import Preferred
from app.consent.queries import topics as topic_queries
from app.consent.rules.evidence import judged
from app.db import Writer
from app.ids import uuid_of
from app.kinds import ChannelKind
from app.profiles import operations as profiles
from app.profiles.errors import ChannelNotFound
from app.tables import Deliverability
from graphql_schema.acting import acted
from graphql_schema.channel import Channel
from graphql_schema.consent import ConsentInput
from graphql_schema.context import Info
from graphql_schema.declaring import one
from graphql_schema.editing import ProfilePayload
from graphql_schema.errors import UserError, answering
from graphql_schema.inputs import says
from graphql_schema.topics import Topic

MISTAKES = "What is wrong with the input; then nothing was changed."


@strawberry.type(description="What a change of a channel did.")
class ChannelPayload:
    """What a change of a channel did."""

    id: strawberry.Private[UUID | None] = None
    channel: Channel | None = one(by_id, "The channel as it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description=MISTAKES)


@strawberry.type(description="What making a topic did.")
class TopicPayload:
    """What making a topic did."""

    id: strawberry.Private[UUID | None] = None
    topic: Topic | None = one(topic_queries.by_id, "The topic.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description=MISTAKES)


@strawberry.input(description="A consent, and the channel that it is for.")
class RecordConsentInput:
    """A consent, and the channel that it is for."""

    channel_id: strawberry.ID = strawberry.field(description="The channel, and no other.")
    consent: ConsentInput = strawberry.field(description="What the person did, and the evidence.")


@strawberry.input(description="What a person prefers about a topic, on one kind of channel.")
class PreferenceInput:
    """What a person prefers about a topic."""

    topic: str = strawberry.field(description="The topic's key.")
    channel_kind: ChannelKind = strawberry.field(description="On which kind of channel.")
    subscribed: bool = strawberry.field(description="Whether the person wants to be told about it.")


@strawberry.input(description="What a person prefers.")
class SetPreferencesInput:
    """What a person prefers."""

    profile_id: strawberry.ID = strawberry.field(description="The profile, or one that it absorbed.")
    preferences: list[PreferenceInput] = strawberry.field(
        description="What to set; what is left out stays, and of what is said twice the opt-out wins."
    )


@strawberry.input(description="Whether messages arrive at a channel.")
class SetDeliverabilityInput:
    """Whether messages arrive at a channel."""

    channel_id: strawberry.ID = strawberry.field(description="The channel.")
    deliverability: Deliverability = strawberry.field(description="How it stands; ACTIVE releases it.")
    reason: str = strawberry.field(description="Why, for whoever asks later; at most 1,000 characters.")


@strawberry.input(description="A topic to make.")
class CreateTopicInput:
    """A topic to make."""

    key: str = strawberry.field(
        description="By which it is named in calls: 1 to 64 lower-case letters, digits, _ and -, such as product_news."
    )
    name: str = strawberry.field(description="As people read it, at most 200 characters.")


@dataclass(frozen=True, slots=True)
class Changed:
    """The object that was changed or made."""

    id: UUID


@strawberry.type
class ConsentingMutations:
    """Recording consent and preferences, topics, and whether messages arrive."""

    @strawberry.mutation(
        description=(
            "Records what a person did about being contacted at one address. An opt-in needs evidence, and beats an "
            "opt-out only with its own, later time; opting out needs nothing."
        )
    )
    @answering(ChannelPayload)
    async def record_consent(
        self, info: Info, input: Annotated[RecordConsentInput, says("The consent.")]
    ) -> ChannelPayload:
        """Records a consent."""
        channel_id = uuid_of(input.channel_id, "Channel")

        def prepare(act: Act) -> Any:
            if channel_id is None:
                raise ChannelNotFound(field=("channelId",))
            given = judged(input.consent.as_given(), now=act.at, field=("consent",))

            async def work(writer: Writer) -> Changed:
                for _, refused in await operations.record(writer, given=[(channel_id, given)], act=act):
                    refused.field = ("consent",)
                    raise refused
                return Changed(channel_id)

            return work

        return ChannelPayload(id=(await acted(info, input, Changed, prepare)).id)

    @strawberry.mutation(
        description=(
            "Records what a person prefers about topics, on all channels of a kind. A channel may be sent a topic "
            "unless it opted out of it; whether it may be sent anything is its consent's to say."
        )
    )
    @answering(ProfilePayload)
    async def set_preferences(
        self, info: Info, input: Annotated[SetPreferencesInput, says("The preferences.")]
    ) -> ProfilePayload:
        """Records preferences."""
        preferences = [Preferred(each.topic, each.channel_kind, each.subscribed) for each in input.preferences]
        home_id = uuid_of(input.profile_id, "Profile")

        def prepare(act: Act) -> Any:
            return partial(operations.topics.prefer, home_id=home_id, preferences=preferences, act=act)

        return ProfilePayload(id=await acted(info, input, UUID, prepare))

    @strawberry.mutation(
        description="Says by hand whether messages arrive at a channel. ACTIVE releases one that was held or barred."
    )
    @answering(ChannelPayload)
    async def set_deliverability(
        self, info: Info, input: Annotated[SetDeliverabilityInput, says("How it stands, and why.")]
    ) -> ChannelPayload:
        """Says whether messages arrive."""
        channel_id = uuid_of(input.channel_id, "Channel")

        def prepare(act: Act) -> Any:
            new: dict[str, Any] = {"deliverability": input.deliverability, "reason": input.reason}
            return partial(profiles.set_deliverability, channel_id=channel_id, **new, act=act)

        return ChannelPayload(id=await acted(info, input, UUID, prepare))

    @strawberry.mutation(description="Makes a topic that people may be told about, or not.")
    @answering(TopicPayload)
    async def create_topic(self, info: Info, input: Annotated[CreateTopicInput, says("The topic.")]) -> TopicPayload:
        """Makes a topic."""

        def prepare(act: Act) -> Any:
            return partial(operations.topics.create, key=input.key, name=input.name, act=act)

        return TopicPayload(id=await acted(info, input, UUID, prepare))
