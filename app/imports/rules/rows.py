"""The contact that a row is of."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.channels.rules import Address
from app.errors import ErrorCode
from app.identity.rules.contacts import Contact
from app.tables import Deliverability

LONGEST_RAW = 20_000  # characters of a row that are kept beside what is wrong with it


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a row: in which column (its header), if it is one; and what to do, for people."""

    code: ErrorCode
    message: str
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file: `number` counts from 1, blank lines aside; `line` is where it begins, `raw` how it is written,
    as far as that is kept.

    Without a contact it has failed, or is blank. With one it may have mistakes all the same: an address that is none
    is left aside where the other is right. `standing` is what the status column says of the contact's own channel,
    HELD or EXPIRED. `seen` are the addresses that can be read in a row that failed.
    """

    number: int
    line: int
    raw: str
    contact: Contact | None = None
    standing: Deliverability | None = None
    mistakes: tuple[Mistake, ...] = ()
    seen: tuple[Address, ...] = ()

    @property
    def addresses(self) -> Sequence[Address]:
        """The addresses in it as far as they can be read, also of one that failed; at most one of a kind."""
        return self.contact.addresses if self.contact else self.seen

    @property
    def is_blank(self) -> bool:
        """Whether nothing is in it."""
        return self.contact is None and not self.mistakes
