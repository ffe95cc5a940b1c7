"""What the columns of consents say."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo

from app.consent.rules.evidence import Given
from app.imports.errors import NoTime, UnknownConsent
from app.kinds import KINDS, ChannelKind
from app.tables import LedgerAct

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
        *("withdrawn", "revoked", "unsubscribe", "not subscribed", "not_subscribed", "never subscribed"),
    ]
)
ACTS = dict.fromkeys(YES, LedgerAct.OPT_IN) | dict.fromkeys(NO, LedgerAct.OPT_OUT)


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
        self._act = targets.get(name)
        self._at, self._source, self._wording = (targets.get(name + end) for end in ("At", "Source", "Wording"))
        self._lent = wide if wide and wide.act is LedgerAct.OPT_IN else Given(LedgerAct.OPT_IN)
        self._zone = zone

    def given(self, cells: Sequence[str], *, subscribed: bool = False) -> Given | None:
        """What the row says of its own; `subscribed` where it calls its contact a subscriber elsewhere.

        Raises UnknownConsent or NoTime.
        """
        word = cells[self._act] if self._act is not None else ""
        if not word:
            return self._of_subscriber(cells) if subscribed else None
        act = ACTS.get(word.lower())
        if act is None:
            raise UnknownConsent(word, field=self._field)
        given = self._evidence(cells, act)
        return self._supported(given) if act is LedgerAct.OPT_IN else given

    def _evidence(self, cells: Sequence[str], act: LedgerAct) -> Given:
        """The act with the details that the row has."""
        at = self._at is not None and cells[self._at]
        occurred_at = moment(at, self._zone, field=(*self._field, "occurredAt")) if at else None
        source = cells[self._source] if self._source is not None else ""
        wording = cells[self._wording] if self._wording is not None else ""
        return Given(act, occurred_at, source or None, disclosure=wording or None, field=self._field)

    def _supported(self, given: Given) -> Given:
        """The opt-in, with the source and the wording of that which covers all rows where it has none."""
        source, wording = given.source_url or self._lent.source_url, given.disclosure or self._lent.disclosure
        return replace(given, source_url=source, disclosure=wording)

    def _of_subscriber(self, cells: Sequence[str]) -> Given | None:
        """The opt-in of somebody who is called a subscriber: without evidence that says nothing, and is no mistake."""
        given = self._evidence(cells, LedgerAct.OPT_IN)
        if given.source_url or given.disclosure:
            return self._supported(given)
        if given.occurred_at and (self._lent.source_url or self._lent.disclosure):
            return replace(self._lent, occurred_at=given.occurred_at, field=self._field)
        return None
