"""What an engagement is as it is reported, and as it is recorded."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from app.channels.rules import text
from app.consent.rules.evidence import Given, happened
from app.consent.rules.words import Said, said
from app.db.types import JsonText
from app.engagement.errors import ImpossibleKind, InvalidExternalId, InvalidValue, TooMuch
from app.errors import ErrorCode, Refusal
from app.kinds import KINDS, ChannelKind, EngagementKind
from app.nesting import MOST_LEVELS, too_deep
from app.tables import BounceType, LedgerAct

MOST_AT_ONCE = 1_000
MOST_PROPERTY_BYTES = 16 * 1024
MOST_BYTES_AT_ONCE = 4 * 1024 * 1024
LONGEST_ID = 200
LONGEST_NAME = 200
LONGEST_URL = 2_000
LONGEST_TEXT = 10_000
NO_PROPERTIES = JsonText("{}")
OPTING_OUT = frozenset({EngagementKind.UNSUBSCRIBE, EngagementKind.COMPLAINT})


class Sought(NamedTuple):
    """The channel that something happened on, as it is named: `by` which input; of a profile, its primary of `kind`."""

    by: str
    value: str
    kind: ChannelKind | None = None


class Event(NamedTuple):
    """Something that happened, checked; when in UTC. `place` is where it stands in what was reported."""

    place: int
    sought: Sought
    kind: EngagementKind
    occurred_at: datetime
    external_id: str | None
    name: str | None
    url: str | None
    text: str | None
    value: float | None
    bounce_type: BounceType | None
    properties: JsonText


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that is not recorded: where it stands in what was reported, and why."""

    place: int
    code: ErrorCode
    field: tuple[str, ...]
    message: str


def refused(place: int, refusal: Refusal) -> Refused:
    """A refusal of what stands in a place."""
    return Refused(place, refusal.code, refusal.field, refusal.message)


def all_judged(items: Iterable[Mapping[str, Any]], *, now: datetime) -> tuple[list[Event], list[Refused]]:
    """The engagements that can be recorded, and why others cannot; their places are counted from 0. See `judged`.

    Raises TooMuch where they are too many, or too large together.
    """
    events: list[Event] = []
    refusals: list[Refused] = []
    for place, item in enumerate(items):
        try:
            events.append(judged(item, place=place, now=now))
        except Refusal as refusal:
            refusals.append(refused(place, refusal))
    check_amount(events, len(events) + len(refusals))
    return events, refusals


def judged(given: Mapping[str, Any], *, place: int, now: datetime) -> Event:
    """An engagement as the API takes it (its input by field names, of the right types), checked.

    A time that is left out is now; up to 5 minutes ahead count as now. Raises a Refusal: InvalidExternalId,
    InvalidValue, TooMuch, TimeAhead, TimeLongAgo or TextTooLong, beside the field within the item.
    """
    kind, at = given["kind"], given.get("occurredAt")
    return Event(
        place,
        sought(given["contact"]),
        kind,
        now if at is None else happened(at, now=now, field=("occurredAt",)),
        external_id(given.get("externalId")),
        text(given.get("name"), LONGEST_NAME, field=("name",)),
        text(given.get("url"), LONGEST_URL, field=("url",)),
        text(given.get("text"), LONGEST_TEXT, field=("text",)),
        _number(given.get("value")),
        _bounce_type(given.get("bounceType"), kind),
        properties(given.get("properties")),
    )


def sought(contact: Mapping[str, Any]) -> Sought:
    """Which channel is meant, of a lookup with one member."""
    [(by, value)] = contact.items()
    return Sought(by, value["id"], value["channelKind"]) if by == "profile" else Sought(by, value)


def external_id(given: str | None) -> str | None:
    """The id under which the reporting system knows something, trimmed. Raises InvalidExternalId."""
    if given is None:
        return None
    found = given.strip()
    if not 1 <= len(found) <= LONGEST_ID:
        raise InvalidExternalId(LONGEST_ID)
    return found


def _number(given: float | None) -> float | None:
    if given is not None and not math.isfinite(given):
        raise InvalidValue("The value is a number, such as 49.9.", field=("value",))
    return given


def _bounce_type(given: BounceType | None, kind: EngagementKind) -> BounceType | None:
    if given is not None and kind is not EngagementKind.BOUNCE:
        raise InvalidValue("Only a BOUNCE has a bounce type; leave it out.", field=("bounceType",))
    return given


def properties(given: Any) -> JsonText:
    """The properties as JSON, at most 16 KB and 32 levels of it. Raises InvalidValue or TooMuch."""
    if not given and (given is None or given == {}):
        return NO_PROPERTIES
    if not isinstance(given, dict):
        raise InvalidValue('Properties are an object, such as {"basket": 3}.', field=("properties",))
    try:
        found = orjson.dumps(given, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # an integer beyond 64 bits, or nested deeper than 254
        _check_depth(given)
        raise InvalidValue("Properties are JSON with integers of at most 64 bits.", field=("properties",)) from None
    if len(found) > MOST_PROPERTY_BYTES:
        raise TooMuch(
            f"The properties are {len(found)} bytes; at most {MOST_PROPERTY_BYTES} are kept.", field=("properties",)
        )
    if found.count(b"[") + found.count(b"{") > MOST_LEVELS:
        _check_depth(given)
    return JsonText(found.decode())


def _check_depth(properties: dict[str, Any]) -> None:
    if too_deep(properties):
        raise InvalidValue(
            f"Properties nest at most {MOST_LEVELS} lists and objects within each other; make these flatter.",
            field=("properties",),
        )


def check_amount(events: Sequence[Event], count: int) -> None:
    """Checks that so much can be recorded at once. Raises TooMuch."""
    if count > MOST_AT_ONCE:
        raise TooMuch(
            f"These are {count} engagements; send at most {MOST_AT_ONCE} at once, or use POST /engagements.",
            field=("engagements",),
        )
    size = sum(len(event.properties) for event in events)
    if 4 * size > MOST_BYTES_AT_ONCE:  # a character has at most 4 bytes
        size = sum(len(event.properties.encode()) for event in events)
    if size > MOST_BYTES_AT_ONCE:
        raise TooMuch(
            f"The properties are {size} bytes together; send at most {MOST_BYTES_AT_ONCE} at once.",
            field=("engagements",),
        )


def check_kind(kind: EngagementKind, channel_kind: ChannelKind) -> None:
    """Checks that such a thing happens on such a channel. Raises ImpossibleKind."""
    if kind in KINDS[channel_kind].impossible:
        raise ImpossibleKind(kind, channel_kind)


# ---- what follows from it for its channel


def is_hard_bounce(event: Event) -> bool:
    """Whether the address seems to be gone: only such bounces count toward HELD, and those of unknown type do not."""
    return event.bounce_type is BounceType.HARD


def opt_out(event: Event, channel_kind: ChannelKind) -> Given | None:
    """The opt-out that it is: an unsubscribe, a complaint, or a text that asks for it (47 CFR 64.1200(a)(10))."""
    if event.kind in OPTING_OUT:
        return Given(LedgerAct.OPT_OUT, occurred_at=event.occurred_at, source_url=event.url)
    by_text = event.kind is EngagementKind.RESPONSE and channel_kind is ChannelKind.SMS and event.text
    if by_text and said(event.text or "") is Said.STOP:
        return Given(LedgerAct.STOP, occurred_at=event.occurred_at, disclosure=event.text)
    return None
