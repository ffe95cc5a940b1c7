"""What can be followed live."""

from collections.abc import Awaitable, Callable, Sequence
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import orjson
import strawberry

from app.accounts.queries import Caller
from app.channels.queries import AT_HOME
from app.engagement.queries import CUT_OFFS
from app.ids import uuid_of
from app.live import Read, UnknownProfile, Wish, queries
from app.reading import Keyed
from graphql_schema.context import Context
from graphql_schema.declaring import Declared, argument
from graphql_schema.engagement import Engagement, EngagementMatch
from graphql_schema.reading import plan_for, request
from graphql_schema.selecting import Resolving

SAYS = (
    "Each engagement as it is recorded, as soon as it is kept for good; in the order in which they were. Nothing is "
    "missed while the connection stands; what happened while there was none is on the timelines."
)
ENGAGEMENTS = Keyed(queries.announced, CUT_OFFS)
NOBODY = UUID(int=0)


class Followed(Declared):
    """A root field of a subscription: what it answers with is what is wished for."""


def followed(of: Callable[..., Awaitable[Wish]], says: str, *arguments: Any) -> Any:
    """A root field that a function of ours answers with what is wished for: it gets info and the raw arguments."""
    field = Followed(of, takes_arguments=True, description=says, metadata={"source": ENGAGEMENTS})
    field.arguments = list(arguments)
    return field


async def engagements(info: Resolving, **given: Any) -> Wish:
    """The wish for the engagements of one profile, or of all; the rest is the compiled selection's."""
    caller: Caller = info.context.caller
    profile_id = given.get("profileId")
    home_id = None if profile_id is None else await known(info.context, profile_id)
    alike = caller._replace(key_id=NOBODY, name="")  # keys of the same rights are told the same
    key = tuple(map(id, info.field_nodes)), alike, repr(info.variable_values), home_id
    read = reader(info)
    await read(())  # what is wrong with an argument, at any depth, is told now
    return Wish(caller.account_id, key, home_id, read)


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


@strawberry.type(description="What can be followed live, over WebSocket (graphql-transport-ws) or SSE.")
class Subscription:
    """What can be followed live."""

    engagement_recorded: Engagement = followed(
        engagements,
        SAYS,
        argument(
            "profile_id",
            strawberry.ID | None,
            "Only those of this profile, as it is when each is recorded: after a merge those of all its channels.",
        ),
        argument("where", EngagementMatch | None, "Only those that match, as they are when each is recorded."),
    )
