"""Making channels, and the words by which they are found."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import Any
from uuid import UUID

from app.acts import Act
from app.channels import rules
from app.channels.queries import Member
from app.channels.rules import Address
from app.db import Insertion, Writer
from app.tables import (
    Channel,
    ChannelWord,
    ConsentStatus,
    Deliverability,
)

INTO_CHANNELS = Insertion(Channel, contested=True)
INTO_WORDS = Insertion(ChannelWord, skip_known=True)
UNTOUCHED: dict[str, Any] = {
    "gdpr_applies": False,
    "restricted_at": None,
    "primary_since": None,
    "verified_at": None,
    "deliverability": Deliverability.ACTIVE,
    "deliverability_since": None,
    "deliverability_reason": None,
    "held_at": None,
    "released_at": None,
    "consent_status": ConsentStatus.NOT_COLLECTED,
    "consent_at": None,
    "consent_record_id": None,
    "consent_count": 0,
    "consent_head": None,
}


def born(address: Address, act: Act) -> Member:
    """A channel that is not there yet, at home in a profile of its own."""
    home = act.new_id()
    return Member(act.new_id(), address.kind, address.text, home, home, act.at)


def add(writer: Writer, *, channels: Iterable[Member], suppressed: Mapping[UUID, datetime | None], act: Act) -> None:
    """Adds the channels; the work starts over where one was taken meanwhile.

    `suppressed` says of channels that come back when their owner had opted out.
    """
    alike = UNTOUCHED | {"updated_at": act.at, "method": act.method, "detail": act.detail}
    ordered = sorted(channels, key=attrgetter("kind", "address"))  # one order for everybody: no deadlock
    if ordered:
        rows = [{**alike, **_row(member), "suppressed_at": suppressed.get(member.id)} for member in ordered]
        writer.insert_each(INTO_CHANNELS, rows)
    for member in ordered:
        act.note("channels", member.id)
    add_words(writer, words=[(word, member.id) for member in ordered for word in rules.words_of(member.place)])


def _row(member: Member) -> dict[str, Any]:
    id, kind, address, home_id, profile_id, created_at = member
    return {
        "id": id,
        "kind": kind,
        "address": address,
        "home_id": home_id,
        "profile_id": profile_id,
        "created_at": created_at,
        "time_zones": rules.time_zones(member.place),
    }


def add_words(writer: Writer, *, words: Iterable[tuple[str, UUID]]) -> None:
    """Makes channels be found by these words; in the order of their table, which is quicker."""
    rows = [{"word": word, "channel_id": channel_id} for word, channel_id in sorted(words, key=itemgetter(0))]
    if rows:
        writer.insert_each(INTO_WORDS, rows)
