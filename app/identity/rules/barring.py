"""Which contacts are kept out because an address of theirs was erased."""

from collections.abc import Mapping
from datetime import datetime

from app.channels.errors import Erased
from app.channels.rules import Address
from app.consent.rules.evidence import Given
from app.errors import Refusals
from app.identity.rules.contacts import Contact
from app.kinds import KINDS
from app.tables import LedgerAct


def objection(contact: Contact, erased: Mapping[Address, datetime]) -> Refusals | None:
    """Why the contact is not taken up, told beside each of its addresses that was erased; `erased` says when."""
    barred = [
        address
        for address in contact.addresses
        if address in erased and not renewed(contact.consents.get(address), erased[address])
    ]
    return Refusals([Erased(field=(KINDS[address.kind].input,)) for address in barred]) if barred else None


def renewed(given: Given | None, erased_at: datetime) -> bool:
    """Whether the person asked to be back: an opt-in for the address itself, at a time of its own after the erasure."""
    if given is None or given.act is not LedgerAct.OPT_IN or given.topic is not None:
        return False
    return given.occurred_at is not None and given.occurred_at > erased_at
