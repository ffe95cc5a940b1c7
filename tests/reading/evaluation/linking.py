"""Evidence and what it merged; what was decided, or waits to be."""

from typing import Any

from tests.reading.evaluation import channels, profiles
from tests.reading.evaluation.holding import Holding
from tests.reading.evaluation.objects import Object, age, by_id, in_time, node, printed, source
from tests.reading.evaluation.pages import Item, connection
from tests.reading.world import Row

WAYS = {
    "API": "An API call",
    "FORM": "A form",
    "KEYWORD": "A reply to a keyword",
    "IMPORT": "An import",
    "INBOUND": "An inbound message",
    "MANUAL": "A person's decision",
}
OBJECTIONS = {
    "CHANNEL_LIMIT": "the profile would have more addresses of a kind than the account allows",
    "ROLE_ADDRESS": "several people may share this mailbox, and it would join two known profiles",
    "NEVER_LINK": "it was decided that the two are never to be linked",
    "PROCESSING_RESTRICTED": "processing of the profile's data is restricted",
    "UNVERIFIED": "nobody has confirmed that both are one person's, and each has a known profile",
}

# ---- evidence


def links_of(held: Holding, members: list[Row], *, with_retracted: bool = False) -> list[Row]:
    """The evidence in force between these channels, the oldest first; else all that any of them ever had."""
    ids = {channel["id"] for channel in members}
    found = [link for link in held.rows["link"] if ids & {link["first_channel_id"], link["second_channel_id"]}]
    return in_time(link for link in found if with_retracted or link["retracted_at"] is None)


def merges_of(held: Holding, members: list[Row]) -> list[Row]:
    """The merges that a link of any of these channels made, undone ones too, the oldest first."""
    links = {link["id"] for link in links_of(held, members, with_retracted=True)}
    return in_time(merge for merge in held.rows["merge"] if merge["link_id"] in links)


def link(held: Holding, row: Row) -> Object:
    """The type Link."""
    first, second = (held.channel_by_id[row[name]] for name in ("first_channel_id", "second_channel_id"))
    merges = [merge for merge in held.rows["merge"] if merge["link_id"] == row["id"]]
    detail = f" ({row['detail']})" if row["detail"] else ""
    return node("Link", row["id"]) | {
        "channels": lambda _: [channels.channel(held, channel) for channel in held.ends(row)],
        "at": printed(row["at"]),
        "source": source(row, row["at"]),
        "trust": row["trust"],
        "explanation": (
            f"{WAYS[row['method']]}{detail} by {row['actor']} on {row['at']:%Y-%m-%d} "
            f"gave {first['address']} and {second['address']} as one person's."
        ),
        "merge": lambda _: merge(held, merges[0]) if merges else None,
        "retractedAt": printed(row["retracted_at"]),
    }


def merge(held: Holding, row: Row) -> Object:
    """The type ProfileMerge."""
    evidence = by_id(held.rows["link"])[row["link_id"]]
    came = {other["channel_id"] for other in held.rows["merge_channel"] if other["merge_id"] == row["id"]}
    survivor = held.at_home(row["survivor_id"])
    return node("ProfileMerge", row["id"]) | {
        "survivor": lambda _: profiles.profile(held, survivor) if survivor else None,
        "absorbedId": f"profile_{row['absorbed_id'].hex}",
        "at": printed(row["at"]),
        "actor": row["actor"],
        "reason": row["reason"],
        "links": lambda _: [link(held, evidence)],
        "channels": lambda _: [channels.channel(held, channel) for channel in held.channels if channel["id"] in came],
        "undoneAt": printed(row["undone_at"]),
    }


# ---- decisions


def never_links_of(held: Holding, members: list[Row]) -> list[Row]:
    """The decisions that name any of these channels, the oldest first."""
    named = {row["never_link_id"] for row in held.hanging_on("never_link_channel", members)}
    return in_time(row for row in held.rows["never_link"] if row["id"] in named)


def never_link(held: Holding, row: Row) -> Object:
    """The type NeverLink."""
    named = [other for other in held.rows["never_link_channel"] if other["never_link_id"] == row["id"]]

    def on(*sides: int) -> list[Object]:
        ids = {other["channel_id"] for other in named if other["side"] in sides}
        return [channels.channel(held, channel) for channel in held.channels if channel["id"] in ids]

    return node("NeverLink", row["id"]) | {
        "channels": lambda _: on(0, 1),
        "oneSide": lambda _: on(0),
        "otherSide": lambda _: on(1),
        "at": printed(row["at"]),
        "actor": row["actor"],
    }


def proposals(held: Holding, status: str | None = None, **paging: Any) -> Object:
    """The links that a guard stopped."""
    items = [
        Item(row["created_at"], row["id"], proposal(held, row))
        for row in held.rows["link_proposal"]
        if status in (None, status_of(held, row))
    ]
    return connection("LinkProposal", items, descending=True, **paging)


def status_of(held: Holding, row: Row) -> str:
    """Where a proposal stands: pointless while it is undecided and its channels are in one profile all the same."""
    first, second = (held.members[channel["id"]] for channel in held.ends(row))
    return "SUPERSEDED" if row["resolution"] == "OPEN" and first is second else str(row["resolution"])


def proposal(held: Holding, row: Row) -> Object:
    """The type LinkProposal."""
    first, second = (held.channel_by_id[row[name]]["address"] for name in ("first_channel_id", "second_channel_id"))
    return node("LinkProposal", row["id"]) | {
        "profiles": lambda _: [profiles.profile(held, members) for members in profiles_of(held, held.ends(row))],
        "channels": lambda _: [channels.channel(held, channel) for channel in held.ends(row)],
        "reason": row["reason"],
        "explanation": f"{first} and {second} were given as one person's, but {OBJECTIONS[row['reason']]}.",
        "status": status_of(held, row),
        "source": source(row, row["created_at"]),
        "createdAt": printed(row["created_at"]),
        "resolvedAt": printed(row["resolved_at"]),
        "resolvedBy": row["resolved_by"],
    }


def profiles_of(held: Holding, rows: list[Row]) -> list[list[Row]]:
    """The profiles that these channels are in, each once, the older first: by their oldest channels."""
    distinct = {members[0]["id"]: members for members in (held.members[row["id"]] for row in rows)}
    return sorted(distinct.values(), key=lambda members: age(members[0]))
