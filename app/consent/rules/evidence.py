"""What counts as evidence, and the fold of a ledger."""

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from app.channels.rules import text
from app.consent.errors import EvidenceRequired, InvalidEvidence, TimeAhead
from app.tables import ConsentAct, ConsentStatus

TOLERANCE = timedelta(minutes=5)  # how far clocks may differ
LONGEST_WORDING = 10_000
LONGEST_URL = 2_000
LONGEST_AGENT = 1_000


@dataclass(frozen=True, slots=True)
class Given:
    """A consent as it was given: the act, its own time in UTC if it named one, and its evidence."""

    act: ConsentAct
    occurred_at: datetime | None = None
    source_url: str | None = None
    ip_address: str | None = None
    user_agent: str | None = None
    disclosure: str | None = None


class Entry(Protocol):
    """What the fold needs of a record."""

    @property
    def number(self) -> int:
        """Its place in the order of recording."""

    @property
    def act(self) -> ConsentAct:
        """What the person did."""

    @property
    def time_given(self) -> bool:
        """Whether the act named its time."""

    @property
    def occurred_at(self) -> datetime:
        """When the person did it."""


E = TypeVar("E", bound=Entry)


def judged(given: Given, *, now: datetime, field: Sequence[str]) -> Given:
    """The consent, checked; a time up to 5 minutes ahead counts as now.

    Raises EvidenceRequired (a typed number alone is not consent; CTIA Messaging Principles 5.1), TimeAhead,
    InvalidEvidence or TextTooLong.
    """
    if given.act is ConsentAct.OPT_IN and not (_said(given.disclosure) or _said(given.source_url)):
        raise EvidenceRequired(field=field)
    if given.occurred_at is not None and given.occurred_at > now + TOLERANCE:
        raise TimeAhead(field=(*field, "occurredAt"))
    text(given.disclosure, LONGEST_WORDING, field=(*field, "disclosure"))
    text(given.source_url, LONGEST_URL, field=(*field, "sourceUrl"))
    text(given.user_agent, LONGEST_AGENT, field=(*field, "userAgent"))
    _check_ip(given.ip_address, field=(*field, "ipAddress"))
    return replace(given, occurred_at=min(given.occurred_at, now)) if given.occurred_at else given


def _said(text: str | None) -> bool:
    return bool(text and text.strip())


def _check_ip(given: str | None, *, field: Sequence[str]) -> None:
    try:
        if given is not None:
            ipaddress.ip_address(given)
    except ValueError:
        raise InvalidEvidence("This is not an IP address, such as 203.0.113.7.", field=field) from None


def fold(ledger: Iterable[E]) -> tuple[ConsentStatus, E | None]:
    """What the ledger says, whatever the order in which it arrived, and the record that says so.

    In order of time; on a tie opting out wins. An opt-in beats an opt-out only with its own explicit, later time.
    """
    status, deciding = ConsentStatus.NOT_COLLECTED, None
    for entry in sorted(ledger, key=lambda e: (e.occurred_at, e.act is ConsentAct.OPT_OUT, e.number)):
        if entry.act is ConsentAct.OPT_OUT:
            status, deciding = ConsentStatus.OPTED_OUT, entry
        elif status is not ConsentStatus.OPTED_OUT or entry.time_given:
            status, deciding = ConsentStatus.OPTED_IN, entry
    return status, deciding


def refused(given: Given, status: ConsentStatus) -> bool:
    """Whether an opt-out stands against this opt-in: it does where the opt-in names no time of its own."""
    return given.act is ConsentAct.OPT_IN and given.occurred_at is None and status is ConsentStatus.OPTED_OUT
