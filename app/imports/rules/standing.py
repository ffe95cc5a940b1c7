"""What the columns of status, opt-outs and subscriptions say: to whom nothing may be sent, or nothing can be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo

from app.channels.rules import Address
from app.consent.rules.evidence import Given
from app.errors import Refusal
from app.identity.rules.contacts import Contact
from app.imports.errors import NoTime, UnknownConsent, UnknownOptOut, UnknownStatus
from app.imports.rules.consents import ACTS, moment
from app.imports.rules.headers import Columns
from app.imports.rules.options import OPT_OUT, STATUS, SUBSCRIBED, of_kind
from app.kinds import KINDS, ChannelKind
from app.tables import Deliverability, LedgerAct

STRENGTH = (None, Deliverability.HELD, Deliverability.EXPIRED)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is said of a channel: that its owner opted out or is no subscriber, or that it is held or has expired."""

    opted_out: bool = False
    deliverability: Deliverability | None = None
    no_subscriber: bool = False

    @property
    def takes_opt_in(self) -> bool:
        """Whether an opt-in may stand beside it."""
        return not (self.opted_out or self.no_subscriber)

    def __or__(self, other: "Standing") -> "Standing":
        """Both together: what keeps more from being sent wins."""
        return Standing(
            self.opted_out or other.opted_out,
            max(self.deliverability, other.deliverability, key=STRENGTH.index),
            self.no_subscriber or other.no_subscriber,
        )


NOTHING = Standing()
OUT = Standing(opted_out=True)
HELD = Standing(deliverability=Deliverability.HELD)
OUT_WORDS = frozenset(
    [
        *("unsub", "unsubscribe", "unsubscribed", "opted out", "opted-out", "opted_out", "opt-out", "optout"),
        *("complained", "complaint", "spam complaint", "marked as spam", "do not contact"),
    ]
)
OUT_YES = OUT_WORDS | {"yes", "y", "true", "t", "1", "on", "x", "out"}
OUT_NO = frozenset(
    ["no", "n", "false", "f", "0", "off", "in", "never", "active", "subscribed", "opted in", "opted-in", "opt-in"]
)
STATUSES = {
    **dict.fromkeys(["", "normal", "active", "subscribed", "confirmed", "valid", "deliverable"], NOTHING),
    **dict.fromkeys(OUT_WORDS, OUT),
    **dict.fromkeys(
        [
            *("non-subscribed", "nonsubscribed", "non subscribed", "not subscribed", "not_subscribed"),
            *("never subscribed", "not set", "pending", "unconfirmed", "awaiting confirmation"),
        ],
        Standing(no_subscriber=True),
    ),
    **dict.fromkeys(
        [
            *("held", "cleaned", "bounced", "bounce", "hard bounced", "hard bounce", "hard-bounced", "hardbounced"),
            *("invalid", "undeliverable"),
        ],
        HELD,
    ),
    "expired": Standing(deliverability=Deliverability.EXPIRED),
}


def standing(word: str, *, field: Sequence[str]) -> Standing:
    """What a status column's cell says. Raises UnknownStatus."""
    found = STATUSES.get(word.lower())
    if found is None:
        raise UnknownStatus(word, field=field)
    return found


def opts_out(word: str, zone: tzinfo, *, field: Sequence[str]) -> bool:
    """Whether a cell of a column of opt-outs says so: by yes, or by the time when. Raises UnknownOptOut."""
    if word.lower() in OUT_YES:
        return True
    if word.lower() in OUT_NO:
        return False
    try:
        moment(word, zone, field=field)
    except NoTime:
        raise UnknownOptOut(word, field=field) from None
    return True


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says of the standing of its contact: of its own channel, and of each kind of channel.

    `subscribers` are the kinds of which it says that its contact is a subscriber.
    """

    own: Standing = NOTHING
    of: Mapping[ChannelKind, Standing] = field(default_factory=dict)
    subscribers: frozenset[ChannelKind] = frozenset()

    def takes_opt_in(self, kind: ChannelKind) -> bool:
        """Whether an opt-in to this kind may stand beside it: not beside a bounce that its own column tells, for only
        the contact's own channel is held.
        """
        of_it = self.of.get(kind, NOTHING)
        return self.own.takes_opt_in and of_it.takes_opt_in and of_it.deliverability is None

    def opted_out(self, contact: Contact) -> Contact:
        """The contact, opted out where the row says so, as of now: of an opt-out of the row's own only the evidence
        is kept, for with its time it might be older than an opt-in.
        """
        outs: dict[Address, Given] = {}
        for address in contact.addresses if self is not NOTHING_SAID else ():
            if self.of.get(address.kind, NOTHING).opted_out or (self.own.opted_out and address == contact.own):
                told = contact.consents.get(address)
                is_whole = told is not None and told.act is LedgerAct.OPT_OUT and told.topic is None
                outs[address] = replace(told, occurred_at=None) if told and is_whole else BY_STATUS
        return replace(contact, consents={**contact.consents, **outs}) if outs else contact

    def deliverability(self, contact: Contact) -> Deliverability | None:
        """What is said of the contact's own channel's."""
        of_it = self.of.get(contact.own.kind)
        return (self.own | of_it if of_it else self.own).deliverability


COLUMN = "column"
BY_STATUS = Given(LedgerAct.OPT_OUT, field=(STATUS,))
NOTHING_SAID = Said()


class StandingColumns:
    """A file's columns of status, opt-outs and subscriptions; `zone` is that of times without an offset."""

    def __init__(self, columns: Columns, zone: tzinfo) -> None:
        self._zone = zone
        self._status = columns.targets.get(STATUS)
        self._statuses = [(place, kind) for kind in KINDS for place in columns.shared.get(of_kind(kind, STATUS), ())]
        self._outs: list[tuple[int, Sequence[ChannelKind]]] = [
            (place, [kind]) for kind in KINDS for place in columns.shared.get(of_kind(kind, OPT_OUT), ())
        ]
        self._outs += [(place, list(KINDS)) for place in columns.shared.get(OPT_OUT, ())]
        self._of_all = columns.shared.get(SUBSCRIBED, ())
        self._of_one = {kind: columns.shared.get(of_kind(kind, SUBSCRIBED), ()) for kind in KINDS}
        self._subscriptions = bool(self._of_all or any(self._of_one.values()))
        self.any = self._status is not None or bool(self._statuses or self._outs) or self._subscriptions

    def said(self, cells: Sequence[str], wrong: list[Refusal]) -> Said:
        """What the row says; what is wrong is noted."""
        own = self._status_in(cells, self._status, (STATUS,), wrong) if self._status is not None else NOTHING
        of: dict[ChannelKind, Standing] = {}
        for place, kind in self._statuses:
            of[kind] = of.get(kind, NOTHING) | self._status_in(cells, place, column(place), wrong)
        for place, kinds in self._outs:
            if self._is_out(cells, place, wrong):
                of |= {kind: of.get(kind, NOTHING) | OUT for kind in kinds}
        subscribers = self._subscribers(cells, wrong) if self._subscriptions else {}
        of |= {kind: of.get(kind, NOTHING) | OUT for kind, is_one in subscribers.items() if not is_one}
        return Said(own, of, frozenset(kind for kind, is_one in subscribers.items() if is_one))

    def _status_in(self, cells: Sequence[str], place: int, field: Sequence[str], wrong: list[Refusal]) -> Standing:
        try:
            return standing(cells[place], field=field)
        except Refusal as refusal:
            wrong.append(refusal)
            return NOTHING

    def _is_out(self, cells: Sequence[str], place: int, wrong: list[Refusal]) -> bool:
        try:
            return bool(cells[place]) and opts_out(cells[place], self._zone, field=column(place))
        except Refusal as refusal:
            wrong.append(refusal)
            return False

    def _subscribers(self, cells: Sequence[str], wrong: list[Refusal]) -> dict[ChannelKind, bool]:
        """Whether the contact is called a subscriber; what is said of one kind alone comes before what is of all."""
        of_all = self._is_subscriber(cells, self._of_all, wrong)
        found = {}
        for kind, places in self._of_one.items():
            of_one = self._is_subscriber(cells, places, wrong)
            is_one = of_all if of_one is None else of_one
            if is_one is not None:
                found[kind] = is_one
        return found

    def _is_subscriber(self, cells: Sequence[str], places: Sequence[int], wrong: list[Refusal]) -> bool | None:
        """What these cells say; one no suffices, and None says nothing."""
        found = None
        for place in places:
            act = ACTS.get(cells[place].lower())
            if act is None and cells[place]:
                wrong.append(UnknownConsent(cells[place], field=column(place)))
            elif act is not None:
                found = act is LedgerAct.OPT_IN and found is not False
        return found


def column(place: int) -> tuple[str, str]:
    """Where a mistake is that stands in a column of which there may be several of its kind."""
    return COLUMN, str(place)
