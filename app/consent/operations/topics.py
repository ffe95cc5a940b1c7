"""Topics, and what people prefer: consent records with a topic."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.acts import Act
from app.channels.queries import Member
from app.consent.errors import InvalidTopic, TopicExists, UnknownTopic
from app.consent.operations.recording import NO_LEDGERS, append
from app.consent.queries import topics
from app.consent.queries.topics import Known
from app.consent.rules.evidence import Given
from app.db import Insertion, Writer
from app.events import operations as events
from app.ids import spelled
from app.kinds import ChannelKind
from app.profiles import operations as profiles
from app.profiles.errors import ChannelNotInProfile
from app.tables import ConsentStatus, LedgerAct, Topic

KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
LONGEST_NAME = 200
INTO_TOPICS = Insertion(Topic, contested=True)


@dataclass(frozen=True, slots=True)
class Preferred:
    """A preference as it was given; the topic by its key."""

    topic: str
    kind: ChannelKind
    subscribed: bool


async def create(writer: Writer, *, key: str, name: str, act: Act) -> UUID:
    """Makes a topic; its id. Raises InvalidTopic or TopicExists."""
    if not KEY.fullmatch(key):
        message = "A key has 1 to 64 lower-case letters, digits, '_' and '-', such as product_news."
        raise InvalidTopic(message, field=("key",))
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        raise InvalidTopic(f"A name has 1 to {LONGEST_NAME} characters.", field=("name",))
    if await writer.fetch(topics.BY_KEYS, keys=[key]):
        raise TopicExists(key)
    id = act.new_id()
    writer.insert(INTO_TOPICS, id=id, key=key, name=name.strip(), created_at=act.at)
    events.publish(writer, name="topic_created", data={"topic": spelled("Topic", id)}, channel_ids=[], act=act)
    return id


async def prefer(writer: Writer, *, home_id: UUID | None, preferences: Sequence[Preferred], act: Act) -> UUID:
    """Records what a person prefers on all channels of the kind that the profile has; the profile's id now.

    What stands so already is not recorded again. Raises ProfileNotFound, UnknownTopic or ChannelNotInProfile.
    """
    members = await profiles.locked_at(writer, home_id=home_id, field="profileId")
    named = {topic.key: topic for topic in await writer.fetch(topics.BY_KEYS, keys=[p.topic for p in preferences])}
    stands = await writer.fetch(topics.HELD, channel_ids=[member.id for member in members])
    held = {(channel_id, topic_id): status for channel_id, topic_id, status in stands}
    wished = _wished(named, members, preferences)
    given = [
        (channel_id, _said(topic, subscribed=wanted is ConsentStatus.OPTED_IN, act=act))
        for (channel_id, topic), wanted in wished.items()
        if held.get((channel_id, topic.id)) is not wanted
    ]
    if given:
        await append(writer, given=given, born=NO_LEDGERS, act=act)
        await profiles.maintain(writer, ids=[members[0].profile_id])
    return members[0].profile_id


def _wished(
    named: dict[str, Known], members: Sequence[Member], preferences: Sequence[Preferred]
) -> dict[tuple[UUID, Known], ConsentStatus]:
    """What is wanted of each channel about each topic; where the same is said twice, opting out wins."""
    wished: dict[tuple[UUID, Known], ConsentStatus] = {}
    for place, preferred in enumerate(preferences):
        topic, channels = _meant(named, members, preferred, place)
        for member in channels:
            if preferred.subscribed:
                wished.setdefault((member.id, topic), ConsentStatus.OPTED_IN)
            else:
                wished[member.id, topic] = ConsentStatus.OPTED_OUT
    return wished


def _meant(
    named: dict[str, Known], members: Sequence[Member], preferred: Preferred, place: int
) -> tuple[Known, list[Member]]:
    """The topic and the channels that a preference is about."""
    field = ("preferences", str(place))
    if preferred.topic not in named:
        raise UnknownTopic(preferred.topic, field=(*field, "topic"))
    channels = [member for member in members if member.kind is preferred.kind]
    if not channels:
        raise ChannelNotInProfile(field=(*field, "channelKind"))
    return named[preferred.topic], channels


def _said(topic: Known, *, subscribed: bool, act: Act) -> Given:
    """A preference is said now, and in so many words: its wording is the topic's name."""
    said = LedgerAct.OPT_IN if subscribed else LedgerAct.OPT_OUT
    return Given(said, occurred_at=act.at, disclosure=topic.name, topic=topic.key)
