"""Where a contact belongs: what its addresses make of the profiles that are known."""

from collections.abc import Callable
from dataclasses import dataclass

from app.channels.queries import Member
from app.channels.rules import Address
from app.identity.rules.contacts import Contact
from app.identity.rules.picture import Held, Merged, Outcome, Picture
from app.tables import ProposalReason


@dataclass(frozen=True, slots=True)
class Placed:
    """A contact in the picture. `links`: its two addresses are evidence for a link; else `objection` says why not."""

    contact: Contact
    outcome: Outcome
    own: Member
    other: Member | None = None
    known: frozenset[Address] = frozenset()
    links: bool = False
    objection: ProposalReason | None = None
    merged: Merged | None = None
    yielded: tuple[Held, ...] = ()

    @property
    def ends(self) -> list[Member]:
        """The channels of the contact, its own first."""
        return [self.own] if self.other is None else [self.own, self.other]


def place(picture: Picture, contact: Contact, born: Callable[[Address], Member]) -> Placed:
    """Puts the contact into the picture: makes the channels that are missing, and joins them where nothing objects.

    `born` makes a channel that is not there yet.
    """
    known = frozenset(address for address in contact.addresses if address in picture.at)
    for address in contact.addresses:
        if address not in known:
            picture.add(born(address))
    own = picture.at[contact.own]
    if contact.other is None:
        return Placed(contact, Outcome.UNCHANGED if known else Outcome.CREATED, own, known=known)
    other = picture.at[contact.other]
    if other.id in picture.group_of(own.id):
        # a profile under restriction neither gains nor loses links
        links = not picture.restricted & picture.group_of(own.id)
        return Placed(contact, Outcome.UNCHANGED, own, other, known, links)
    return _joined(picture, contact, own, other, known)


def _joined(picture: Picture, contact: Contact, own: Member, other: Member, known: frozenset[Address]) -> Placed:
    """Joins two channels of different groups, unless a guard objects."""
    merges = len(known) == 2
    sides = picture.sides(own.id, other.id, trust=contact.trust)
    objection = picture.objection(own.id, other.id, sides, trust=contact.trust, merges=merges)
    if objection is not None:
        return Placed(contact, Outcome.PROPOSED, own, other, known, objection=objection)
    merged = picture.join(sides)
    if merges:
        return Placed(contact, Outcome.MERGED, own, other, known, True, None, merged, sides.yielding)
    outcome = Outcome.LINKED if known else Outcome.CREATED
    return Placed(contact, outcome, own, other, known, True, None, None, sides.yielding)
