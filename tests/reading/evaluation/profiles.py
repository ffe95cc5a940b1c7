"""Profiles, worked out of channels, links, field values and tags."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.reading.evaluation import channels, consent, engagements, linking, log
from tests.reading.evaluation.holding import Holding
from tests.reading.evaluation.objects import Json, Object, age, json, node, printed, source
from tests.reading.world import Row

END = datetime.max.replace(tzinfo=UTC)


def profile(held: Holding, members: list[Row]) -> Object:
    """The type Profile."""
    oldest = members[0]
    primary = {kind: primary_of(kind, members) for kind in ("EMAIL", "SMS")}
    restricted = [channel["restricted_at"] for channel in members if channel["restricted_at"]]
    return node("Profile", oldest["home_id"]) | {
        "displayName": lambda _: display_name(shown(held, members), primary["EMAIL"] or primary["SMS"]),
        "createdAt": printed(created_at(held, members)),
        "updatedAt": lambda _: printed(updated_at(held, members)),
        "source": source(oldest, oldest["created_at"]),
        "isLinked": all(primary.values()),
        "channels": lambda _, kind=None: [
            channels.channel(held, channel) for channel in members if kind in (None, channel["kind"])
        ],
        "email": lambda _: channels.channel(held, primary["EMAIL"]) if primary["EMAIL"] else None,
        "sms": lambda _: channels.channel(held, primary["SMS"]) if primary["SMS"] else None,
        "customFields": lambda _: Json(shown(held, members)),
        "fields": lambda _: fields(held, members),
        "tags": lambda _: sorted({row["tag"] for row in held.hanging_on("channel_tag", members)}),
        "preferences": lambda _: consent.preferences(held, members),
        "compliance": {
            "gdprApplies": any(channel["gdpr_applies"] for channel in members),
            "processingRestricted": bool(restricted),
            "restrictedAt": printed(min(restricted)) if restricted else None,
        },
        "links": lambda _, withRetracted=False: [  # noqa: N803
            linking.link(held, link) for link in linking.links_of(held, members, with_retracted=withRetracted)
        ],
        "neverLinks": lambda _: [linking.never_link(held, row) for row in linking.never_links_of(held, members)],
        "engagements": lambda _, **paging: engagements.timeline(held, members, **paging),
        "engagementSummary": lambda _, since=None: engagements.summary(held, members, since),
        "merges": lambda _: [linking.merge(held, merge) for merge in linking.merges_of(held, members)],
        "auditLog": lambda _, **paging: log.of_profile(held, members, **paging),
    }


def created_at(_: Holding, members: list[Row]) -> datetime:
    """When the contact first became known."""
    times: list[datetime] = [channel["created_at"] for channel in members]
    return min(times)


def updated_at(held: Holding, members: list[Row]) -> datetime:
    """When its channels were last changed, or joined by a merge that is in force."""
    links = {link["id"] for link in linking.links_of(held, members)}
    merged: list[datetime] = [merge["at"] for merge in held.rows["merge"] if merge["link_id"] in links]
    touched: list[datetime] = [channel["updated_at"] for channel in members]
    return max(touched + merged)


# ---- fields


@dataclass(frozen=True, slots=True)
class Given:
    """A field value, the patch that it came in, and the channel that it came by."""

    value: Any
    patch: Row
    channel: Row

    def rank(self) -> tuple[Any, ...]:
        """Sorts the winner first."""
        return END - self.patch["at"], *age(self.channel), -self.patch["id"].int


def shown(held: Holding, members: list[Row]) -> Object:
    """What each custom field shows; a cleared one shows nothing."""
    winners = {key: first.value for key, (first, *_) in values(held, members).items()}
    return {key: value for key, value in winners.items() if value is not None}


def values(held: Holding, members: list[Row]) -> dict[str, list[Given]]:
    """The values of every field, the one that is shown first: the newest; at equal times the older channel's."""
    found: dict[str, list[Given]] = {}
    for patch in held.hanging_on("field_patch", members):
        channel = held.channel_by_id[patch["channel_id"]]
        for key, value in patch["fields"].items():
            found.setdefault(key, []).append(Given(value, patch, channel))
    return {key: sorted(found[key], key=Given.rank) for key in sorted(found)}


def fields(held: Holding, members: list[Row]) -> list[Object]:
    """The list of FieldValue, each with its list of FieldAlternative."""
    return [
        given(held, first) | {"key": key, "alternatives": [given(held, value) for value in rest]}
        for key, (first, *rest) in values(held, members).items()
    ]


def given(held: Holding, value: Given) -> Object:
    """What FieldValue and FieldAlternative have in common."""
    return {
        "value": json(value.value),
        "source": source(value.patch, value.patch["at"]),
        "updatedAt": printed(value.patch["at"]),
        "channel": lambda _: channels.channel(held, value.channel),
    }


# ---- what is best


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
