"""How tests take opt-ins back."""

from functools import partial
from uuid import UUID

from sqlalchemy import String, select

from app.acts import Act, now
from app.consent.operations import retract
from app.db import Database, Writer, entity, param, selecting
from app.profiles import operations as profiles
from app.tables import ConsentRecord, IntakeMethod
from tests.client import Client

SECRET = b"a secret of the tests"
_record = entity(ConsentRecord)
FROM_URL = selecting(lambda id: id, select(_record.id).where(_record.source_url == param("url", String())))


async def take_back(database: Database, client: Client, *, url: str) -> list[UUID]:
    """Takes back all that came from a URL, as of now; the channels that it was about."""
    act = Act(now(), "tests", IntakeMethod.MANUAL, SECRET)
    return await database.write(client.account.account_id, partial(_take_back, url=url, act=act))


async def _take_back(writer: Writer, *, url: str, act: Act) -> list[UUID]:
    changed = await retract(writer, record_ids=await writer.fetch(FROM_URL, url=url), act=act)
    if changed:
        await profiles.maintain(writer, ids=await profiles.lock_of(writer, channel_ids=changed))
    return changed
