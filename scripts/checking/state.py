"""What is left in the end, read through the public API alone."""

import itertools
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from checking.callers import Caller
from checking.documents import PROFILES, PROPOSALS, REPORT, RESOLVE

IDS_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Channel:
    """An address, and the profile that lists it."""

    id: str
    kind: str
    address: str
    profile_id: str


@dataclass(frozen=True, slots=True)
class Link:
    """Evidence between two channels; times in seconds since 1970."""

    id: str
    ends: tuple[str, ...]
    detail: str | None
    at: float
    retracted_at: float | None
    merge_id: str | None


@dataclass(frozen=True, slots=True)
class NeverLink:
    """Channels that may not come together."""

    id: str
    one: frozenset[str]
    other: frozenset[str]


@dataclass(frozen=True, slots=True)
class Merge:
    """Two profiles that became one; `came` are the channels of the absorbed one."""

    id: str
    reason: str
    at: float
    undone_at: float | None
    came: frozenset[str]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two channels that a guard kept apart."""

    id: str
    reason: str
    status: str
    resolved_at: float | None
    channels: tuple[str, ...]


@dataclass(slots=True)
class State:
    """The whole account."""

    profile_ids: list[str] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
    links: dict[str, Link] = field(default_factory=dict)
    never_links: dict[str, NeverLink] = field(default_factory=dict)
    merges: dict[str, Merge] = field(default_factory=dict)
    proposals: dict[str, Proposal] = field(default_factory=dict)
    report: dict[str, int] = field(default_factory=dict)
    resolved: dict[str, dict[str, Any] | None] = field(default_factory=dict)

    def profile_of(self) -> dict[str, str]:
        """The profile of each channel."""
        return {channel.id: channel.profile_id for channel in self.channels}

    def take(self, profile: dict[str, Any]) -> None:
        """Adds a profile as the API shows it."""
        self.profile_ids.append(profile["id"])
        for it in profile["channels"]:
            self.channels.append(Channel(it["id"], it["kind"], it["address"], profile["id"]))
        for it in profile["links"]:
            merge_id = it["merge"] and it["merge"]["id"]
            detail, times = it["source"]["detail"], (seconds(it["at"]) or 0.0, seconds(it["retractedAt"]))
            self.links[it["id"]] = Link(it["id"], ids(it["channels"]), detail, *times, merge_id)
        for it in profile["neverLinks"]:
            sides = frozenset(ids(it["oneSide"])), frozenset(ids(it["otherSide"]))
            self.never_links[it["id"]] = NeverLink(it["id"], *sides)
        for it in profile["merges"]:
            times, came = (seconds(it["at"]) or 0.0, seconds(it["undoneAt"])), frozenset(ids(it["channels"]))
            self.merges[it["id"]] = Merge(it["id"], it["reason"], *times, came)


def ids(nodes: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    """Their ids."""
    return tuple(node["id"] for node in nodes)


def seconds(text: str | None) -> float | None:
    """The moment as seconds since 1970."""
    return datetime.fromisoformat(text).timestamp() if text else None


async def read(caller: Caller, *, profile_ids: Iterable[str]) -> State:
    """Reads everything in pages, and what these ids resolve to."""
    state = State()
    async for profile in _pages(caller, PROFILES, "profiles"):
        state.take(profile)
    async for it in _pages(caller, PROPOSALS, "linkProposals"):
        resolved_at, channels = seconds(it["resolvedAt"]), ids(it["channels"])
        state.proposals[it["id"]] = Proposal(it["id"], it["reason"], it["status"], resolved_at, channels)
    state.report = (await caller.data(REPORT))["linkage"]
    wanted = sorted(profile_ids)
    for start in range(0, len(wanted), IDS_AT_ONCE):
        asked = wanted[start : start + IDS_AT_ONCE]
        nodes = (await caller.data(RESOLVE, ids=asked))["nodes"]
        state.resolved |= dict(zip(asked, nodes, strict=True))
    return state


async def _pages(caller: Caller, query: str, name: str) -> AsyncIterator[dict[str, Any]]:
    after = None
    for _ in itertools.count():
        page = (await caller.data(query, after=after))[name]
        for node in page["nodes"]:
            yield node
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]
