"""What answers the question for an email address."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from app.accounts.rules import Guards
from app.channels import rules as channels
from app.channels.rules import Address
from app.identity.rules.guarding import is_placeholder
from app.kinds import ChannelKind
from app.kinds.errors import InvalidEmail

OPEN_FOR = timedelta(days=7)
MOST_RETRIES = 2
MOST_SIGNS = 10  # of how many @ in a text an address is looked for
LONGEST_LOCAL, LONGEST_DOMAIN = 64, 255  # RFC 5321, 4.5.3.1
LOCAL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+\Z")
DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+")
#: One word with a dot in it, such as ann.example.com.
DOTTED = re.compile(r"[^\s.]+(?:\.[^\s.]+)+")


def is_open(asked_at: datetime, *, at: datetime) -> bool:
    """Whether a text of that time may answer."""
    return asked_at <= at < asked_at + OPEN_FOR


def address_in(text: str, guards: Guards) -> Address | None:
    """The first email address that stands anywhere in the text, and is no placeholder."""
    for found in _candidates(text):
        if is_placeholder(ChannelKind.EMAIL, found, "", guards):
            continue
        try:
            return channels.address(ChannelKind.EMAIL, found, region="ZZ", field=())
        except InvalidEmail:
            continue
    return None


def _candidates(text: str) -> Iterator[str]:
    """What stands around each @, as far as it may belong to an address. Takes time in proportion to the text."""
    for sign in [place for place, c in enumerate(text) if c == "@"][:MOST_SIGNS]:
        local = LOCAL.search(text[max(0, sign - LONGEST_LOCAL - 1) : sign])
        domain = DOMAIN.match(text[sign + 1 : sign + 2 + LONGEST_DOMAIN])
        if local and domain and len(local[0]) <= LONGEST_LOCAL:
            yield f"{local[0].lstrip(_MARKS)}@{domain[0]}"


_MARKS = ".!?'*/="  # with which no address begins that people have


def is_attempt(text: str) -> bool:
    """Whether a text without an address looks as if it were meant to be one."""
    return "@" in text or DOTTED.fullmatch(text.strip()) is not None
