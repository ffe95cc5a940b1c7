"""At which pace subscriptions are read and told: nobody waits for somebody slower, and what waits is bounded."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from uuid import UUID, uuid4

import pytest

from app.engagement.rules.announcing import told
from app.errors import BadInput
from app.live import Broken, EventWish, Feed, Interrupted, Room, Subscriber, TooSlow
from app.live.errors import TooMany
from app.live.groups import DRAINED_SECONDS
from app.live.subscribers import MOST_BYTES
from tests.client import Client, Served
from tests.following import SOON

Follow = Callable[..., Awaitable[Subscriber]]


class Reading:
    """A wish whose read takes its time, and what it was asked for."""

    def __init__(
        self, account_id: int, *, seconds: float = 0.0, size: int = 10, fails: Exception | None = None
    ) -> None:
        self.wish = EventWish(account_id, self, None, self._read)
        self.ids: list[UUID] = []
        self.largest = 0
        self._seconds, self._size, self._fails = seconds, size, fails

    async def _read(self, ids: Sequence[UUID]) -> Mapping[UUID, bytes]:
        self.ids += ids
        self.largest = max(self.largest, len(ids))
        await asyncio.sleep(self._seconds)
        if self._fails is not None:
            raise self._fails
        return {id: id.bytes + b"x" * self._size for id in ids}


@pytest.fixture
async def feed(served: Served) -> AsyncIterator[Feed]:
    made = Feed(served.database)
    yield made
    await made.close()


@pytest.fixture
async def follow(feed: Feed) -> AsyncIterator[Follow]:
    async with AsyncExitStack() as stack:

        async def begin(reading: Reading, room: Room | None = None) -> Subscriber:
            return await stack.enter_async_context(feed.following(reading.wish, room or Room()))

        yield begin


def announce(feed: Feed, account_id: int, count: int) -> list[UUID]:
    ids = [uuid4() for _ in range(count)]
    for news in told(ids):
        feed.hear(account_id, news)
    return ids


async def taken(subscriber: Subscriber, count: int) -> list[UUID]:
    events = [await subscriber.next() for _ in range(count)]
    return [UUID(bytes=event[:16]) for event in events if event is not None]


async def test_an_accounts_groups_take_turns_and_another_account_does_not_wait_for_them(
    client: Client, stranger: Client, feed: Feed, follow: Follow
) -> None:
    mine, theirs = client.account.account_id, stranger.account.account_id
    slow = [Reading(mine, seconds=0.05) for _ in range(3)]
    quick, other = Reading(mine), Reading(theirs)
    for each in slow:
        await follow(each)
    here, there = await follow(quick), await follow(other)
    async with asyncio.timeout(SOON):
        ids = announce(feed, mine, 500)
        await asyncio.sleep(0.1)
        others = announce(feed, theirs, 500)
        assert await taken(there, 500) == others
        assert not any(len(each.ids) > 300 for each in slow)
        assert await taken(here, 500) == ids
    assert not any(each.ids[500:] for each in slow)
    assert max(each.largest for each in (*slow, quick, other)) <= 50


async def test_a_big_batch_ends_no_reader_who_takes_it(client: Client, feed: Feed, follow: Follow) -> None:
    subscribers = [await follow(Reading(client.account.account_id, size=20_000)) for _ in range(2)]
    async with asyncio.timeout(SOON):
        ids = announce(feed, client.account.account_id, 4000)
        assert await asyncio.gather(*(taken(each, 4000) for each in subscribers)) == [ids, ids]


async def test_what_waits_for_a_connection_is_bounded_over_all_its_subscriptions(
    client: Client, feed: Feed, follow: Follow
) -> None:
    account_id, room, beside = client.account.account_id, Room(), Reading(client.account.account_id)
    many = [await follow(Reading(account_id, size=50_000), room) for _ in range(5)]
    quick = await follow(beside)
    async with asyncio.timeout(SOON):
        ids = announce(feed, account_id, 1500)
        assert await taken(quick, 1500) == ids
        assert MOST_BYTES < room.bytes < MOST_BYTES + 50 * 51_000
        await asyncio.sleep(DRAINED_SECONDS)
        with pytest.raises(TooSlow):  # nothing was taken meanwhile
            await asyncio.gather(*(taken(each, 1500) for each in many))


async def test_an_account_has_so_many_subscriptions_and_no_more(
    client: Client, stranger: Client, feed: Feed, follow: Follow
) -> None:
    reading = Reading(client.account.account_id)
    for _ in range(1000):
        await follow(reading)
    with pytest.raises(TooMany, match="At most 1,000 subscriptions"):
        await follow(reading)
    await follow(Reading(stranger.account.account_id))


@pytest.mark.parametrize(
    ("fault", "end"), [(BadInput("no"), BadInput), (OSError(), Interrupted), (ValueError(), Broken)]
)
async def test_what_cannot_be_read_ends_those_alone_who_wished_for_it(
    client: Client, feed: Feed, follow: Follow, fault: Exception, end: type[Exception]
) -> None:
    account_id = client.account.account_id
    failing, well = await follow(Reading(account_id, fails=fault)), await follow(Reading(account_id))
    async with asyncio.timeout(SOON):
        ids = announce(feed, account_id, 5)
        with pytest.raises(end):
            await failing.next()
        assert await taken(well, 5) == ids
