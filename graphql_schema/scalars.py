"""The scalars, what they take and what they give."""

import math
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NewType

import strawberry
from strawberry.scalars import JSON
from strawberry.types.scalar import ScalarDefinition

from app.db.types import parsed_time, printed
from app.errors import BadInput
from app.kinds import KINDS, ChannelKind
from app.nesting import levels

EmailAddress = NewType("EmailAddress", str)
PhoneNumber = NewType("PhoneNumber", str)
#: ISO 8601, as RFC 3339 (appendix A) has it; as there, not every designator must be there, and weeks go with all.
DURATION = re.compile(
    r"P(?=\d|T\d)(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d{1,6})?)S)?)?",
    re.ASCII,
)
DEEPEST = 100  # of JSON that is looked at; less is kept
CALENDAR = re.compile(r"P(?:\d+Y|\d+M)[0-9YMWDTHS.]*", re.ASCII)


def parsed_duration(value: Any) -> timedelta:
    """A length of time. Raises BadInput for what is none, and for months and years, which are of no one length."""
    found = DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise BadInput(_no_duration(value))
    try:
        return timedelta(**{unit: float(n) if "." in n else int(n) for unit, n in found.groupdict("0").items()})
    except (OverflowError, ValueError):  # more than 999,999,999 days, or more digits than Python reads
        raise BadInput(f"The Duration {value!r:.60} is longer than anything that can be told of.") from None


def _no_duration(value: Any) -> str:
    if isinstance(value, str) and CALENDAR.fullmatch(value):
        return f"Months and years differ in length: write the Duration {value!r:.60} in days or weeks, such as P60D."
    return (
        "A Duration is written as PT24H, P60D or P1DT12H30M (ISO 8601: weeks, days, hours, minutes, seconds; never "
        f"negative), not {value!r:.60}."
    )


def finite(value: Any) -> Any:
    """The JSON value. Raises BadInput for numbers that JSON has not, and for what no function could walk through."""
    for depth, level in enumerate(levels(value)):
        if depth > DEEPEST:
            raise BadInput("This JSON is nested too deep; make it flatter, or give the inner part as text.")
        if any(isinstance(each, float) and not math.isfinite(each) for each in level):
            raise BadInput("JSON has no NaN and no Infinity; leave the value out, or give it as text.")
    return value


def _text(longest: int, name: str) -> Any:
    def checked(value: Any) -> str:
        if not isinstance(value, str):
            raise BadInput(f"Give {name} as text.")
        if len(value) > longest:
            raise BadInput(f"{name} has at most {longest} characters; this one has {len(value)}.")
        return value

    return checked


SCALARS: Mapping[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment. Out: always UTC, with six digits and Z. In: RFC 3339 with an offset.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=printed,
        parse_value=parsed_time,
    ),
    timedelta: strawberry.scalar(
        name="Duration",
        description="A length of time, such as PT24H or P60D: weeks, days, hours, minutes and seconds of ISO 8601.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#appendix-A",
        parse_value=parsed_duration,
    ),
    EmailAddress: strawberry.scalar(
        name="EmailAddress",
        description="Out: lower case, the domain in Unicode. In: any text up to 320 characters, judged as it comes.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2",
        parse_value=_text(KINDS[ChannelKind.EMAIL].longest, "An EmailAddress"),
    ),
    PhoneNumber: strawberry.scalar(
        name="PhoneNumber",
        description=(
            "Out: E.164, such as +14155552671. In: any text up to 64 characters, national formats too, read in the "
            "region given, else the account's; a mistake is a user error."
        ),
        specified_by_url="https://www.itu.int/rec/T-REC-E.164",
        parse_value=_text(KINDS[ChannelKind.SMS].longest, "A PhoneNumber"),
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="Any JSON value; NaN and Infinity are none.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc8259",
        parse_value=finite,
    ),
}
