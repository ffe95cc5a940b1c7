"""What keeps addresses from being joined: placeholders that stand for nobody, and mailboxes of several people."""

from fnmatch import fnmatchcase

from app.accounts.rules import Guards
from app.channels.rules import Address
from app.kinds import KINDS, ChannelKind

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
    own = KINDS[kind]
    spellings = own.spellings(text, region)
    return any(own.is_nobody(spelling) or matches(spelling, guards.placeholder_patterns) for spelling in spellings)


def is_role(address: Address, guards: Guards) -> bool:
    """Whether several people read what is sent there."""
    if matches(address.text, guards.role_patterns):
        return True
    local = address.text.partition("@")[0].partition("+")[0]
    return address.kind is ChannelKind.EMAIL and local in ROLES


def matches(text: str, patterns: tuple[str, ...]) -> bool:
    """Whether any of the patterns, with `*` and `?`, fits the whole text."""
    if not patterns:  # as nearly always: it is asked of every address
        return False
    return any(fnmatchcase(text, pattern.replace("[", "[[]")) for pattern in patterns)
