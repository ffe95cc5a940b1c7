"""Consent: what ledgers say and whether they are whole, what was said of topics, and what may be sent."""

import hmac
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tests.reading.evaluation import channels
from tests.reading.evaluation.holding import Holding
from tests.reading.evaluation.objects import Link, Object, by_id, node, printed
from tests.reading.evaluation.pages import Item, connection
from tests.reading.values import NOW, SECRET
from tests.reading.world import Row

#: In which order the reasons against sending are told.
REASONS = [
    "NO_CONSENT",
    "CONSENT_PENDING",
    "OPTED_OUT",
    "HELD",
    "EXPIRED",
    "BANNED",
    "TOPIC_OPTED_OUT",
    "PROCESSING_RESTRICTED",
    "QUIET_HOURS",
    "SUPPRESSED",
]
QUARTER = timedelta(minutes=15)


# ---- objects


def of_channel(held: Holding, channel: Row) -> Object:
    """What the type Channel says of consent."""
    return {
        "consent": standing(held, channel["consent_status"], channel["consent_at"], channel["consent_record_id"]),
        "consentAsOf": lambda _, at, knownAt=None: as_of(held, channel, at, knownAt),  # noqa: N803
        "consentHistory": lambda _, **paging: history(held, channel, **paging),
        "consentLedgerIntact": lambda _: intact(channel, held.hanging_on("consent_record", [channel])),
        "sendability": lambda _, **given: sendability(held, channel, **given),
        "unsubscribeUrl": Link("u", held.account_id, channel["id"]),
        "preferencesUrl": Link("preferences", held.account_id, channel["id"]),
    }


def standing(held: Holding, status: str, since: datetime | None, record_id: UUID | None) -> Object:
    """The type Consent."""
    return {"status": status, "updatedAt": printed(since), "record": lambda _: found(held, record_id)}


def found(held: Holding, record_id: UUID | None) -> Object | None:
    """The record with that id, where there is one."""
    row = by_id(held.rows["consent_record"]).get(record_id) if record_id else None
    return record(held, row) if row else None


def record(held: Holding, row: Row) -> Object:
    """The type ConsentRecord."""
    status = {"OPT_IN": "OPTED_IN", "OPT_OUT": "OPTED_OUT", "STOP": "OPTED_OUT", "ASK": "PENDING"}
    return node("ConsentRecord", row["id"]) | {
        "channel": lambda _: channels.channel(held, held.channel_by_id[row["channel_id"]]),
        "topic": lambda _: topic(held, by_id(held.rows["topic"])[row["topic_id"]]) if row["topic_id"] else None,
        "status": status.get(row["act"], row["restored"]),
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


def topic(_: Holding, row: Row) -> Object:
    """The type Topic."""
    return node("Topic", row["id"]) | {"key": row["key"], "name": row["name"]}


# ---- ledgers


def history(held: Holding, channel: Row, **paging: Any) -> Object:
    """Every entry of a ledger, the newest act first."""
    rows = held.hanging_on("consent_record", [channel])
    items = [Item(row["occurred_at"], row["id"], record(held, row)) for row in rows]
    return connection("ConsentRecord", items, descending=True, **paging)


def as_of(held: Holding, channel: Row, at: str, known_at: str | None) -> Object:
    """What held at a time, by what is known now or was known then."""
    entries = [
        row
        for row in held.hanging_on("consent_record", [channel])
        if row["topic_id"] is None
        and row["occurred_at"] <= datetime.fromisoformat(at)
        and (known_at is None or row["recorded_at"] <= datetime.fromisoformat(known_at))
        and not is_taken_back(row, known_at)
    ]
    status, decides = fold(entries)
    return standing(held, status, *((decides["occurred_at"], decides["id"]) if decides else (None, None)))


def is_taken_back(row: Row, known_at: str | None) -> bool:
    """Whether it counts as never said, by what is known now or was known then."""
    at: datetime | None = row["retracted_at"]
    return at is not None and (known_at is None or at <= datetime.fromisoformat(known_at))


def fold(entries: list[Row]) -> tuple[str, Row | None]:
    """What holds after these entries, and the one that decides; their order is that of their own times."""
    in_force: list[Row] = []
    stops: list[Row] = []  # those that a START would undo
    for entry in sorted(entries, key=order):
        if entry["act"] == "START":
            in_force = [row for row in in_force if row not in stops]
            stops = []
            continue
        if entry["act"] == "STOP":
            stops = [*stops, entry]
        if entry["act"] == "OPT_OUT" or is_timed(entry):
            stops = []
        in_force.append(entry)
    return decided(in_force)


def order(entry: Row) -> tuple[datetime, bool, int]:
    """Where an entry stands: by its time; on a tie opting out wins, then what was written down later."""
    return entry["occurred_at"], entry["act"] in ("OPT_OUT", "STOP"), entry["number"]


def is_timed(entry: Row) -> bool:
    """Whether it is an opt-in with its own explicit time."""
    return entry["act"] == "OPT_IN" and bool(entry["time_given"])


def decided(in_force: list[Row]) -> tuple[str, Row | None]:
    """An opt-out holds until an opt-in with a time is later; a double opt-in that was asked for lowers nothing."""
    held: tuple[str, Row | None] = "NOT_COLLECTED", None
    for entry in in_force:
        match held[0], entry["act"]:
            case _, "OPT_OUT" | "STOP":
                held = "OPTED_OUT", entry
            case ("OPTED_OUT", "OPT_IN") if not entry["time_given"]:
                pass
            case _, "OPT_IN":
                held = "OPTED_IN", entry
            case "NOT_COLLECTED" | "PENDING", "ASK":
                held = "PENDING", entry
    return held


def intact(channel: Row, rows: list[Row]) -> bool:
    """Whether every digest is over what its record says and the digest before, all are there that the channel has
    counted, and those that are taken back are so by others."""
    ledger = sorted(rows, key=lambda row: row["number"])
    digests = [row["digest"] for row in ledger]
    return (
        [row["number"] for row in ledger] == list(range(1, channel["consent_count"] + 1))
        and [row["previous_digest"] for row in ledger] == [None, *digests][: len(ledger)]
        and [None, *digests][-1] == channel["consent_head"]
        and digests == [digest(row) for row in ledger]
        and {(row["number"], row["retracted_at"]) for row in ledger if row["retracted_at"]}
        == {(row["retracts"], row["recorded_at"]) for row in ledger if row["act"] == "RETRACT" and row["retracts"]}
    )


def digest(row: Row) -> str:
    """What the digest of a record must be: HMAC-SHA-256 over its columns as compact JSON, in order of their names."""
    said = {name: spelled(value) for name, value in row.items() if name not in ("digest", "retracted_at")}
    for name in ("topic_id", "restored", "retracts"):
        if said[name] is None:
            del said[name]
    text = json.dumps(dict(sorted(said.items())), ensure_ascii=False, separators=(",", ":"))
    return hmac.new(SECRET, text.encode(), "sha256").hexdigest()


def spelled(value: Any) -> Any:
    """A value as it is sealed: ids as hex digits, times with six digits and their offset from UTC."""
    match value:
        case UUID():
            return value.hex
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")
        case _:
            return value


# ---- topics


def topics(held: Holding) -> list[Object]:
    """All topics, in order of their keys."""
    return [topic(held, row) for row in sorted(held.rows["topic"], key=lambda row: row["key"])]


def preferences(held: Holding, members: list[Row]) -> list[Object]:
    """What a person prefers about each topic on each kind of channel."""
    said: dict[tuple[UUID, str], list[Row]] = {}
    for row in held.hanging_on("channel_topic", members):
        said.setdefault((row["topic_id"], held.channel_by_id[row["channel_id"]]["kind"]), []).append(row)
    found = by_id(held.rows["topic"])
    return [
        {
            "topic": topic(held, found[topic_id]),
            "channelKind": kind,
            "subscribed": (newest := newest_word(rows))["status"] != "OPTED_OUT",
            "updatedAt": printed(newest["at"]),
        }
        for (topic_id, kind), rows in sorted(said.items())
    ]


def newest_word(rows: Iterable[Row]) -> Row:
    """What was said last; of what was said at the same time, the opt-out."""
    return max(rows, key=lambda row: (row["at"], row["status"] == "OPTED_OUT"))


# ---- what may be sent


def sendability(
    held: Holding,
    channel: Row,
    at: str | None = None,
    purpose: str | None = None,
    topic: str | None = None,
) -> Object:
    """The type Sendability."""
    until = quiet_until(channel, held.account["timeZone"], datetime.fromisoformat(at) if at else NOW)
    marketing = purpose != "TRANSACTIONAL"
    blocks: dict[str, Object] = {}
    for reason, evidence in reasons(held, channel, topic, marketing=marketing):
        blocks[reason] = {"reason": reason, "until": None, "record": lambda _, id=evidence: found(held, id)}
    others = bool(blocks)
    if marketing and until:
        blocks["QUIET_HOURS"] = {"reason": "QUIET_HOURS", "until": printed(until), "record": None}
    return {
        "allowed": not blocks,
        "holdUntil": printed(until) if blocks and not others else None,
        "blocks": [blocks[reason] for reason in REASONS if reason in blocks],
    }


def reasons(held: Holding, channel: Row, topic: str | None, *, marketing: bool) -> Iterator[tuple[str, UUID | None]]:
    """Every reason but quiet hours that stands against sending, and the record that is its evidence."""
    status, decides = channel["consent_status"], channel["consent_record_id"]
    if marketing and status in ("NOT_COLLECTED", "PENDING"):
        yield ("NO_CONSENT", None) if status == "NOT_COLLECTED" else ("CONSENT_PENDING", decides)
    if status == "OPTED_OUT" and (marketing or channel["kind"] == "SMS"):
        yield "OPTED_OUT", decides
    if channel["deliverability"] != "ACTIVE":
        yield channel["deliverability"], None
    keys = {row["id"]: row["key"] for row in held.rows["topic"]}
    for said in held.hanging_on("channel_topic", [channel]):
        if keys[said["topic_id"]] == topic and said["status"] == "OPTED_OUT":
            yield "TOPIC_OPTED_OUT", said["record_id"]
    if any(member["restricted_at"] for member in held.members[channel["id"]]):
        yield "PROCESSING_RESTRICTED", None
    if channel["suppressed_at"]:
        yield "SUPPRESSED", None


def quiet_until(channel: Row, own_zone: str, at: datetime) -> datetime | None:
    """When the quiet hours of now end for a number; None where there are none now.

    It is quiet as long as it is so in any zone of the number. Where there are none, or it is always quiet in one of
    them, the account's own counts.
    """
    if channel["kind"] != "SMS":
        return None
    zones = (channel["time_zones"] or own_zone).split("&")
    quarter = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
    for quarters in range(24 * 4):
        if not any(is_quiet(quarter + quarters * QUARTER, zone) for zone in zones):
            return quarter + quarters * QUARTER if quarters else None
    return quiet_until({**channel, "time_zones": None}, own_zone, at)


def is_quiet(at: datetime, zone: str) -> bool:
    """Whether it is between 21 and 8 there."""
    return not 8 <= at.astimezone(ZoneInfo(zone)).hour < 21


def counted(held: Holding) -> list[Object]:
    """How many channels of each kind stand so."""
    states = [(row["kind"], row["consent_status"], row["deliverability"]) for row in held.channels]
    return [
        {"kind": kind, "consent": status, "deliverability": arrives, "count": states.count((kind, status, arrives))}
        for kind, status, arrives in sorted(set(states))
    ]
