"""Keywords: making them, and what one does that is texted."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from app.accounts.rules import Sender
from app.acts import Act
from app.channels.rules import Address
from app.consent.queries.ledger import LOCKED_LEDGERS, Ledger
from app.consent.rules.evidence import Given
from app.db import Again, Insertion, Writer, first
from app.events import operations as events
from app.identity.queries import state
from app.ids import spelled
from app.intake import queries
from app.intake.errors import KeywordExists, TooManyKeywords
from app.intake.operations import capturing, confirming
from app.intake.queries import Known
from app.intake.rules.hearing import Heard
from app.intake.rules.keywords import Wanted
from app.profiles import operations as profiles
from app.profiles.errors import ChannelNotFound
from app.tables import ConsentStatus, IntakeMethod, Keyword, LedgerAct

MOST_KEYWORDS = 1_000
INTO_KEYWORDS = Insertion(Keyword, contested=True)


async def create(writer: Writer, *, wanted: Wanted, act: Act) -> UUID:
    """Makes a keyword that was judged; its id. Raises KeywordExists or TooManyKeywords."""
    if await writer.fetch(queries.BY_WORD, word=wanted.word):
        raise KeywordExists(wanted.word)
    [known] = await writer.fetch(queries.HOW_MANY)
    if known >= MOST_KEYWORDS:
        raise TooManyKeywords(MOST_KEYWORDS)
    id = act.new_id()
    answers = {"welcome": wanted.welcome, "already_subscribed": wanted.already_subscribed}
    switches = {"capture_email": wanted.capture_email, "double_opt_in": wanted.double_opt_in}
    writer.insert(INTO_KEYWORDS, id=id, word=wanted.word, **answers, **switches, created_at=act.at)
    events.publish(writer, name="keyword_created", data={"keyword": spelled("Keyword", id)}, channel_ids=[], act=act)
    return id


def by_keyword(word: str, act: Act) -> Act:
    """The same act, by way of a keyword."""
    return replace(act, method=IntakeMethod.KEYWORD, detail=word)


def opt_in(keyword: Known, heard: Heard) -> dict[Address, Given]:
    """The consent that a keyword is, with its own time and the text as evidence; none where it is to be confirmed."""
    given = Given(LedgerAct.OPT_IN, occurred_at=heard.at, disclosure=heard.text)
    return {} if keyword.double_opt_in else {heard.number: given}


async def standing(writer: Writer, *, number: Address) -> Ledger | None:
    """What the number's ledger says, locked so that it says the same until the end; None for an unknown number."""
    own = first(await state.at_addresses(writer, [number]))
    if own is None:
        return None
    try:
        await profiles.lock_of(writer, channel_ids=[own.id])
    except ChannelNotFound:  # it was removed meanwhile
        raise Again from None
    return first(await writer.fetch(LOCKED_LEDGERS, channel_ids=[own.id]))


async def answer(
    writer: Writer, *, channel_id: UUID, keyword: Known, before: Ledger | None, heard: Heard, account: Sender, act: Act
) -> str | None:
    """What a keyword is answered: the text for who is subscribed already, a question, or the welcome.

    None where an opt-out stands against it that is not older. `before` is what the ledger said before the keyword.
    """
    if before and is_subscribed(before):
        linked = await writer.fetch(queries.EMAIL_BESIDE, channel_id=channel_id)
        ask = keyword.capture_email and not linked
        return capturing.asking(writer, channel_id, keyword, keyword.already_subscribed, at=heard.at, ask=ask)
    if not keyword.double_opt_in:
        return await welcome(writer, channel_id=channel_id, keyword=keyword, at=heard.at)
    if before and before.status is ConsentStatus.OPTED_OUT and before.since and before.since >= heard.at:
        return None
    return await confirming.ask_in_reply(writer, channel_id=channel_id, word=keyword.word, account=account, act=act)


async def welcome(writer: Writer, *, channel_id: UUID, keyword: Known, at: datetime) -> str | None:
    """What greets a number that a keyword opted in at a time; None where an opt-out stands against that."""
    [after] = await writer.fetch(LOCKED_LEDGERS, channel_ids=[channel_id])
    if not is_subscribed(after):
        return None
    return capturing.asking(writer, channel_id, keyword, keyword.welcome, at=at, ask=keyword.capture_email)


def is_subscribed(stands: Ledger) -> bool:
    """Whether the ledger says that the number is opted in."""
    return stands.status is ConsentStatus.OPTED_IN and stands.suppressed_at is None
