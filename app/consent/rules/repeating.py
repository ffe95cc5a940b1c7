"""Which consents of an import say nothing that an import has not said before."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from app.consent.rules.evidence import Given
from app.tables import ConsentStatus, LedgerAct

#: What an act sets, unless something later was said.
SETS = {LedgerAct.OPT_IN: ConsentStatus.OPTED_IN, LedgerAct.OPT_OUT: ConsentStatus.OPTED_OUT}


class Saying(NamedTuple):
    """Everything that a consent says; `occurred_at` is its own time, if it named one."""

    channel_id: UUID
    topic_id: UUID | None
    act: LedgerAct
    occurred_at: datetime | None
    source_url: str | None
    ip_address: str | None
    user_agent: str | None
    disclosure: str | None


def saying(channel_id: UUID, topic_id: UUID | None, given: Given) -> Saying:
    """What the consent says of the channel, or of the topic on it."""
    evidence = given.source_url, given.ip_address, given.user_agent, given.disclosure
    return Saying(channel_id, topic_id, given.act, given.occurred_at, *evidence)


@dataclass(slots=True)
class Repeats:
    """What imports said of the channels `before`, and what this one says of them `now`."""

    before: set[Saying]
    now: set[Saying] = field(default_factory=set)

    def hear(self, saying: Saying, status: ConsentStatus) -> bool:
        """Whether this says something new, while the channel or topic stands so; it is heard from now on.

        Without a time of its own it is as of now, which is news once the status is another than it set before.
        """
        if saying in self.now:
            return False
        self.now.add(saying)
        if saying not in self.before:
            return True
        return saying.occurred_at is None and status is not SETS.get(saying.act)
