"""What a double opt-in asks, and how it is answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.consent.rules import evidence
from app.consent.rules.evidence import LONGEST_AGENT, Given
from app.ids import parsed, prefix
from app.intake.errors import WordingRequired
from app.tables import LedgerAct

GOOD_FOR = timedelta(days=7)  # as long as the link is; see app.signing
PAUSE = timedelta(minutes=10)
LONGEST_QUOTED = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """How a person confirmed: by a reply with this text, received at a time, else by the link in a browser."""

    reply: str | None = None
    at: datetime | None = None
    ip_address: str | None = None
    user_agent: str | None = None

    @property
    def detail(self) -> str:
        """The same in words, for the record."""
        return "Confirmed by the link." if self.reply is None else f"Confirmed by reply: {self.reply[:LONGEST_QUOTED]}"

    def given(self, *, wording: str | None, source_url: str | None, at: datetime) -> Given:
        """The opt-in that it is, to the wording that was asked."""
        agent = self.user_agent and self.user_agent[:LONGEST_AGENT]
        return Given(LedgerAct.OPT_IN, at, source_url, self.ip_address, agent, wording)


def wording(given: Given, *, now: datetime) -> Given:
    """What is to be agreed to, checked. Raises WordingRequired, InvalidEvidence or TextTooLong."""
    if not (given.disclosure and given.disclosure.strip()):
        raise WordingRequired
    return evidence.judged(given, now=now, field=())


def claims_of(type_name: str, ids: list[str]) -> list[UUID]:
    """Those of the claims that are of a type."""
    found = map(parsed, ids)
    return [each[1] for each in found if each and each[0] == prefix(type_name)]
