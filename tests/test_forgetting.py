"""Providers forget who was deleted or erased: in the outbox, no file to them is left."""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.db import Database, entity, selecting
from app.delivery.operations import Outbox
from app.delivery.rules.sending import LONGEST_ON_THE_WAY, Provider
from app.privacy.jobs import forget_removed
from app.privacy.operations import removing
from app.tables import RemovedChannel
from tests.client import Client
from tests.held import delete, erase, uuid
from tests.sending import DAY, Sending, act, channel_of

TEL, OTHER = "+14155552671", "+14155550100"
IN = {"act": "OPT_IN", "disclosure": "Yes, write to me."}
_removed = entity(RemovedChannel)
FORGET_AT = selecting(lambda id, forget_at: (id, forget_at), select(_removed.id, _removed.forget_at))


async def sent(sending: Sending, mobile: str) -> tuple[str, UUID]:
    """A profile and its channel, to which a message was sent."""
    added = await sending.client.add_sms(mobile, smsConsent=IN)
    channel_id = channel_of(added, "SMS")
    await sending.queue(channel_id)
    await sending.deliver()
    return added["profile"]["id"], channel_id


async def forget_at(sending: Sending) -> dict[UUID, datetime | None]:
    async with sending.database.reading(sending.account_id) as reader:
        return dict(await reader.fetch(FORGET_AT))


@pytest.mark.parametrize("remove", [erase, delete])
async def test_the_server_forgets_messages_to_who_is_removed(
    client: Client, database: Database, outbox: Path, remove: Any
) -> None:
    server = Sending(database, client, outbox)
    profile_id, channel_id = await sent(server, TEL)
    _, stays = await sent(server, OTHER)
    assert len(server.files()) == 2
    await remove(client, profile_id)
    for _ in range(500):
        if not server.path(channel_id, "").exists():
            break
        await asyncio.sleep(0.01)
    assert not server.path(channel_id, "").exists()
    assert [path.parent.name for path in server.path(stays, "").rglob("*.txt")] == [stays.hex]


@pytest.fixture
def sending(database: Database, client: Client, tmp_path: Path) -> Sending:
    """Messages of the client's account."""
    return Sending(database, client, tmp_path)


async def erase_in_another_century(sending: Sending, profile_id: str) -> None:
    """Erases a person when messages of the tests are due, so that the server's own worker leaves it alone."""
    work = partial(removing.erase_profile, home_id=uuid(profile_id), act=act())
    await sending.database.write(sending.account_id, work)


async def forget(sending: Sending, provider: Provider, *, at: datetime) -> None:
    """Does what the worker does at a time, until there is no more of it."""
    while await forget_removed(sending.database, provider, now=at):
        pass


async def test_what_was_on_its_way_is_forgotten_too_and_then_never_looked_for_again(sending: Sending) -> None:
    profile_id, channel_id = await sent(sending, TEL)
    path = sending.path(channel_id, "late.txt")
    await erase_in_another_century(sending, profile_id)
    await forget(sending, sending.provider, at=DAY)
    assert not path.parent.exists()
    path.parent.mkdir()
    path.write_text("sent by a claim from before")
    await forget(sending, sending.provider, at=DAY + LONGEST_ON_THE_WAY - timedelta(seconds=1))
    assert path.exists()
    await forget(sending, sending.provider, at=DAY + LONGEST_ON_THE_WAY)
    assert not path.parent.exists()
    assert await forget_at(sending) == {channel_id: None}


class Stuck(Outbox):
    """An outbox that cannot remove what it holds of one channel."""

    channel_id: UUID | None = None

    async def forget(self, account: UUID, channel_id: UUID) -> None:
        if channel_id == self.channel_id:
            raise OSError
        await super().forget(account, channel_id)


async def test_what_cannot_be_forgotten_now_holds_nobody_up_and_is_tried_again(
    sending: Sending, tmp_path: Path
) -> None:
    (one, stuck), (two, other) = await sent(sending, TEL), await sent(sending, OTHER)
    provider = Stuck(tmp_path, host="tandem.example.com")
    provider.channel_id = stuck
    for profile_id in (one, two):
        await erase_in_another_century(sending, profile_id)
    for at in (DAY, DAY + LONGEST_ON_THE_WAY):
        await forget(sending, provider, at=at)
    assert await forget_at(sending) == {stuck: DAY, other: None}
    assert [sending.path(id, "").exists() for id in (stuck, other)] == [True, False]
    provider.channel_id = None
    await forget(sending, provider, at=DAY + LONGEST_ON_THE_WAY)
    assert not sending.path(stuck, "").exists()
