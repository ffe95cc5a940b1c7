"""Reading engagements that come as JSON, a line each, of the shape of the API's EngagementInput."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NoReturn

import orjson

from app.db.types import parsed_time
from app.engagement.errors import InvalidValue, TooMuch
from app.engagement.rules.reporting import Event, Refused, judged, refused
from app.errors import BadInput, Refusal
from app.kinds import KINDS, ChannelKind, EngagementKind
from app.tables import BounceType

LONGEST_LINE = 64 * 1024
LONGEST_GLOBAL_ID = 100
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # an escape that is not escaped itself
EXAMPLE = '{"contact": {"emailAddress": "ann@example.com"}, "kind": "CLICK"}'
Check = Callable[[Any], Any]


def all_judged(lines: Sequence[bytes], *, first: int, now: datetime) -> tuple[list[Event], list[Refused]]:
    """The engagements of the lines that can be recorded, and why others cannot; their places count from `first`.

    Empty lines are passed over.
    """
    events: list[Event] = []
    refusals: list[Refused] = []
    for number, line in enumerate(lines, first):
        try:
            if line and not line.isspace():
                events.append(judged(read(line), place=number, now=now))
        except Refusal as refusal:
            refusals.append(refused(number, refusal))
    return events, refusals


def read(line: bytes) -> dict[str, Any]:
    """An engagement as `judged` takes it. Raises InvalidValue or TooMuch, beside the member that is wrong."""
    given = loaded(line)
    for name, value in given.items():
        if name not in CHECKS:
            _fail(f"There is no '{name:.60}'; an engagement has {', '.join(CHECKS)}.", name[:60])
        if value is not None:
            given[name] = CHECKS[name](value)
    if given.get("contact") is None:
        _fail("Say on which channel it happened, as in " + EXAMPLE + ".", "contact")
    if given.get("kind") is None:
        _fail(f"Say what happened: {', '.join(EngagementKind)}.", "kind")
    return given


def loaded(text: bytes) -> dict[str, Any]:
    """The JSON object of a text in UTF-8. Raises InvalidValue or TooMuch."""
    if len(text) > LONGEST_LINE:
        raise TooMuch(f"This is longer than {LONGEST_LINE} bytes; nothing of it was read.")
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        told = f"This is not JSON in UTF-8: {error.msg}, at character {error.colno}."
        raise InvalidValue(told, field=()) from None
    if type(found) is not dict:
        raise InvalidValue(f"This is not a JSON object, such as {EXAMPLE}.", field=())
    if b"\\u0000" in text and NUL.search(text):
        raise InvalidValue("This contains the character NUL (U+0000), which no text may.", field=())
    return found


# ---- the members


def _fail(message: str, *field: str) -> NoReturn:
    raise InvalidValue(message, field=field)


def text_of(name: str, longest: int | None = None, *within: str) -> Check:
    """Takes a text as it is."""

    def check(value: Any) -> str:
        if type(value) is not str:
            _fail(f"Give '{name}' as text.", *within, name)
        if longest is not None and len(value) > longest:
            _fail(f"'{name}' has at most {longest} characters; this one has {len(value)}.", *within, name)
        return str(value)

    return check


def one_of(name: str, values: Mapping[str, Any], *within: str) -> Check:
    """Takes the name of one of the values."""

    def check(value: Any) -> Any:
        if type(value) is not str or value not in values:
            _fail(f"'{name}' is one of {', '.join(values)}.", *within, name)
        return values[value]

    return check


def time(value: Any, name: str = "occurredAt") -> datetime:
    """Takes a moment with its offset from UTC."""
    try:
        return parsed_time(value)
    except BadInput as error:
        _fail(str(error), name)


def _number(value: Any) -> float:
    if type(value) is not float and type(value) is not int:
        _fail("The value is a number, such as 49.9.", "value")
    return float(value)


def _contact(value: Any) -> dict[str, Any]:
    if type(value) is not dict or len(value) != 1:
        _fail(f"Name the contact by exactly one of {', '.join(CONTACT)}.", "contact")
    [(by, found)] = value.items()
    if by not in CONTACT:
        _fail(f"There is no '{by:.60}'; name the contact by one of {', '.join(CONTACT)}.", "contact", by[:60])
    return {by: CONTACT[by](found)}


def _profile(value: Any) -> dict[str, Any]:
    if type(value) is not dict or value.keys() != PROFILE.keys():
        _fail('Name a profile\'s primary channel as {"id": "profile_…", "channelKind": "EMAIL"}.', "contact", "profile")
    return {name: check(value[name]) for name, check in PROFILE.items()}


def anything(value: Any) -> Any:
    """Takes any value."""
    return value


CHANNEL_KINDS = {kind.value: kind for kind in ChannelKind}
ENGAGEMENT_KINDS = {kind.value: kind for kind in EngagementKind}
BOUNCE_TYPES = {type_.value: type_ for type_ in BounceType}
PROFILE: Mapping[str, Check] = {
    "id": text_of("id", LONGEST_GLOBAL_ID, "contact", "profile"),
    "channelKind": one_of("channelKind", CHANNEL_KINDS, "contact", "profile"),
}
CONTACT: Mapping[str, Check] = {
    "channelId": text_of("channelId", LONGEST_GLOBAL_ID, "contact"),
    **{kind.input: text_of(kind.input, kind.longest, "contact") for kind in KINDS.values()},
    "profile": _profile,
}
CHECKS: Mapping[str, Check] = {
    "contact": _contact,
    "kind": one_of("kind", ENGAGEMENT_KINDS),
    "externalId": text_of("externalId"),
    "occurredAt": time,
    "name": text_of("name"),
    "url": text_of("url"),
    "text": text_of("text"),
    "value": _number,
    "bounceType": one_of("bounceType", BOUNCE_TYPES),
    "properties": anything,
}
