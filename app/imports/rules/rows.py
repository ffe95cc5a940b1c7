"""The contact that a row is of."""

from dataclasses import dataclass

from app.errors import ErrorCode
from app.identity.rules.contacts import Contact
from app.tables import Deliverability


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a row: in which column (its header), if it is one; and what to do, for people."""

    code: ErrorCode
    message: str
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file: `number` counts from 1, blank lines aside; `line` is where it begins, `raw` how it is written.

    Without a contact it has failed, or is blank. With one it may have mistakes all the same: an address that is none
    is left aside where the other is right. `standing` is what the status column says of the contact's own channel,
    HELD or EXPIRED.
    """

    number: int
    line: int
    raw: str
    contact: Contact | None = None
    standing: Deliverability | None = None
    mistakes: tuple[Mistake, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether nothing is in it."""
        return self.contact is None and not self.mistakes
