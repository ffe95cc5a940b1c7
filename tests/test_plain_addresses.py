"""Addresses that are read at a glance are read as the libraries read them."""

import phonenumbers
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st
from phonenumbers import NumberParseException, PhoneNumberFormat, timezone

from app.kinds.rules import emails, numbers
from tests.identity.effort import tried

NEAR = ["a", "Z", "0", "9", ".", "-", "--", "_", "+", "@", "com", "test", "local", "xn--", "é", "K", " ", "!", "mail"]
TEXTS = st.builds(
    "{}@{}.{}".format,
    st.lists(st.sampled_from(NEAR), min_size=1, max_size=4).map("".join),
    st.lists(st.sampled_from(NEAR), min_size=1, max_size=4).map("".join),
    st.sampled_from(["com", "de", "c", "c0m", "test", "local", "onion", "example", "arpa", "x" * 64, "com."]),
)
REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
SEPARATED = ["{}", " {}", "({}", "{})", "-{}", "{}.", "{} "]


@given(TEXTS)
@example("a" * 70 + "@example.com")
@example("ann@" + "x" * 64 + ".com")
@tried(500, long=100_000)
def test_plain_email_addresses(text: str) -> None:
    found = emails.plain(text)
    if found is not None:
        assert found == library_email(text)


def library_email(text: str) -> str | None:
    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        return None


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, str]:
    """Numbers near those of a region as they may be written, and a region to read them in."""
    region = draw(st.sampled_from(REGIONS))
    kind = draw(st.sampled_from(range(11)))
    known = phonenumbers.example_number_for_type(region, kind) or phonenumbers.example_number(region)
    assert known is not None
    way = draw(st.sampled_from([PhoneNumberFormat.E164, PhoneNumberFormat.NATIONAL, PhoneNumberFormat.INTERNATIONAL]))
    text = draw(st.sampled_from([phonenumbers.format_number(known, way), str(known.national_number)]))
    if draw(st.booleans()):
        text = "".join(c for c in text if c.isdecimal())
    place = draw(st.integers(0, len(text) - 1))
    changed = draw(st.sampled_from([text[place], "0", "1", "8", "", "11", "-"]))
    home = draw(st.sampled_from([region, region, "US", "DE", "IT", "MX"]))
    return draw(st.sampled_from(SEPARATED)).format(text[:place] + changed + text[place + 1 :]), home


@given(texts())
@tried(1500, long=300_000)
def test_usual_numbers(written: tuple[str, str]) -> None:
    text, region = written
    found = numbers.usual(text, region)
    if found is not None:
        assert (found.text, found.national) == library_number(text, region)
        again = numbers.usual(found.text, None)
        parsed = phonenumbers.parse(found.text)
        if again is not None:
            assert again.national == str(parsed.national_number)
        if again is not None and again.is_placed:
            assert numbers.zones(again) == timezone.time_zones_for_number(parsed)


def library_number(text: str, region: str) -> tuple[str, str] | None:
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164), str(number.national_number)


@pytest.mark.parametrize(
    ("text", "region"),
    [("+14155552671", "DE"), ("(415) 555-2671", "US"), ("1 415 555 2671", "US"), ("+49 1512 3456789", "US")],
)
def test_what_is_usual_is_read_at_a_glance(text: str, region: str) -> None:
    found = numbers.usual(text, region)
    assert found is not None
    assert (found.text, found.national) == library_number(text, region)


def test_plain_addresses_are_told_at_a_glance() -> None:
    assert emails.plain("Ann.Lee+x@mail-1.Example.co.uk") == "ann.lee+x@mail-1.example.co.uk"
