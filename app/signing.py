"""Signed links: who holds one may do just what it names, for one channel of one account."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

from itsdangerous import BadSignature, SignatureExpired, URLSafeSerializer, URLSafeTimedSerializer

DAY = 24 * 3600


class Purpose(StrEnum):
    """What a link is for; also where its page is."""

    UNSUBSCRIBE = "u"
    PREFERENCES = "preferences"
    CONFIRM = "confirm"
    FORM = "form"
    IMPORT = "imports"
    IMPORT_ERRORS = "import-errors"


#: How long a link is good, in seconds. An unsubscribe link is good as long as the message that carries it is kept.
GOOD_FOR = {
    Purpose.PREFERENCES: 30 * DAY,
    Purpose.FORM: 30 * DAY,
    Purpose.CONFIRM: 7 * DAY,
    Purpose.IMPORT: DAY,
    Purpose.IMPORT_ERRORS: 7 * DAY,
    Purpose.UNSUBSCRIBE: None,
}


class BadLink(Exception):
    """A link that was not signed here, or changed on the way."""


class ExpiredLink(BadLink):
    """A link that was good once."""


@dataclass(frozen=True, slots=True)
class Token:
    """What a link names: the account by its number, an id (mostly of a channel), and what it is about.

    That is a topic to opt out of, or a form to fill in; mostly nothing.
    """

    account_id: int
    id: UUID
    about_id: UUID | None = None


class Signer:
    """Signs links with the server's secret, and reads them."""

    def __init__(self, secret: bytes, public_url: str) -> None:
        self.public_url = public_url
        hashed = {"digest_method": sha256}
        self._serializers: dict[Purpose, Any] = {
            purpose: (URLSafeTimedSerializer if seconds else URLSafeSerializer)(
                secret, salt=f"link {purpose}", signer_kwargs=hashed
            )
            for purpose, seconds in GOOD_FOR.items()
        }

    def url(self, purpose: Purpose, token: Token) -> str:
        """The link, good from now on."""
        return f"{self.public_url}/{purpose}/{self.signed(purpose, token)}"

    def signed(self, purpose: Purpose, token: Token) -> str:
        """The last part of the link."""
        parts = [token.account_id, token.id.hex, *([token.about_id.hex] if token.about_id else [])]
        return str(self._serializers[purpose].dumps(parts))

    def read(self, purpose: Purpose, text: str) -> Token:
        """What the last part of a link names. Raises BadLink or ExpiredLink."""
        limit = {"max_age": seconds} if (seconds := GOOD_FOR[purpose]) else {}
        try:
            account_id, id, *about = self._serializers[purpose].loads(text, **limit)
        except SignatureExpired:
            raise ExpiredLink from None
        except BadSignature:
            raise BadLink from None
        return Token(account_id, UUID(hex=id), UUID(hex=about[0]) if about else None)
