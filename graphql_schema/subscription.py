"""What can be followed live."""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import orjson
import strawberry

from app.accounts.queries import Caller
from app.channels.queries import AT_HOME
from app.db import first
from app.engagement.queries import CUT_OFFS
from app.ids import uuid_of
from app.imports.queries import shown
from app.imports.queries.watching import ENDED, STATUS
from app.imports.rules import announcing
from app.live import EventWish, Look, Read, Seen, StateWish, UnknownImport, UnknownProfile, Wish, queries
from app.reading import Keyed, One, Source
from graphql_schema.context import Context
from graphql_schema.declaring import Declared, argument
from graphql_schema.engagement import Engagement, EngagementMatch
from graphql_schema.imports import Import
from graphql_schema.reading import plan_for, request
from graphql_schema.selecting import Resolving

SAYS = (
    "Each engagement as it is recorded, as soon as it is kept for good; in the order in which they were. Nothing is "
    "missed while the connection stands; what happened while there was none is on the timelines."
)
TELLS = (
    "The import as it stands: at once, and then whenever it changed, at most five times a second; complete once it has "
    "SUCCEEDED or FAILED, is CANCELLED or UNDONE."
)
ENGAGEMENTS = Keyed(queries.announced, CUT_OFFS)
IMPORT = One(shown.by_id)
NOBODY = UUID(int=0)


class Followed(Declared):
    """A root field of a subscription: what it answers with is what is wished for."""


def followed(of: Callable[..., Awaitable[Wish]], source: Source, says: str, *arguments: Any) -> Any:
    """A root field that a function of ours answers with what is wished for: it gets info and the raw arguments."""
    field = Followed(of, takes_arguments=True, description=says, metadata={"source": source})
    field.arguments = list(arguments)
    return field


async def engagements(info: Resolving, **given: Any) -> Wish:
    """The wish for the engagements of one profile, or of all; the rest is the compiled selection's."""
    profile_id = given.get("profileId")
    home_id = None if profile_id is None else await known(info.context, profile_id)
    read = reader(info)
    await read(())  # what is wrong with an argument, at any depth, is told now
    return EventWish(info.context.caller.account_id, alike(info, home_id), home_id, read)


async def import_(info: Resolving, **given: Any) -> Wish:
    """The wish for one import as it stands. Raises UnknownImport."""
    import_id = uuid_of(given["id"], "Import")
    if import_id is None:
        raise UnknownImport
    look = looker(info, import_id)
    await look()  # what is wrong with an argument, at any depth, is told now
    return StateWish(info.context.caller.account_id, alike(info, import_id), announcing.told(import_id), look)


def alike(info: Resolving, of: UUID | None) -> Hashable:
    """The same for all who are told the same: keys of the same rights, who select the same of the same thing."""
    caller: Caller = info.context.caller._replace(key_id=NOBODY, name="")
    return tuple(map(id, info.field_nodes)), caller, repr(info.variable_values), of


async def known(context: Context, profile_id: str) -> UUID:
    """The UUID of a profile's id. Raises UnknownProfile where no profile goes by it."""
    home_id = uuid_of(profile_id, "Profile")
    if home_id is not None:
        async with context.database.reading(context.caller.account_id) as connection:
            if await connection.fetch(AT_HOME, home_id=home_id):
                return home_id
    raise UnknownProfile


def reader(info: Resolving) -> Read:
    """Reads what is selected of engagements, in one statement that is compiled now."""
    plan = plan_for(info, ENGAGEMENTS, None, None)
    context, key = info.context, info.path.key

    async def read(ids: Sequence[UUID]) -> dict[UUID, bytes]:
        async with context.database.reading(context.caller.account_id) as connection:
            found = await plan.keyed(connection, request(info, SimpleNamespace(ids=ids)))
        return {UUID(hex=id): orjson.dumps({"data": {key: event}}) for id, event in found.items()}

    return read


def looker(info: Resolving, import_id: UUID) -> Look:
    """Reads what is selected of an import, as it stands."""
    plan = plan_for(info, IMPORT, None, None)
    context, key = info.context, info.path.key

    async def look() -> Seen:
        async with context.database.reading(context.caller.account_id) as connection:
            stands = first(await connection.fetch(STATUS, import_id=import_id))
            found = await plan.run(connection, request(info, SimpleNamespace(id=import_id)))
        if stands is None or found is None:
            raise UnknownImport
        return Seen(orjson.dumps({"data": {key: found}}), stands in ENDED)

    return look


@strawberry.type(description="What can be followed live, over WebSocket (graphql-transport-ws) or SSE.")
class Subscription:
    """What can be followed live."""

    engagement_recorded: Engagement = followed(
        engagements,
        ENGAGEMENTS,
        SAYS,
        argument(
            "profile_id",
            strawberry.ID | None,
            "Only those of this profile, as it is when each is recorded: after a merge those of all its channels.",
        ),
        argument("where", EngagementMatch | None, "Only those that match, as they are when each is recorded."),
    )
    import_progressed: Import = followed(import_, IMPORT, TELLS, argument("id", strawberry.ID, "The import."))
