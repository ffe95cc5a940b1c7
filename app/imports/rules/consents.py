"""What the columns of consents and of status say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from app.consent.rules.evidence import Given
from app.imports.errors import NoTime, UnknownConsent, UnknownStatus
from app.kinds import KINDS, ChannelKind
from app.tables import Deliverability, LedgerAct

PLAIN_YES = frozenset(["yes", "y", "true", "t", "1", "on", "x"])
PLAIN_NO = frozenset(["no", "n", "false", "f", "0", "off", "subscribed"])
YES = frozenset(
    [
        *("yes", "y", "true", "t", "1", "on", "x", "in", "opt-in", "opt in", "optin", "opt_in", "opted-in", "opted in"),
        *("opted_in", "optedin", "subscribed", "consented", "granted", "given"),
    ]
)
NO = frozenset(
    [
        *("no", "n", "false", "f", "0", "off", "out", "opt-out", "opt out", "optout", "opt_out", "opted-out"),
        *("opted out", "opted_out", "optedout", "unsub", "unsubscribed", "denied", "refused", "declined"),
        *("withdrawn", "revoked"),
    ]
)
ACTS = dict.fromkeys(YES, LedgerAct.OPT_IN) | dict.fromkeys(NO, LedgerAct.OPT_OUT)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a status says: that the contact opted out, or that its own channel is held or has expired."""

    opted_out: bool = False
    deliverability: Deliverability | None = None


NOTHING = Standing()
OUT = Standing(opted_out=True)
OUT_WORDS = frozenset(["unsub", "unsubscribe", "unsubscribed", "opted out", "opted-out", "opt-out", "optout"])
STATUSES = {
    **dict.fromkeys(["", "normal", "active", "subscribed", "confirmed"], NOTHING),
    **dict.fromkeys(OUT_WORDS, OUT),
    "held": Standing(deliverability=Deliverability.HELD),
    "expired": Standing(deliverability=Deliverability.EXPIRED),
}


def standing(word: str, *, field: Sequence[str]) -> Standing:
    """What a status column's cell says. Raises UnknownStatus."""
    found = STATUSES.get(word.lower())
    if found is None:
        raise UnknownStatus(word, field=field)
    return found


def opts_out(word: str, zone: tzinfo, *, field: Sequence[str]) -> bool:
    """Whether a cell of a column of opt-outs says so: by yes, or by the time when. Raises UnknownConsent."""
    if word.lower() in PLAIN_YES | OUT_WORDS:
        return True
    if word.lower() in PLAIN_NO:
        return False
    try:
        moment(word, zone, field=field)
    except NoTime:
        raise UnknownConsent(word, field=field) from None
    return True


def moment(text: str, zone: tzinfo, *, field: Sequence[str]) -> datetime:
    """A time of ISO 8601 in UTC; without an offset it is of the zone, a date alone is its midnight. Raises NoTime."""
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NoTime(text, field=field) from None


class ConsentColumns:
    """A kind's columns of consent: what was done, when, on which page, and which wording was shown.

    `wide` is the consent that covers the rows that say nothing of their own; `zone` is that of times without an offset.
    """

    def __init__(self, kind: ChannelKind, targets: Mapping[str, int], wide: Given | None, zone: tzinfo) -> None:
        name = KINDS[kind].consent_input
        self._field = (name,)
        self._act = targets[name]
        self._at, self._source, self._wording = (targets.get(name + end) for end in ("At", "Source", "Wording"))
        self._lent = wide if wide and wide.act is LedgerAct.OPT_IN else Given(LedgerAct.OPT_IN)
        self._zone = zone

    def given(self, cells: Sequence[str]) -> Given | None:
        """What the row says of its own. Raises UnknownConsent or NoTime."""
        word = cells[self._act]
        if not word:
            return None
        act = ACTS.get(word.lower())
        if act is None:
            raise UnknownConsent(word, field=self._field)
        at = self._at is not None and cells[self._at]
        occurred_at = moment(at, self._zone, field=(*self._field, "occurredAt")) if at else None
        source = cells[self._source] if self._source is not None else ""
        wording = cells[self._wording] if self._wording is not None else ""
        if act is LedgerAct.OPT_IN:
            source, wording = source or self._lent.source_url or "", wording or self._lent.disclosure or ""
        return Given(act, occurred_at, source or None, disclosure=wording or None, field=self._field)
