"""What a text message is taken for."""

from dataclasses import dataclass

from app.accounts.rules import Guards
from app.channels.rules import Address
from app.consent.rules.words import Said, said
from app.db import Reader, first
from app.intake import queries
from app.intake.queries import Capture, Known
from app.intake.rules import capturing, keywords
from app.intake.rules.hearing import Heard


@dataclass(frozen=True, slots=True)
class Taken:
    """What a text is taken for, which is one thing at most: a word, a keyword, or an answer to a `capture`.

    Such an answer has the email `address`; without one it was only meant to be.
    """

    word: Said = Said.NOTHING
    keyword: Known | None = None
    capture: Capture | None = None
    address: Address | None = None

    @property
    def by(self) -> str | None:
        """The keyword that it comes by, if it does."""
        if self.keyword:
            return self.keyword.word
        return self.capture.word if self.capture else None


async def take(reader: Reader, heard: Heard, guards: Guards) -> Taken:
    """What the text is taken for."""
    word = said(heard.text)
    if word is not Said.NOTHING:
        return Taken(word)
    form = keywords.may_be(heard.text)
    keyword = first(await reader.fetch(queries.BY_WORD, word=form)) if form else None
    if keyword:
        return Taken(keyword=keyword)
    address = capturing.address_in(heard.text, guards)
    if address is None and not capturing.is_attempt(heard.text):
        return Taken()
    capture = first(await reader.fetch(queries.CAPTURE, address=heard.number.text))
    if capture is None or not capturing.is_open(capture.asked_at, at=heard.at):
        return Taken()
    if address is None and capture.retries >= capturing.MOST_RETRIES:
        return Taken()
    return Taken(capture=capture, address=address)
