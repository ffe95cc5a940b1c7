"""The usual alternative: Strawberry as it comes, SQLModel objects over an AsyncSession, DataLoaders."""

import os
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from sqlalchemy import select, text, true
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import aliased
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.types.scalar import ScalarDefinition

from app import tables
from app.db import entity, table
from app.kinds import ChannelKind, EngagementKind
from bench.callers import SQL, Caller, Callers

ENGAGEMENTS, CHANNELS, PROFILES = (table(of).c for of in (tables.Engagement, tables.Channel, tables.Profile))
strawberry.enum(ChannelKind)
strawberry.enum(EngagementKind)
CONNECTIONS = 16
Sessions = async_sessionmaker[AsyncSession]


# ---- loading


class Loaders:
    """The DataLoaders of one request; each batch has a session of its own, for batches may run at the same time."""

    def __init__(self, sessions: Sessions, account_id: int, *, lateral: bool) -> None:
        self._sessions = sessions
        self._account_id = account_id
        self._lateral = lateral
        self.channels: DataLoader[UUID, list[Channel]] = DataLoader(self._channels)
        self._timelines: dict[int, DataLoader[UUID, list[Engagement]]] = {}

    def engagements(self, first: int) -> "DataLoader[UUID, list[Engagement]]":
        """The loader of the newest so many."""
        if first not in self._timelines:

            async def load(ids: list[UUID]) -> list[list[Engagement]]:
                return await self._newest(ids, first)

            self._timelines[first] = DataLoader(load)
        return self._timelines[first]

    async def _channels(self, ids: list[UUID]) -> "list[list[Channel]]":
        statement = (
            select(tables.Channel)
            .where(CHANNELS.account_id == self._account_id, CHANNELS.profile_id.in_(ids))
            .order_by(CHANNELS.created_at, CHANNELS.id)
        )
        found: dict[UUID, list[Channel]] = defaultdict(list)
        async with self._sessions() as session:
            for row in await session.scalars(statement):
                found[row.profile_id].append(Channel.of(row))
        return [found[id] for id in ids]

    async def _newest(self, ids: list[UUID], first: int) -> "list[list[Engagement]]":
        statement = self._newest_of_each(first).where(
            CHANNELS.account_id == self._account_id, CHANNELS.profile_id.in_(ids)
        )
        found: dict[UUID, list[tables.Engagement]] = defaultdict(list)
        async with self._sessions() as session:
            for profile_id, row in await session.execute(statement):
                found[profile_id].append(row)
        newest = (sorted(found[id], key=lambda row: (row.occurred_at, row.id), reverse=True)[:first] for id in ids)
        return [[Engagement.of(row) for row in rows] for rows in newest]

    def _newest_of_each(self, first: int) -> Any:
        """Each channel's own newest, as each database finds them quickest."""
        if self._lateral:
            own = select(tables.Engagement).where(
                ENGAGEMENTS.account_id == self._account_id, ENGAGEMENTS.channel_id == CHANNELS.id
            )
            limited = own.order_by(ENGAGEMENTS.occurred_at.desc(), ENGAGEMENTS.id.desc()).limit(first)
            newest = aliased(tables.Engagement, limited.correlate(tables.Channel).lateral())
            return select(CHANNELS.profile_id, newest).select_from(tables.Channel).join(newest, true())
        inner = entity(tables.Engagement)
        ids = (
            select(inner.id)
            .where(inner.account_id == self._account_id, inner.channel_id == CHANNELS.id)
            .order_by(inner.occurred_at.desc(), inner.id.desc())
            .limit(first)
            .correlate(tables.Channel)
        )
        here = (ENGAGEMENTS.account_id == self._account_id) & ENGAGEMENTS.id.in_(ids)
        return select(CHANNELS.profile_id, tables.Engagement).join_from(tables.Channel, tables.Engagement, here)

    async def profile(self, id: UUID) -> tables.Profile | None:
        """The profile that an id resolves to."""
        statement = (
            select(tables.Profile)
            .join(tables.Channel, CHANNELS.profile_id == PROFILES.id)
            .where(PROFILES.account_id == self._account_id, CHANNELS.account_id == self._account_id)
            .where(CHANNELS.home_id == id)
        )
        async with self._sessions() as session:
            return await session.scalar(statement)

    async def profiles(self, first: int) -> Sequence[tables.Profile]:
        """The newest."""
        statement = (
            select(tables.Profile)
            .where(PROFILES.account_id == self._account_id)
            .order_by(PROFILES.created_at.desc(), PROFILES.id.desc())
            .limit(first)
        )
        async with self._sessions() as session:
            return (await session.scalars(statement)).all()


@dataclass(slots=True)
class Context:
    """What resolvers know of the request."""

    loaders: Loaders


Info = strawberry.Info[Context, None]

# ---- the schema


@strawberry.type
class Channel:
    """An address."""

    id: strawberry.ID
    kind: ChannelKind
    address: str

    @staticmethod
    def of(row: tables.Channel) -> "Channel":
        """As it is shown."""
        id = strawberry.ID(f"channel_{row.id.hex}")
        return Channel(id=id, kind=ChannelKind(row.kind), address=row.address)


@strawberry.type
class Engagement:
    """Something that happened."""

    id: strawberry.ID
    kind: EngagementKind
    occurred_at: datetime

    @staticmethod
    def of(row: tables.Engagement) -> "Engagement":
        """As it is shown."""
        id = strawberry.ID(f"engagement_{row.id.hex}")
        return Engagement(id=id, kind=EngagementKind(row.kind), occurred_at=row.occurred_at)


@strawberry.type
class Engagements:
    """A page of what happened."""

    nodes: list[Engagement]


@strawberry.type
class Profile:
    """A person."""

    row_id: strawberry.Private[UUID]
    id: strawberry.ID
    display_name: str
    is_linked: bool

    @strawberry.field
    async def channels(self, info: Info) -> list[Channel]:
        """Its addresses."""
        return await info.context.loaders.channels.load(self.row_id)

    @strawberry.field
    async def engagements(self, info: Info, first: int = 20) -> Engagements:
        """What happened on them."""
        return Engagements(nodes=await info.context.loaders.engagements(first).load(self.row_id))

    @staticmethod
    def of(row: tables.Profile) -> "Profile":
        """As it is shown."""
        linked = row.email_channel_id is not None and row.sms_channel_id is not None
        id = strawberry.ID(f"profile_{row.id.hex}")
        return Profile(row_id=row.id, id=id, display_name=row.display_name, is_linked=linked)


@strawberry.type
class Profiles:
    """A page of persons."""

    nodes: list[Profile]


@strawberry.input
class ProfileLookup:
    """How a profile is found."""

    id: strawberry.ID


@strawberry.type
class Query:
    """What can be asked."""

    @strawberry.field
    async def profile(self, info: Info, by: ProfileLookup) -> Profile | None:
        """One person."""
        row = await info.context.loaders.profile(UUID(hex=by.id.removeprefix("profile_")))
        return None if row is None else Profile.of(row)

    @strawberry.field
    async def profiles(self, info: Info, first: Annotated[int, strawberry.argument()] = 20) -> Profiles:
        """The newest."""
        return Profiles(nodes=[Profile.of(row) for row in await info.context.loaders.profiles(first)])


def printed(value: datetime) -> str:
    """A time as the API prints it."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


TIME = ScalarDefinition(
    name="DateTime",
    description=None,
    specified_by_url=None,
    serialize=printed,
    parse_value=datetime.fromisoformat,
    parse_literal=None,
    origin=datetime,
)
schema = strawberry.Schema(
    Query, extensions=[ParserCache, ValidationCache], config=StrawberryConfig(scalar_map={datetime: TIME})
)

# ---- serving


class View(GraphQL[Context, None]):
    """Strawberry's own view; the context checks the key."""

    def __init__(self, sessions: Sessions, *, lateral: bool) -> None:
        super().__init__(schema, graphql_ide=None)
        self._sessions = sessions
        self._lateral = lateral
        self._callers = Callers(self._found)

    async def _found(self, digest: str) -> Caller | None:
        async with self._sessions() as session:
            now: Any = datetime.now(UTC) if self._lateral else printed(datetime.now(UTC))
            found = await session.execute(
                text(SQL.format(digest=":digest", now=":now")), {"digest": digest, "now": now}
            )
            row = found.first()
        return Caller(*row) if row else None

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:  # noqa: ARG002
        """The DataLoaders of the request, for the account of its key."""
        caller = await self._callers.of(request.headers.get("authorization"))
        if caller is None:
            raise HTTPException(401)
        return Context(Loaders(self._sessions, caller.account_id, lateral=self._lateral))


def create() -> Starlette:
    """The application over the database at BENCH_DATABASE_URL."""
    url = os.environ["BENCH_DATABASE_URL"]
    lateral = url.startswith("postgresql")
    driver = url.replace("sqlite://", "sqlite+aiosqlite://").replace("postgresql://", "postgresql+asyncpg://")
    # As many connections as are wanted at once, and all kept: the default of 5 opens and closes others all the time.
    # JSON is parsed by the column's type.
    engine = create_async_engine(driver, pool_size=CONNECTIONS, max_overflow=0, json_deserializer=str)
    view = View(async_sessionmaker(engine, expire_on_commit=False), lateral=lateral)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await engine.dispose()

    return Starlette(routes=[Route("/graphql", view)], lifespan=lifespan)
