"""A real database, reached in-process through GraphQL documents, with a clock that tests hold."""

from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import orjson
import uvloop

import graphql_schema
from app import migrations
from app.accounts import operations
from app.accounts.queries import Caller
from app.accounts.rules import Scope
from app.db import Database, open_database
from app.signing import Signer
from app.web.access import Access

T = TypeVar("T")
SECRET = b"a secret of the tests"


class World:
    """A database, the event loop that serves it, and the time."""

    def __init__(self, url: str) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self._loop = uvloop.new_event_loop()
        self.run(migrations.upgrade(url))
        self.database: Database = self.run(open_database(url, max_connections=2))

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Waits until the work is done."""
        return self._loop.run_until_complete(work)

    def pass_time(self, seconds: int) -> datetime:
        """Moves the clock on; the time now."""
        self.now += timedelta(seconds=seconds)
        return self.now

    def caller(self, limit: int) -> Caller:
        """The owner of a key of a new account, whose profiles have at most so many addresses of a kind."""
        return self.run(self._caller(limit))

    async def _caller(self, limit: int) -> Caller:
        make = partial(operations.create, name="Tested", region="US", time_zone="UTC", now=self.now)
        account = await self.database.write(0, make)
        limited = partial(operations.set_guards, max_channels_per_kind=limit)
        await self.database.write(account.account_id, limited)
        make_key = partial(operations.create_key, name="tests", scopes=list(Scope), now=self.now)
        key = await self.database.write(account.account_id, make_key)
        return await Access(self.database).caller(f"Bearer {key}")

    def ask(self, caller: Caller, document: str, variables: dict[str, Any]) -> Any:
        """The data of the answer to a document, which must have no errors."""
        context = graphql_schema.Context(
            self.database, caller, lambda: self.now, SECRET, Signer(SECRET, "http://tests")
        )
        found = graphql_schema.document(document)
        assert not found.errors, found.errors
        result = self.run(graphql_schema.run(found, variables=variables, operation_name=None, context=context))
        assert not result.errors, result.errors
        return orjson.loads(orjson.dumps(result.data))

    def close(self) -> None:
        """Ends the connections and the loop."""
        self.run(self.database.close())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()
