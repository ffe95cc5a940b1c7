"""What is held of a person: the one place that says so, for exporting, deleting and erasing alike.

Every table of the system is in `HOLDINGS`, or in `IMPERSONAL`, which says why it holds nothing of persons; a test holds
this to the tables that there are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, not_, or_, select
from sqlmodel import SQLModel

from app.db import entity
from app.db.expressions import holds_one_of, one_of
from app.tables import (
    Account,
    ApiKey,
    Channel,
    ChannelTag,
    ChannelTopic,
    ChannelWord,
    ClaimYield,
    Confirmation,
    ConsentRecord,
    Engagement,
    Fact,
    FactChannel,
    FieldPatch,
    IdempotencyKey,
    Link,
    LinkProposal,
    Merge,
    MergeChannel,
    Message,
    NeverLink,
    NeverLinkChannel,
    Profile,
    RemovedChannel,
    RemovedMerge,
    RemovedRecord,
    Suppression,
    Topic,
)

#: Says of a column whether it names one of the person's channels.
Mine = Callable[[Any], Any]
Rows = Callable[[Any, Mine], Any]


@dataclass(frozen=True, slots=True)
class Holding:
    """A table that holds something of persons.

    `held` is which of its rows are about a person, given a row; `goes` which of them are removed with the person, where
    that is something else, and None where they stay. An export shows them under the name `shown`, where `with_channel`
    beside the channel that they hang on.
    """

    of: type[SQLModel]
    held: Rows
    shown: str | None
    goes: Rows | None
    with_channel: bool = False


def _holding(of: type[SQLModel], held: Rows, shown: str | None, **more: Any) -> Holding:
    return Holding(of, held, shown, **{"goes": held, **more})


def _on_channel(of: type[SQLModel], shown: str | None) -> Holding:
    return _holding(of, lambda row, mine: mine(row.channel_id), shown, with_channel=True)


def touching(mine: Mine) -> Any:
    """The ids of the links that end at the person's channels, retracted ones too."""
    link = entity(Link)
    return select(link.id).where(_at_either_end(link, mine))


def merges(mine: Mine) -> Any:
    """The ids of the merges that these links made."""
    merge = entity(Merge)
    return select(merge.id).where(merge.link_id.in_(touching(mine)))


def _at_either_end(row: Any, mine: Mine) -> Any:
    return or_(mine(row.first_channel_id), mine(row.second_channel_id))


def _profile(row: Any, mine: Mine) -> Any:
    channel = entity(Channel)
    return row.id.in_(select(channel.profile_id).where(mine(channel.id)))


def _fact(row: Any, mine: Mine) -> Any:
    about = entity(FactChannel)
    return row.id.in_(select(about.id).where(mine(about.channel_id)))


def _never_links(mine: Mine) -> Any:
    named = entity(NeverLinkChannel)
    return select(named.never_link_id).where(mine(named.channel_id))


def _pointless(row: Any) -> Any:
    return one_of(row, "pointless_ids")


def pointless(mine: Mine) -> Any:
    """The ids of the never-links that would keep nobody apart any more: one side is the person's channels alone."""
    never = entity(NeverLink)

    def others(side: int) -> Any:
        named = entity(NeverLinkChannel)
        there = named.never_link_id == never.id, named.side == side
        return select(named.channel_id).where(*there, not_(mine(named.channel_id))).exists()

    return select(never.id).where(never.id.in_(_never_links(mine)), or_(not_(others(0)), not_(others(1))))


def _answer(row: Any, _: Mine) -> Any:
    """Names an id or an address of the person's; the caller's own key may be made of one."""
    return or_(holds_one_of(row.outcome, "names"), holds_one_of(func.lower(row.key), "names"))


#: In the order in which rows are removed: what refers to others before these.
HOLDINGS: tuple[Holding, ...] = (
    _on_channel(Message, "messages"),
    _on_channel(Confirmation, "confirmations"),
    _on_channel(ChannelTopic, "topics"),
    _on_channel(ConsentRecord, "consentRecords"),
    _on_channel(Engagement, "engagements"),
    _on_channel(FieldPatch, "fieldPatches"),
    _on_channel(ChannelTag, "tags"),
    _on_channel(ChannelWord, "searchWords"),
    _holding(Fact, _fact, "facts", goes=None),  # ids, codes and numbers only
    _holding(FactChannel, lambda row, mine: mine(row.channel_id), None),
    _holding(
        ClaimYield,
        lambda row, mine: or_(row.link_id.in_(touching(mine)), row.claim_id.in_(touching(mine))),
        "claimYields",
    ),
    _holding(
        MergeChannel, lambda row, mine: or_(mine(row.channel_id), row.merge_id.in_(merges(mine))), "mergeChannels"
    ),
    _holding(Merge, lambda row, mine: row.link_id.in_(touching(mine)), "merges"),
    _holding(LinkProposal, _at_either_end, "linkProposals"),
    _holding(
        NeverLinkChannel,
        lambda row, mine: mine(row.channel_id),
        "neverLinkChannels",
        goes=lambda row, mine: or_(mine(row.channel_id), _pointless(row.never_link_id)),
    ),
    _holding(
        NeverLink,
        lambda row, mine: row.id.in_(_never_links(mine)),
        "neverLinks",
        goes=lambda row, _: _pointless(row.id),
    ),
    _holding(Link, _at_either_end, "links"),
    _holding(IdempotencyKey, _answer, None),  # ids and sentences, for 72 hours: nothing that is not shown elsewhere
    _holding(Profile, _profile, "profile"),
    _holding(Channel, lambda row, mine: mine(row.id), "channels"),
)

#: The tables that hold nothing of persons, and why.
IMPERSONAL: dict[type[SQLModel], str] = {
    Account: "a tenant and its settings",
    ApiKey: "a client of a tenant",
    Topic: "something to be told about",
    Suppression: "a keyed hash of an address",
    RemovedChannel: "a keyed hash of an address, and counts",
    RemovedRecord: "acts, times, methods and digests",
    RemovedMerge: "an id",
}
