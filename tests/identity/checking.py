"""What holds after every step."""

from collections import Counter
from typing import Any

from sqlalchemy import select

from app.db import Reader, entity, selecting
from app.engagement.queries import check as engagement
from app.identity.queries.check import differences
from app.tables import ConsentRecord
from tests.identity import documents, shown
from tests.identity.account import Account
from tests.identity.contents import kind_of
from tests.identity.model import KINDS, Model

_record = entity(ConsentRecord)
RECORDS = selecting(
    lambda id, channel_id, digest: (id.hex, (f"channel_{channel_id.hex}", digest)),
    select(_record.id, _record.channel_id, _record.digest),
)


def check(account: Account) -> None:
    """Compares all that the account shows with the model, and looks whether the product contradicts itself."""
    model = account.model
    asked = list(account.homes())
    answer = account.ask(documents.EVERYTHING, ids=asked)
    account.seen = asked, answer
    shown.learn(answer, model)
    homes = account.homes()
    assert len(homes) == sum(bool(channel.home) for channel in model.channels.values()), "Homes are shared by nobody."
    assert shown.observed(answer, model) == shown.expected(model)
    now = {home: model.profile(channel)[0].home for home, channel in homes.items()}
    assert [node["id"] for node in answer["nodes"]] == [now[home] for home in asked]
    assert_safe(model, answer["profiles"]["nodes"])
    account.world.run(_check_rows(account))


async def _check_rows(account: Account) -> None:
    async with account.world.database.reading(account.caller.account_id) as reader:
        assert await differences(reader) == []
        assert await engagement.differences(reader) == []
        await _check_ledgers(account, reader)


async def _check_ledgers(account: Account, reader: Reader) -> None:
    """Consent records stay on their channels, and as they are."""
    records = dict(await reader.fetch(RECORDS))
    assert records.items() >= account.records.items()
    account.records = records
    counts = Counter(channel_id for channel_id, _ in records.values())
    assert counts == Counter({each.id: len(each.ledger) for each in account.model.channels.values() if each.ledger})


def assert_safe(model: Model, profiles: list[Any]) -> None:
    """No never-link is broken, and no limit but by an accepted proposal: judged by what the product shows alone."""
    allowed = [shown.ids(channels) for channels in model.allowed]
    for profile in profiles:
        ids = shown.ids_in(profile["channels"])
        for cut in profile["neverLinks"]:
            sides = [shown.ids_in(cut[name]) for name in ("oneSide", "otherSide")]
            assert any(side.isdisjoint(ids) for side in sides), cut
        for kind in KINDS:
            alike = {each["id"] for each in profile["channels"] if kind_of(each["address"]) == kind}
            assert len(alike) <= model.limit or any(alike <= known for known in allowed), profile


def check_untouched(account: Account) -> None:
    """Nothing crossed from the other account."""
    if account.seen:
        ids, shown_then = account.seen
        assert account.ask(documents.EVERYTHING, ids=ids) == shown_then
