"""Numbers as people write them most, read from libphonenumber's data in a tenth of the time that it takes itself.

What is read here is read as libphonenumber reads it, step by step; whatever would take more of its steps (prefixes of
long distance and abroad, extensions, letters, numbers that no country has, and all that is not valid) is left to it.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    SUPPORTED_REGIONS,
    PhoneMetadata,
    PhoneNumberType,
    is_number_type_geographical,
)
from phonenumbers.tzdata import TIMEZONE_DATA, TIMEZONE_LONGEST_PREFIX

_USUAL = re.compile(r" *(\+?)([0-9(][0-9 ().-]{1,30})")
_SEPARATORS = str.maketrans("", "", " ().-")
_CODES = {str(code): regions for code, regions in COUNTRY_CODE_TO_REGION_CODE.items() if "001" not in regions}
#: As libphonenumber orders them: what several of them fit is of the first kind.
_NOT_PLACED = (
    "premium_rate", "toll_free", "shared_cost", "voip", "personal_number", "pager", "uan", "voicemail",
)  # fmt: skip


class Number(NamedTuple):
    """A valid number: its country code, the digits after that, and whether these tell of a place."""

    country_code: str
    national: str
    is_placed: bool

    @property
    def text(self) -> str:
        """As E.164 has it."""
        return f"+{self.country_code}{self.national}"


@lru_cache(maxsize=8)  # several ask about a number, one after the other
def usual(text: str, region: str | None) -> Number | None:
    """The valid number that the text is, where it is written as usual; None says nothing.

    Without a country code it is read in the region (ISO 3166).
    """
    written = _USUAL.fullmatch(text)
    if written is None:
        return None
    digits = written[2].translate(_SEPARATORS)
    return _international(digits) if written[1] else _national(digits, _region(region) if region else None)


def zones(number: Number) -> tuple[str, ...]:
    """The time zones (IANA) of a number that tells of a place."""
    digits = number.country_code + number.national
    prefixes = (digits[:length] for length in range(TIMEZONE_LONGEST_PREFIX, 0, -1))
    return next((TIMEZONE_DATA[prefix] for prefix in prefixes if prefix in TIMEZONE_DATA), ())


@dataclass(frozen=True, slots=True)
class _Region:
    """How numbers are dialled in a region, and those that are known there."""

    country_code: str
    prefixes: re.Pattern[str]
    abroad: re.Pattern[str]
    general: re.Pattern[str]
    leading: re.Pattern[str] | None
    known: re.Pattern[str]


def _international(digits: str) -> Number | None:
    """The number whose country code stands before it."""
    code = next((digits[:length] for length in (1, 2, 3) if digits[:length] in _CODES), None)
    return None if code is None else _valid(code, digits[len(code) :], _region(_CODES[code][0]))


def _national(digits: str, region: _Region | None) -> Number | None:
    """The number as it is dialled within the region, also with the country code before it."""
    if region is None or region.abroad.match(digits):
        return None
    code = region.country_code
    if not digits.startswith(code):
        return _valid(code, digits, region)
    rest = digits[len(code) :]
    within = region.general.fullmatch(digits) or not region.general.fullmatch(rest) or region.prefixes.match(rest)
    return None if within else _valid(code, rest, _region(_CODES[code][0]))


def _valid(code: str, national: str, region: _Region | None) -> Number | None:
    """The number, if nothing is to be stripped off and it is known in the first region of the code that it fits."""
    if region is None or national.startswith("0") or region.prefixes.match(national):
        return None
    for each in _regions(code):
        known = each.known.match(national) if each.leading is None or each.leading.match(national) else None
        if known:
            placed = known.lastgroup == "fixed" or (known.lastgroup == "mobile" and _places_mobiles(code))
            return Number(code, national, placed)
        if each.leading is not None and each.leading.match(national):
            return None
    return None


@cache
def _places_mobiles(code: str) -> bool:
    return bool(is_number_type_geographical(PhoneNumberType.MOBILE, int(code)))


@cache
def _regions(code: str) -> tuple[_Region, ...]:
    found = (_region(region) for region in _CODES[code])
    return tuple(region for region in found if region)


@cache
def _region(region: str) -> _Region | None:
    """The data of a region; each is loaded when it is first needed."""
    data: Any = PhoneMetadata.metadata_for_region(region) if region in SUPPORTED_REGIONS else None
    if data is None:
        return None
    leading = re.compile(data.leading_digits) if data.leading_digits else None
    return _Region(
        str(data.country_code),
        _beginning(data.national_prefix_for_parsing),
        _beginning(data.international_prefix),
        re.compile(data.general_desc.national_number_pattern),
        leading,
        re.compile(_known(data)),
    )


def _beginning(pattern: str | None) -> re.Pattern[str]:
    """What stands before a number; without a pattern nothing does."""
    return re.compile(pattern or r"(?!)")


def _known(data: Any) -> str:
    """All numbers of a region as one pattern, whose groups tell whether they are of a place."""
    kinds = [_fits(getattr(data, name)) for name in _NOT_PLACED]
    other, fixed, mobile = "|".join(kinds), _fits(data.fixed_line), _fits(data.mobile)
    return f"(?={_fits(data.general_desc)})(?:(?P<other>{other})|(?P<fixed>{fixed})|(?P<mobile>{mobile}))"


def _fits(described: Any) -> str:
    """A description as a pattern: of one of its lengths, if it says them, and wholly of its form."""
    if described is None or described.national_number_pattern is None:
        return "(?!)"
    lengths = "|".join(rf"\d{{{length}}}\Z" for length in described.possible_length)
    of_length = f"(?={lengths})" if lengths else ""
    return rf"{of_length}(?:{described.national_number_pattern})\Z"
