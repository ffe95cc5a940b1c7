"""What is held of a person: the one place that says so, for exporting, deleting and erasing alike.

Every table of the system is in `HOLDINGS`, or in `IMPERSONAL`, which says why it holds nothing of persons; a test holds
this to the tables that there are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, union
from sqlmodel import SQLModel

from app.db import entity
from app.db.expressions import in_order
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
    EmailCapture,
    Engagement,
    EngagementCount,
    Fact,
    FactChannel,
    FieldPatch,
    Form,
    IdempotencyKey,
    Import,
    ImportBatch,
    ImportChunk,
    ImportMistake,
    Keyword,
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

#: The names of the sets that a person's rows are found by; see `sets`. `POINTLESS` are the never-links that would keep
#: nobody apart any more; `NAMES` are the ids and addresses themselves as answers that were kept spell them, `ADDRESSES`
#: the addresses, which a caller may have made its own key of and which rows of files have within them, and `PLACES` the
#: addresses as they are known.
CHANNELS, PROFILES, FACTS = "channel_ids", "profile_ids", "fact_ids"
LINKS, MERGES, PROPOSALS, NEVER_LINKS = "link_ids", "merge_ids", "proposal_ids", "never_link_ids"
POINTLESS, NAMES, ADDRESSES, PLACES = "pointless_ids", "names", "addresses", "places"
SETS = (CHANNELS, PROFILES, FACTS, LINKS, MERGES, PROPOSALS, NEVER_LINKS)


@dataclass(frozen=True, slots=True)
class Holding:
    """A table that holds something of persons.

    A row is about a person where one of the columns of `held` has an id of the set that stands beside it; `goes` says
    the same of the rows that are removed with the person, none where they stay. An export shows the rows under the name
    `shown`, where `with_channel` beside the channel that they hang on.
    """

    of: type[SQLModel]
    held: Mapping[str, str]
    shown: str | None
    goes: Mapping[str, str]
    with_channel: bool = False


def _holding(of: type[SQLModel], held: Mapping[str, str], shown: str | None, **more: Any) -> Holding:
    return Holding(of, held, shown, **{"goes": held, **more})


def _on_channel(of: type[SQLModel], shown: str | None) -> Holding:
    return _holding(of, {"channel_id": CHANNELS}, shown, with_channel=True)


def sets(own: Any) -> dict[str, Any]:
    """The sets of ids, each a common table expression with the column `id`, of a person's channels `own`.

    Each is reached from the one before by an index, for SQLite, which has no statistics, would read whole accounts.
    """
    links = _at_either_end(own, Link).cte("links")
    merges = _reached(links, Merge, "link_id").cte("merges")
    channel = entity(Channel)
    profiles = select(channel.profile_id.label("id")).select_from(in_order(own, channel, channel.id == own.c.id))
    return {
        CHANNELS: own,
        PROFILES: profiles.distinct().cte("profiles"),
        FACTS: _reached(own, FactChannel, "channel_id").distinct().cte("facts"),
        LINKS: links,
        MERGES: merges,
        PROPOSALS: _at_either_end(own, LinkProposal).cte("proposals"),
        NEVER_LINKS: _reached(own, NeverLinkChannel, "channel_id", "never_link_id").distinct().cte("never_links"),
    }


def places(own: Any) -> Any:
    """The addresses of a person's channels `own`, in the column `id`."""
    channel = entity(Channel)
    found = select(channel.address.label("id")).select_from(in_order(own, channel, channel.id == own.c.id))
    return found.cte("places")


def _reached(source: Any, of: type[SQLModel], column: str, id: str = "id") -> Any:
    """The ids in the rows of a table that name one of the source in a column."""
    row = entity(of)
    return select(getattr(row, id).label("id")).select_from(in_order(source, row, getattr(row, column) == source.c.id))


def _at_either_end(own: Any, of: type[SQLModel]) -> Any:
    return union(_reached(own, of, "first_channel_id"), _reached(own, of, "second_channel_id"))


#: In the order in which rows are removed: what refers to others before these.
HOLDINGS: tuple[Holding, ...] = (
    _on_channel(Message, "messages"),
    _on_channel(Confirmation, "confirmations"),
    _on_channel(ChannelTopic, "topics"),
    _on_channel(EmailCapture, "emailCaptures"),
    _on_channel(ConsentRecord, "consentRecords"),
    _on_channel(Engagement, "engagements"),
    _on_channel(EngagementCount, "engagementCounts"),
    _on_channel(FieldPatch, "fieldPatches"),
    _on_channel(ChannelTag, "tags"),
    _on_channel(ChannelWord, "searchWords"),
    _holding(Fact, {"id": FACTS}, "facts", goes={}),  # ids, codes and numbers only
    _holding(FactChannel, {"channel_id": CHANNELS}, None),
    _holding(ClaimYield, {"link_id": LINKS, "claim_id": LINKS}, "claimYields"),
    _holding(MergeChannel, {"channel_id": CHANNELS, "merge_id": MERGES}, "mergeChannels"),
    _holding(Merge, {"id": MERGES}, "merges"),
    _holding(LinkProposal, {"id": PROPOSALS}, "linkProposals"),
    _holding(
        NeverLinkChannel,
        {"channel_id": CHANNELS},
        "neverLinkChannels",
        goes={"channel_id": CHANNELS, "never_link_id": POINTLESS},
    ),
    _holding(NeverLink, {"id": NEVER_LINKS}, "neverLinks", goes={"id": POINTLESS}),
    _holding(Link, {"id": LINKS}, "links"),
    _holding(
        IdempotencyKey, {"outcome": NAMES, "key": ADDRESSES}, None
    ),  # kept for 72 hours, and shown by all the above
    _holding(  # a text may have the address of another within it: so it is not shown, but it does not stay
        ImportMistake,
        {"email": PLACES, "mobile": PLACES},
        "importMistakes",
        goes={"email": PLACES, "mobile": PLACES, "raw": ADDRESSES},
    ),
    _holding(Profile, {"id": PROFILES}, "profile"),
    _holding(Channel, {"id": CHANNELS}, "channels"),
)

#: What a database is to rewrite so that its disk keeps nothing of who was removed.
TABLES = [*(str(holding.of.__tablename__) for holding in HOLDINGS), str(ImportChunk.__tablename__)]

#: The tables that hold nothing of persons, and why.
IMPERSONAL: dict[type[SQLModel], str] = {
    Account: "a tenant and its settings",
    ApiKey: "a client of a tenant",
    Form: "what is asked of people",
    Import: "what was asked for, and counts",
    ImportBatch: "ids of what a file brought",
    ImportChunk: "a file until it is imported; where it was only rehearsed, erasing anybody forgets it",
    Keyword: "a word, and what is answered to it",
    Topic: "something to be told about",
    Suppression: "a keyed hash of an address",
    RemovedChannel: "a keyed hash of an address, and counts",
    RemovedRecord: "acts, times, methods and digests",
    RemovedMerge: "an id",
}
