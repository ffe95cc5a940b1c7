"""What a document must answer, evaluated plainly: dictionaries and loops over the rows, and the GraphQL library itself.

Nothing here is fast, and nothing is shared with `app.reading` or with the queries that keep the copies of profiles:
a profile is worked out of channels, field values, tags, links and merges as `domain.md` says, each time it is asked
for. Every object is a dictionary whose members are values, or functions of the arguments where there are any;
graphql-core executes the document over them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from graphql import GraphQLSchema, build_schema, execute_sync
from graphql.language import DocumentNode

import graphql_schema
from tests.reading.world import Row, Rows

Object = dict[str, Any]
#: The object types that have ids, as the ids spell them.
SPELLED = {
    "Account": "account",
    "Channel": "channel",
    "ConsentRecord": "consent_record",
    "Engagement": "engagement",
    "Link": "link",
    "Profile": "profile",
    "ProfileMerge": "profile_merge",
}
WAYS = {
    "API": "An API call",
    "FORM": "A form",
    "KEYWORD": "A reply to a keyword",
    "IMPORT": "An import",
    "INBOUND": "An inbound message",
    "MANUAL": "A person's decision",
}
DEFAULT_SIZE = 20
END = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Json:
    """A value of the scalar JSON: within it, the order of keys and the spelling of numbers do not count."""

    value: Any


@dataclass
class World:
    """Everything that an account holds."""

    account: Object
    scopes: list[str]
    rows: Rows
    schema: GraphQLSchema = field(default_factory=lambda: build_schema(graphql_schema.sdl()))

    def answer(self, document: DocumentNode, variables: Mapping[str, Any], operation: str | None = None) -> Any:
        """The data that a valid document must answer."""
        result = execute_sync(
            self.schema, document, self.query(), variable_values=dict(variables), operation_name=operation
        )
        assert not result.errors, result.errors
        return result.data

    # ---- how rows hang together

    @cached_property
    def channels(self) -> list[Row]:
        """All channels, the oldest first."""
        return sorted(self.rows["channel"], key=age)

    @cached_property
    def channel_by_id(self) -> dict[UUID, Row]:
        """The channels by their ids."""
        return by_id(self.channels)

    @cached_property
    def profiles(self) -> list[list[Row]]:
        """Every profile: the channels that hang together by the links in force, the oldest first."""
        group = {channel["id"]: [channel] for channel in self.channels}
        for link in self.rows["link"]:
            one, other = group[link["first_channel_id"]], group[link["second_channel_id"]]
            if link["retracted_at"] is None and one is not other:
                one += other
                group |= dict.fromkeys((channel["id"] for channel in other), one)
        distinct = {id(members): members for members in group.values()}
        return [sorted(members, key=age) for members in distinct.values()]

    @cached_property
    def members(self) -> dict[UUID, list[Row]]:
        """The channels of the profile that a channel is in, by the channel's id."""
        return {channel["id"]: members for members in self.profiles for channel in members}

    def hanging_on(self, table: str, channels: Iterable[Row]) -> list[Row]:
        """The rows of a table that hang on these channels."""
        ids = {channel["id"] for channel in channels}
        return [row for row in self.rows[table] if row["channel_id"] in ids]

    # ---- roots

    def query(self) -> Object:
        """The type Query."""
        return {
            "linkage": self.linkage,
            "tags": lambda _: sorted({row["tag"] for row in self.rows["channel_tag"]}),
            "viewer": {"account": self.account, "scopes": self.scopes},
            "node": lambda _, id: self.node(id),
            "nodes": lambda _, ids: [self.node(id) for id in ids],
            "profile": lambda _, by: self.found(by),
            "profiles": self.listed,
        }

    def linkage(self, _: Any) -> Object:
        """The type LinkageReport."""
        kinds = [(members[0]["method"], {channel["kind"] for channel in members}) for members in self.profiles]
        methods = sorted({method for method, _ in kinds})
        linked = [(method, found) for method, found in kinds if len(found) == 2]
        return {
            "profiles": len(kinds),
            "linked": len(linked),
            "emailOnly": sum(found == {"EMAIL"} for _, found in kinds),
            "smsOnly": sum(found == {"SMS"} for _, found in kinds),
            "byMethod": [
                {
                    "method": method,
                    "profiles": sum(other == method for other, _ in kinds),
                    "linked": sum(other == method for other, _ in linked),
                }
                for method in methods
            ],
        }

    def node(self, id: str) -> Object | None:
        """The object with an id, if there is one in this account."""
        start, _, digits = id.rpartition("_")
        if len(digits) != 32 or set(digits) - set("0123456789abcdef"):
            return None
        uuid = UUID(hex=digits)
        tables = {"engagement": self.engagement, "link": self.link, "consent_record": self.consent_record}
        match start:
            case "account":
                return self.account if self.account["id"] == id else None
            case "profile":
                home = [channel for channel in self.channels if channel["home_id"] == uuid]
                return self.profile(self.members[home[0]["id"]]) if home else None
            case "channel":
                return self.channel(self.channel_by_id[uuid]) if uuid in self.channel_by_id else None
            case "profile_merge":
                merge = by_id(self.rows["merge"]).get(uuid)
                return self.merge(merge) if merge else None
            case _ if start in tables:
                row = by_id(self.rows[start]).get(uuid)
                return tables[start](row) if row else None
        return None

    def found(self, by: Mapping[str, str]) -> Object | None:
        """The profile of a ProfileLookup."""
        if "id" in by:
            return self.node(by["id"]) if by["id"].rpartition("_")[0] == "profile" else None
        text = by["emailAddress"].lower() if "emailAddress" in by else by["mobileNumber"]
        there = [channel for channel in self.channels if channel["address"] == text]
        return self.profile(self.members[there[0]["id"]]) if there else None

    def listed(self, _: Any, search: str | None = None, orderBy: Any = None, **paging: Any) -> Object:  # noqa: N803
        """The list of profiles."""
        order = orderBy or {"field": "CREATED_AT", "direction": "DESC"}
        key = {"CREATED_AT": self.created_at, "UPDATED_AT": self.updated_at}[order["field"]]
        items = [
            Item(key(members), members[0]["home_id"], self.profile(members))
            for members in self.profiles
            if all(self.has_word(members, word) for word in asked_words(search or ""))
        ]
        return connection("Profile", items, descending=order["direction"] == "DESC", **paging)

    def has_word(self, members: list[Row], beginning: str) -> bool:
        """Whether any of the channels is found by a word with that beginning."""
        return any(row["word"].startswith(beginning) for row in self.hanging_on("channel_word", members))

    # ---- profiles

    def profile(self, members: list[Row]) -> Object:
        """The type Profile."""
        oldest = members[0]
        primary = {kind: primary_of(kind, members) for kind in ("EMAIL", "SMS")}
        restricted = [channel["restricted_at"] for channel in members if channel["restricted_at"]]
        return node("Profile", oldest["home_id"]) | {
            "displayName": lambda _: display_name(self.shown(members), primary["EMAIL"] or primary["SMS"]),
            "createdAt": printed(self.created_at(members)),
            "updatedAt": lambda _: printed(self.updated_at(members)),
            "source": source(oldest, oldest["created_at"]),
            "isLinked": all(primary.values()),
            "channels": lambda _, kind=None: [
                self.channel(channel) for channel in members if kind in (None, channel["kind"])
            ],
            "email": lambda _: self.channel(primary["EMAIL"]) if primary["EMAIL"] else None,
            "sms": lambda _: self.channel(primary["SMS"]) if primary["SMS"] else None,
            "customFields": lambda _: Json(self.shown(members)),
            "fields": lambda _: self.fields(members),
            "tags": lambda _: sorted({row["tag"] for row in self.hanging_on("channel_tag", members)}),
            "compliance": {
                "gdprApplies": any(channel["gdpr_applies"] for channel in members),
                "processingRestricted": bool(restricted),
                "restrictedAt": printed(min(restricted)) if restricted else None,
            },
            "links": lambda _: [self.link(link) for link in self.links_of(members)],
            "engagements": lambda _, **paging: self.timeline(members, **paging),
            "engagementSummary": lambda _, since=None: self.summary(members, since),
            "merges": lambda _: [self.merge(merge) for merge in self.merges_of(members)],
        }

    def created_at(self, members: list[Row]) -> datetime:
        """When the contact first became known."""
        times: list[datetime] = [channel["created_at"] for channel in members]
        return min(times)

    def updated_at(self, members: list[Row]) -> datetime:
        """When its channels were last changed, or joined by a merge that is in force."""
        links = {link["id"] for link in self.links_of(members)}
        merged: list[datetime] = [merge["at"] for merge in self.rows["merge"] if merge["link_id"] in links]
        touched: list[datetime] = [channel["updated_at"] for channel in members]
        return max(touched + merged)

    def shown(self, members: list[Row]) -> Object:
        """What each custom field shows; a cleared one shows nothing."""
        winners = {key: first.value for key, (first, *_) in self.values(members).items()}
        return {key: value for key, value in winners.items() if value is not None}

    def values(self, members: list[Row]) -> dict[str, list["Given"]]:
        """The values of every field, the one that is shown first: the newest; at equal times the older channel's."""
        found: dict[str, list[Given]] = {}
        for patch in self.hanging_on("field_patch", members):
            channel = self.channel_by_id[patch["channel_id"]]
            for key, value in patch["fields"].items():
                found.setdefault(key, []).append(Given(value, patch, channel))
        return {key: sorted(found[key], key=Given.rank) for key in sorted(found)}

    def fields(self, members: list[Row]) -> list[Object]:
        """The list of FieldValue, each with its list of FieldAlternative."""
        return [
            self.given(first) | {"key": key, "alternatives": [self.given(value) for value in rest]}
            for key, (first, *rest) in self.values(members).items()
        ]

    def given(self, value: "Given") -> Object:
        """What FieldValue and FieldAlternative have in common."""
        return {
            "value": None if value.value is None else Json(value.value),
            "source": source(value.patch, value.patch["at"]),
            "updatedAt": printed(value.patch["at"]),
            "channel": lambda _: self.channel(value.channel),
        }

    # ---- channels

    def channel(self, row: Row) -> Object:
        """The type Channel."""
        return node("Channel", row["id"]) | {
            "kind": row["kind"],
            "address": row["address"],
            "profile": lambda _: self.profile(self.members[row["id"]]),
            "isPrimary": lambda _: primary_of(row["kind"], self.members[row["id"]]) is row,
            "createdAt": printed(row["created_at"]),
            "source": source(row, row["created_at"]),
            "consent": {
                "status": row["consent_status"],
                "updatedAt": printed(row["consent_at"]),
                "record": lambda _: self.deciding(row),
            },
            "deliverability": row["deliverability"],
            "deliverabilitySince": printed(row["deliverability_since"]),
            "deliverabilityReason": row["deliverability_reason"],
            "verifiedAt": printed(row["verified_at"]),
            "engagements": lambda _, **paging: self.timeline([row], **paging),
        }

    def deciding(self, channel: Row) -> Object | None:
        """The record that decides a channel's consent."""
        records = by_id(self.rows["consent_record"])
        return self.consent_record(records[channel["consent_record_id"]]) if channel["consent_record_id"] else None

    def consent_record(self, row: Row) -> Object:
        """The type ConsentRecord."""
        return node("ConsentRecord", row["id"]) | {
            "channel": lambda _: self.channel(self.channel_by_id[row["channel_id"]]),
            "status": {"OPT_IN": "OPTED_IN", "OPT_OUT": "OPTED_OUT"}[row["act"]],
            "method": row["method"],
            "occurredAt": printed(row["occurred_at"]),
            "recordedAt": printed(row["recorded_at"]),
            "actor": row["actor"],
            "sourceUrl": row["source_url"],
            "ipAddress": row["ip_address"],
            "userAgent": row["user_agent"],
            "disclosure": row["disclosure"],
            "sourceDetail": row["source_detail"],
            "digest": row["digest"],
            "previousDigest": row["previous_digest"],
        }

    # ---- engagements

    def timeline(self, channels: list[Row], **paging: Any) -> Object:
        """What happened on these channels."""
        items = [
            Item(row["occurred_at"], row["id"], self.engagement(row)) for row in self.hanging_on("engagement", channels)
        ]
        return connection("Engagement", items, descending=True, **paging)

    def engagement(self, row: Row) -> Object:
        """The type Engagement."""
        channel = self.channel_by_id[row["channel_id"]]
        return node("Engagement", row["id"]) | {
            "kind": row["kind"],
            "channel": lambda _: self.channel(channel),
            "channelKind": channel["kind"],
            "profile": lambda _: self.profile(self.members[channel["id"]]),
            "occurredAt": printed(row["occurred_at"]),
            "recordedAt": printed(row["recorded_at"]),
            "name": row["name"],
            "url": row["url"],
            "text": row["text"],
            "value": row["value"],
            "bounceType": row["bounce_type"],
            "properties": Json(row["properties"]),
        }

    def summary(self, members: list[Row], since: str | None) -> list[Object]:
        """The list of EngagementCount, by the kinds of channel and of engagement."""
        times: dict[tuple[str, str], list[datetime]] = {}
        for row in self.hanging_on("engagement", members):
            if since is None or row["occurred_at"] >= datetime.fromisoformat(since):
                kinds = self.channel_by_id[row["channel_id"]]["kind"], row["kind"]
                times.setdefault(kinds, []).append(row["occurred_at"])
        return [
            {
                "channelKind": channel_kind,
                "kind": kind,
                "count": len(found),
                "firstAt": printed(min(found)),
                "lastAt": printed(max(found)),
            }
            for (channel_kind, kind), found in sorted(times.items())
        ]

    # ---- evidence

    def links_of(self, members: list[Row]) -> list[Row]:
        """The evidence in force between these channels, the oldest first."""
        ids = {channel["id"] for channel in members}
        found = [link for link in self.rows["link"] if link["retracted_at"] is None and link["first_channel_id"] in ids]
        return sorted(found, key=lambda link: (link["at"], link["id"]))

    def merges_of(self, members: list[Row]) -> list[Row]:
        """The merges that a link of any of these channels made, undone ones too, the oldest first."""
        ids = {channel["id"] for channel in members}
        links = {
            link["id"] for link in self.rows["link"] if ids & {link["first_channel_id"], link["second_channel_id"]}
        }
        found = [merge for merge in self.rows["merge"] if merge["link_id"] in links]
        return sorted(found, key=lambda merge: (merge["at"], merge["id"]))

    def link(self, row: Row) -> Object:
        """The type Link."""
        first, second = (self.channel_by_id[row[name]] for name in ("first_channel_id", "second_channel_id"))
        merges = [merge for merge in self.rows["merge"] if merge["link_id"] == row["id"]]
        detail = f" ({row['detail']})" if row["detail"] else ""
        return node("Link", row["id"]) | {
            "channels": lambda _: [self.channel(channel) for channel in sorted((first, second), key=age)],
            "at": printed(row["at"]),
            "source": source(row, row["at"]),
            "trust": row["trust"],
            "explanation": (
                f"{WAYS[row['method']]}{detail} by {row['actor']} on {row['at']:%Y-%m-%d} "
                f"gave {first['address']} and {second['address']} as one person's."
            ),
            "merge": lambda _: self.merge(merges[0]) if merges else None,
        }

    def merge(self, row: Row) -> Object:
        """The type ProfileMerge."""
        link = by_id(self.rows["link"])[row["link_id"]]
        came = {other["channel_id"] for other in self.rows["merge_channel"] if other["merge_id"] == row["id"]}
        return node("ProfileMerge", row["id"]) | {
            "survivor": lambda _: self.node(f"profile_{row['survivor_id'].hex}"),
            "absorbedId": f"profile_{row['absorbed_id'].hex}",
            "at": printed(row["at"]),
            "actor": row["actor"],
            "reason": row["reason"],
            "links": lambda _: [self.link(link)],
            "channels": lambda _: [self.channel(channel) for channel in self.channels if channel["id"] in came],
            "undoneAt": printed(row["undone_at"]),
        }


@dataclass(frozen=True, slots=True)
class Given:
    """A field value, the patch that it came in, and the channel that it came by."""

    value: Any
    patch: Row
    channel: Row

    def rank(self) -> tuple[Any, ...]:
        """Sorts the winner first."""
        return END - self.patch["at"], *age(self.channel), -self.patch["id"].int


# ---- pages


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list, and the key by which the list is sorted."""

    key: datetime
    id: UUID
    value: Object

    @property
    def position(self) -> tuple[datetime, UUID]:
        """Where it stands in the list."""
        return self.key, self.id

    @property
    def cursor(self) -> str:
        """Its cursor: the sort key and the id."""
        return f"{printed(self.key)}~{self.id.hex}"


def connection(
    type_name: str,
    items: list[Item],
    *,
    descending: bool,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> Object:
    """A page of the items (Relay's Cursor Connections Specification)."""
    ordered = sorted(items, key=lambda item: item.position, reverse=descending)
    later = [item for item in ordered if after is None or comes_after(item, after, descending=descending)]
    between = [item for item in later if before is None or comes_before(item, before, descending=descending)]
    if last is not None:
        page = between[len(between) - last :] if last < len(between) else between
        more_before, more_after = len(between) > last, before is not None and between != later
    else:
        page = between[: DEFAULT_SIZE if first is None else first]
        more_before, more_after = after is not None and later != ordered, len(between) > len(page)
    return {
        "edges": [{"cursor": item.cursor, "node": item.value} for item in page],
        "nodes": [item.value for item in page],
        "pageInfo": {
            "hasNextPage": more_after,
            "hasPreviousPage": more_before,
            "startCursor": page[0].cursor if page else None,
            "endCursor": page[-1].cursor if page else None,
        },
        "totalCount": len(ordered),
    }


def comes_after(item: Item, cursor: str, *, descending: bool) -> bool:
    """Whether the item stands after the cursor's place."""
    place = place_of(cursor)
    return item.position < place if descending else item.position > place


def comes_before(item: Item, cursor: str, *, descending: bool) -> bool:
    """Whether the item stands before the cursor's place."""
    return comes_after(item, cursor, descending=not descending)


def place_of(cursor: str) -> tuple[datetime, UUID]:
    """The sort key and the id that a cursor names."""
    key, _, digits = cursor.rpartition("~")
    return datetime.fromisoformat(key), UUID(hex=digits)


# ---- what several types share


def node(type_name: str, id: UUID) -> Object:
    """What every object with an id has."""
    return {"__typename": type_name, "id": f"{SPELLED[type_name]}_{id.hex}"}


def source(row: Row, at: datetime) -> Object:
    """The type Source."""
    return {"method": row["method"], "detail": row["detail"], "at": printed(at)}


def printed(at: datetime | None) -> str | None:
    """A moment as the API prints it: in UTC, six digits, Z."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def age(channel: Row) -> tuple[datetime, UUID]:
    """Sorts channels from the oldest."""
    return channel["created_at"], channel["id"]


def by_id(rows: Iterable[Row]) -> dict[UUID, Row]:
    """The rows by their ids."""
    return {row["id"]: row for row in rows}


def primary_of(kind: str, members: list[Row]) -> Row | None:
    """The newest explicit choice among the channels of a kind, else the oldest of them."""
    of_kind = [channel for channel in members if channel["kind"] == kind]
    chosen = [channel for channel in of_kind if channel["primary_since"]]
    newest: Callable[[Row], Any] = lambda channel: channel["primary_since"]  # noqa: E731
    return max(chosen, key=newest) if chosen else next(iter(of_kind), None)  # the first of equals is the older one


def display_name(custom_fields: Mapping[str, Any], best: Row | None) -> str:
    """First and last name, as far as they are texts; else the best address."""
    names = [custom_fields.get(key) for key in ("first_name", "last_name")]
    name = " ".join(text if isinstance(text, str) else "" for text in names).strip(" ")
    assert best is not None
    return name or str(best["address"])


def asked_words(search: str) -> list[str]:
    """The beginnings of words in a search; a number may be written with spaces."""
    digits = search.replace(" ", "")
    return [digits] if digits.isdigit() else search.lower().split()
