"""What a person chooses about one address behind a signed link: to opt out, or what to be written to about."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.acts import Act
from app.consent.operations import record
from app.consent.queries.ledger import LOCKED_LEDGERS, Ledger
from app.consent.queries.standing import CHOICES
from app.consent.rules.evidence import Given, judged
from app.db import Writer, first
from app.profiles import operations as profiles
from app.tables import ConsentStatus, LedgerAct


@dataclass(frozen=True, slots=True)
class Wish:
    """Whether to be written to, about a topic (its key) or (none) at all, in reply to the exact wording shown."""

    topic: str | None
    wanted: bool
    wording: str


async def opt_out(writer: Writer, *, channel_id: UUID, topic_id: UUID | None, evidence: Given, act: Act) -> None:
    """Opts the channel out of the topic, or (none, or one that is no more) of everything, unless it is already.

    Raises ChannelNotFound.
    """
    ledger = await _locked(writer, channel_id)
    topic = None
    if topic_id is not None:
        choices = await writer.fetch(CHOICES, channel_id=channel_id)
        topic = first([choice for choice in choices if choice.id == topic_id])
    if (topic.status if topic else ledger.status) is ConsentStatus.OPTED_OUT:
        return
    given = replace(evidence, act=LedgerAct.OPT_OUT, topic=topic.key if topic else None)
    await record(writer, given=[(channel_id, judged(given, now=act.at, field=()))], act=act)


async def choose(
    writer: Writer, *, channel_id: UUID, wishes: Sequence[Wish], as_of: int | None, evidence: Given, act: Act
) -> bool:
    """Records the wishes that differ from how the channel stands, each with the wording; whether there were any.

    An opt-in has its own explicit time, for the person gives it in person, and counts only while the channel's ledger
    is as long as it was when the person chose (`as_of`): a form that a browser sends once more, such as with a tab that
    it opens again, must not bring back what was opted out of since. A topic that is no more is passed over. Raises
    ChannelNotFound.
    """
    ledger = await _locked(writer, channel_id)
    choices = await writer.fetch(CHOICES, channel_id=channel_id)
    stands: dict[str | None, bool] = {choice.key: choice.subscribed for choice in choices}
    stands[None] = ledger.status is ConsentStatus.OPTED_IN
    differing = [wish for wish in wishes if wish.topic in stands and stands[wish.topic] is not wish.wanted]
    given = [_given(wish, evidence, act) for wish in differing if ledger.length == as_of or not wish.wanted]
    if given:
        await record(writer, given=[(channel_id, each) for each in given], act=act)
    return bool(given)


async def _locked(writer: Writer, channel_id: UUID) -> Ledger:
    """How the channel's ledger stands; nobody else adds to it until the transaction ends. Raises ChannelNotFound.

    Profiles are locked before ledgers, as everywhere.
    """
    await profiles.lock_of(writer, channel_ids=[channel_id])
    [ledger] = await writer.fetch(LOCKED_LEDGERS, channel_ids=[channel_id])
    return ledger


def _given(wish: Wish, evidence: Given, act: Act) -> Given:
    if not wish.wanted:
        return judged(replace(evidence, act=LedgerAct.OPT_OUT, topic=wish.topic), now=act.at, field=())
    given = replace(evidence, act=LedgerAct.OPT_IN, occurred_at=act.at, topic=wish.topic, disclosure=wish.wording)
    return judged(given, now=act.at, field=())
