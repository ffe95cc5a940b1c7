"""Sending what is due: claim, commit, send, record."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from app.accounts.queries import QUIET_HOURS
from app.db import Database, Writer
from app.delivery import queries
from app.delivery.operations import Claims, Outcome, claim, record
from app.delivery.queries import Claimed
from app.delivery.rules.sending import SEND_SECONDS, Outgoing, Provider
from app.log import log
from app.signing import Purpose, Signer, Token
from app.tables import MessageStatus

MESSAGES_A_TURN = 50
TURNS_AT_ONCE = 4


async def deliver(
    database: Database, provider: Provider, *, signer: Signer, now: Callable[[], datetime], stop: asyncio.Event
) -> bool:
    """Gives every account with something due one turn, in which it may send so much; whether there may be more.

    So one account's backlog never delays another's for longer than a turn. Nothing is begun after `stop` is set.
    """
    async with database.reading(0) as reader:
        accounts = await reader.fetch(queries.DUE_ACCOUNTS, now=now())
    room = asyncio.Semaphore(TURNS_AT_ONCE)

    async def turn(account_id: int) -> bool:
        async with room:
            return not stop.is_set() and await _turn(database, provider, account_id, signer=signer, now=now)

    return any(await asyncio.gather(*map(turn, accounts)))


async def _turn(
    database: Database, provider: Provider, account_id: int, *, signer: Signer, now: Callable[[], datetime]
) -> bool:
    """One account's turn; whether it has more. What fails is logged, and the account has its next turn."""
    try:
        claims = await database.write(account_id, partial(_claim, now=now()))
        sending = (_sent(provider, message, account_id, signer=signer, now=now) for message in claims.messages)
        outcomes = await asyncio.gather(*sending)
        if outcomes:
            await _record(database, provider, account_id, outcomes, now=now())
    except Exception as error:
        log.error("turn failed", account=account_id, fault=type(error).__name__)
        return False
    _tell(account_id, claims, outcomes)
    return claims.decided == MESSAGES_A_TURN


async def _claim(writer: Writer, *, now: datetime) -> Claims:
    [quiet_hours] = await writer.fetch(QUIET_HOURS)
    return await claim(writer, limit=MESSAGES_A_TURN, now=now, quiet_hours=quiet_hours)


async def _sent(
    provider: Provider, message: Claimed, account_id: int, *, signer: Signer, now: Callable[[], datetime]
) -> Outcome:
    """Sends one message, outside of any transaction, while the claim holds."""
    if now() >= message.leased_until:
        return Outcome(message, None)
    try:
        async with asyncio.timeout(SEND_SECONDS):
            return Outcome(message, await provider.send(outgoing(message, account_id, signer=signer, at=now())))
    except Exception as error:
        log.warning("not sent", account=account_id, attempt=message.attempts, fault=type(error).__name__)
        return Outcome(message, None)


def outgoing(message: Claimed, account_id: int, *, signer: Signer, at: datetime) -> Outgoing:
    """The message as the provider gets it."""
    return Outgoing(
        id=message.id,
        account=message.account,
        account_name=message.account_name,
        channel_id=message.channel_id,
        kind=message.kind,
        address=message.address,
        subject=message.subject,
        body=message.body,
        purpose=message.purpose,
        unsubscribe_url=signer.url(Purpose.UNSUBSCRIBE, Token(account_id, message.channel_id, message.topic_id)),
        at=at,
    )


async def _record(
    database: Database, provider: Provider, account_id: int, outcomes: Sequence[Outcome], *, now: datetime
) -> None:
    """Records how it ended. The provider forgets messages of channels that were erased while it was sending."""
    gone = await database.write(account_id, partial(record, outcomes=outcomes, now=now))
    for account, channel_id in {(o.message.account, o.message.channel_id) for o in outcomes if o.message.id in gone}:
        await provider.forget(account, channel_id)


def _tell(account_id: int, claims: Claims, outcomes: Sequence[Outcome]) -> None:
    if claims.decided:
        log.info(
            "delivered",
            account=account_id,
            sent=sum(outcome.provider_id is not None for outcome in outcomes),
            not_sent=sum(outcome.provider_id is None for outcome in outcomes),
            suppressed=claims.counts.get(MessageStatus.SUPPRESSED, 0),
            held=claims.counts.get(MessageStatus.QUEUED, 0),
            given_up=claims.counts.get(MessageStatus.FAILED, 0),
        )
