"""What is asked of an import."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from app.consent.rules.evidence import Given
from app.db.types import parsed_time, printed
from app.kinds import KINDS, ChannelKind
from app.tables import ExistingContacts, LedgerAct

#: Columns may be addresses of these kinds.
ADDRESSES = frozenset(kind.input for kind in KINDS.values())
STATUS, OPT_OUT, SUBSCRIBED, TAGS = "status", "optOut", "subscribed", "tags"
#: How the targets begin that are about one kind of channel.
STEMS = {kind: own.consent_input.removesuffix("Consent") for kind, own in KINDS.items()}


def of_kind(kind: ChannelKind, target: str) -> str:
    """The target that says the same of one kind of channel: such as emailOptOut for optOut."""
    return STEMS[kind] + target[0].upper() + target[1:]


#: Those that several columns may be: one that says that somebody is not to be written to suffices.
SHARED = frozenset([OPT_OUT, SUBSCRIBED]) | {
    of_kind(kind, what) for kind in KINDS for what in (STATUS, OPT_OUT, SUBSCRIBED)
}
#: What columns may be besides custom fields: emailConsent, emailConsentAt and so on for each kind of channel.
TARGETS = (
    ADDRESSES
    | SHARED
    | {STATUS, TAGS}
    | {kind.consent_input + what for kind in KINDS.values() for what in ("", "At", "Source", "Wording")}
)
FIELD = "field:"  # before the key of a custom field that is called like one of them


class Column(NamedTuple):
    """A column of the file by its header, and what its cells are: such as `emailAddress`, or a custom field's key."""

    header: str
    to: str


@dataclass(frozen=True, slots=True)
class Options:
    """How the rows of a file are to be taken.

    `region` is where numbers without a country code are read (ISO 3166), and times without an offset are of `time_zone`
    (IANA). Without a `mapping` columns are known by their headers. `consents` cover the rows that say nothing of their
    own, by kind.
    """

    region: str
    time_zone: str
    existing: ExistingContacts = ExistingContacts.UPDATE
    mapping: tuple[Column, ...] | None = None
    consents: Mapping[ChannelKind, Given] = field(default_factory=dict)
    tags: tuple[str, ...] = ()

    def kept(self) -> dict[str, Any]:
        """As JSON; `existing` is a column of its own."""
        return {
            "region": self.region,
            "time_zone": self.time_zone,
            "mapping": None if self.mapping is None else [list(column) for column in self.mapping],
            "consents": {kind: _kept(given) for kind, given in self.consents.items()},
            "tags": list(self.tags),
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any], existing: ExistingContacts) -> "Options":
        """From JSON."""
        mapping = kept["mapping"]
        return cls(
            region=kept["region"],
            time_zone=kept["time_zone"],
            existing=existing,
            mapping=None if mapping is None else tuple(Column(*column) for column in mapping),
            consents={ChannelKind(kind): _given(said) for kind, said in kept["consents"].items()},
            tags=tuple(kept["tags"]),
        )


def _kept(given: Given) -> dict[str, Any]:
    said = asdict(given)
    return said | {"occurred_at": given.occurred_at and printed(given.occurred_at)}


def _given(said: Mapping[str, Any]) -> Given:
    at: datetime | None = said["occurred_at"] and parsed_time(said["occurred_at"])
    return Given(**{**said, "act": LedgerAct(said["act"]), "occurred_at": at, "field": tuple(said["field"])})
