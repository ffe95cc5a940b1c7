"""What keeps addresses from being joined: placeholders that stand for nobody, and mailboxes of several people."""

from fnmatch import fnmatchcase

import phonenumbers
from phonenumbers import NumberParseException

from app.accounts.rules import Guards
from app.channels.rules import Address
from app.tables import ChannelKind

PLACEHOLDERS = frozenset({"none@none.com", "test@test.com"})
NOBODY = frozenset({"noreply", "no-reply"})
COUNTED = "1234567890"
#: Mailboxes that are read by several people (RFC 2142, and what businesses use beside it).
ROLES = frozenset(
    [
        "abuse", "accounts", "admin", "administrator", "billing", "booking", "careers", "contact", "enquiries",
        "feedback", "finance", "ftp", "hello", "help", "helpdesk", "hostmaster", "hr", "info", "information",
        "inquiries", "invoices", "jobs", "mail", "marketing", "media", "news", "newsletter", "noc", "office",
        "orders", "post", "postmaster", "press", "privacy", "reception", "reservations", "root", "sales",
        "security", "service", "support", "team", "usenet", "uucp", "webmaster", "www",
    ]
)  # fmt: skip


def is_placeholder(kind: ChannelKind, text: str, region: str, guards: Guards) -> bool:
    """Whether the text stands for no address: none@none.com, a repeated digit, or one of the account's patterns.

    It is judged before it must be valid: placeholders often are not. A number may be written as people do.
    """
    if kind is ChannelKind.EMAIL:
        given = text.strip().lower()
        known = given in PLACEHOLDERS or given.partition("@")[0] in NOBODY
        return known or matches(given, guards.placeholder_patterns)
    spellings = numbers(text, region)
    known = any(len(set(digits)) == 1 or digits == COUNTED for digits in spellings if len(digits) > 3)
    return known or any(matches(spelling, guards.placeholder_patterns) for spelling in (*spellings, text.strip()))


def numbers(text: str, region: str) -> list[str]:
    """The digits of a number as it is written, without its country code, and as E.164."""
    digits = "".join(c for c in text if c.isdecimal())
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return [digits]
    return [digits, str(number.national_number), f"+{number.country_code}{number.national_number}"]


def is_role(address: Address, guards: Guards) -> bool:
    """Whether several people read what is sent there."""
    if matches(address.text, guards.role_patterns):
        return True
    local = address.text.partition("@")[0].partition("+")[0]
    return address.kind is ChannelKind.EMAIL and local in ROLES


def matches(text: str, patterns: tuple[str, ...]) -> bool:
    """Whether any of the patterns, with `*` and `?`, fits the whole text."""
    return any(fnmatchcase(text, pattern.replace("[", "[[]")) for pattern in patterns)
