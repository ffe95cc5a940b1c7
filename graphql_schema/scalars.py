"""The scalars, what they take and what they give."""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NewType

import strawberry
from strawberry.scalars import JSON
from strawberry.types.scalar import ScalarDefinition

from app.channels.rules import LONGEST_EMAIL, LONGEST_PHONE
from app.db.types import parsed_time, printed
from app.errors import BadInput

EmailAddress = NewType("EmailAddress", str)
PhoneNumber = NewType("PhoneNumber", str)


def finite(value: Any) -> Any:
    """The JSON value. Raises BadInput for numbers that JSON has not."""
    match value:
        case float() if not math.isfinite(value):
            raise BadInput("JSON has no NaN and no Infinity; leave the value out, or give it as text.")
        case dict():
            for item in value.values():
                finite(item)
        case list():
            for item in value:
                finite(item)
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
    EmailAddress: strawberry.scalar(
        name="EmailAddress",
        description="Out: lower case, the domain in Unicode. In: any text up to 320 characters, judged as it comes.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2",
        parse_value=_text(LONGEST_EMAIL, "An EmailAddress"),
    ),
    PhoneNumber: strawberry.scalar(
        name="PhoneNumber",
        description=(
            "Out: E.164, such as +14155552671. In: any text up to 64 characters, national formats too, read in the "
            "region given, else the account's; a mistake is a user error."
        ),
        specified_by_url="https://www.itu.int/rec/T-REC-E.164",
        parse_value=_text(LONGEST_PHONE, "A PhoneNumber"),
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="Any JSON value; NaN and Infinity are none.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc8259",
        parse_value=finite,
    ),
}
