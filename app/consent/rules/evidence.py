"""What counts as evidence of a consent."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from app.channels.rules import text
from app.consent.errors import EvidenceRequired, InvalidEvidence, TimeAhead, TimeLongAgo
from app.tables import LedgerAct

TOLERANCE = timedelta(minutes=5)  # how far clocks may differ
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)  # before it, a time is a mistake
LONGEST_WORDING = 10_000
LONGEST_URL = 2_000
LONGEST_AGENT = 1_000


class ConsentAct(StrEnum):
    """What a person did, as callers say it."""

    OPT_IN = "OPT_IN"
    OPT_OUT = "OPT_OUT"


@dataclass(frozen=True, slots=True)
class Given:
    """A consent as it was given: the act, its own time in UTC if it named one, and its evidence.

    `topic` is the key of the topic that it is about, if it is about one; `field` where it stands in the input.
    """

    act: LedgerAct
    occurred_at: datetime | None = None
    source_url: str | None = None
    ip_address: str | None = None
    user_agent: str | None = None
    disclosure: str | None = None
    topic: str | None = None
    field: tuple[str, ...] = ()


def judged(given: Given, *, now: datetime, field: Sequence[str]) -> Given:
    """The consent, checked; a time up to 5 minutes ahead counts as now.

    Raises EvidenceRequired (a typed number alone is not consent; CTIA Messaging Principles 5.1), TimeAhead,
    TimeLongAgo, InvalidEvidence or TextTooLong.
    """
    if given.act is LedgerAct.OPT_IN and not (_said(given.disclosure) or _said(given.source_url)):
        raise EvidenceRequired(field=field)
    text(given.disclosure, LONGEST_WORDING, field=(*field, "disclosure"))
    text(given.source_url, LONGEST_URL, field=(*field, "sourceUrl"))
    text(given.user_agent, LONGEST_AGENT, field=(*field, "userAgent"))
    _check_ip(given.ip_address, field=(*field, "ipAddress"))
    occurred_at = given.occurred_at and happened(given.occurred_at, now=now, field=(*field, "occurredAt"))
    return replace(given, occurred_at=occurred_at, field=tuple(field))


def happened(at: datetime, *, now: datetime, field: Sequence[str]) -> datetime:
    """When something happened, which is not ahead; up to 5 minutes count as now. Raises TimeAhead or TimeLongAgo."""
    if at > now + TOLERANCE:
        raise TimeAhead(field=field)
    if at < EARLIEST:
        raise TimeLongAgo(EARLIEST.year, field=field)
    return min(at, now)


def _said(text: str | None) -> bool:
    return bool(text and text.strip())


def _check_ip(given: str | None, *, field: Sequence[str]) -> None:
    if given is not None and not _is_ip(given):
        raise InvalidEvidence("This is not an IP address, such as 203.0.113.7.", field=field)


def _is_ip(text: str) -> bool:
    """Whether it is an IP address, without the interface of the machine that saw it, which may be any text."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text
