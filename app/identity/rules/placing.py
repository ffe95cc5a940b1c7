"""Where a contact belongs: what its addresses make of the profiles that are known."""

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from app.channels.queries import Member
from app.channels.rules import Address
from app.identity.rules.contacts import Contact
from app.identity.rules.picture import Held, Merged, Outcome, Picture
from app.tables import ProposalReason


class Placed(NamedTuple):
    """A contact in the picture. `link` is the evidence that its two addresses are; else `objection` says why not."""

    contact: Contact
    outcome: Outcome
    own: Member
    other: Member | None = None
    known: frozenset[Address] = frozenset()
    link: Held | None = None
    objection: ProposalReason | None = None
    merged: Merged | None = None
    yielded: tuple[Held, ...] = ()

    @property
    def ends(self) -> list[Member]:
        """The channels of the contact, its own first."""
        return [self.own] if self.other is None else [self.own, self.other]


def place(
    picture: Picture, contact: Contact, *, born: Callable[[Address], Member], new_id: Callable[[], UUID]
) -> Placed:
    """Puts the contact into the picture: makes the channels that are missing, and joins them where nothing objects.

    `born` makes a channel that is not there yet; `new_id` the id of a link.
    """
    addresses = contact.addresses
    known = frozenset([address for address in addresses if address in picture.at])
    for address in addresses:
        if address not in known:
            picture.add(born(address))
    own = picture.at[contact.own]
    if contact.other is None:
        return Placed(contact, Outcome.UNCHANGED if known else Outcome.CREATED, own, known=known)
    other = picture.at[contact.other]
    link = Held.between(own, other, id=new_id(), trust=contact.trust)
    if other.id not in picture.group_of(own.id):
        return _joined(picture, contact, own, other, known, link)
    if picture.is_linked(link) or picture.restricted & picture.group_of(own.id):  # these neither gain nor lose links
        return Placed(contact, Outcome.UNCHANGED, own, other, known)
    picture.hold(link)
    return Placed(contact, Outcome.UNCHANGED, own, other, known, link)


def _joined(
    picture: Picture, contact: Contact, own: Member, other: Member, known: frozenset[Address], link: Held
) -> Placed:
    """Joins two channels of different groups, unless a guard objects."""
    merges = len(known) == 2
    sides = picture.sides(own.id, other.id, trust=contact.trust)
    objection = picture.objection(own.id, other.id, sides, trust=contact.trust, merges=merges)
    if objection is not None:
        return Placed(contact, Outcome.PROPOSED, own, other, known, objection=objection)
    merged = picture.join(sides, link)
    if merges:
        return Placed(contact, Outcome.MERGED, own, other, known, link, None, merged, sides.yielding)
    outcome = Outcome.LINKED if known else Outcome.CREATED
    return Placed(contact, outcome, own, other, known, link, None, None, sides.yielding)
