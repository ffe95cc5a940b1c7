"""Whom a request speaks for: the account comes from the API key and from nothing else."""

from collections import OrderedDict
from time import monotonic

from app.accounts import queries, rules
from app.accounts.queries import Caller
from app.acts import now
from app.db import Database, first
from app.errors import Unauthenticated

KNOWN_SECONDS = 1.0  # how long a revoked key may still be taken
MOST_KNOWN = 10_000


class Access:
    """Finds callers by their keys, and remembers them for a second."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: OrderedDict[str, tuple[float, Caller]] = OrderedDict()

    async def caller(self, authorization: str) -> Caller:
        """The caller that the Authorization header speaks for. Raises Unauthenticated."""
        digest = self._digest(authorization)
        until, caller = self._known.get(digest, (0.0, None))
        if caller is None or until < monotonic():
            caller = await self._looked_up(digest)
        return caller

    async def caller_now(self, authorization: str) -> Caller:
        """The same as it is at this moment, whatever is remembered. Raises Unauthenticated."""
        return await self._looked_up(self._digest(authorization))

    def _digest(self, authorization: str) -> str:
        scheme, _, key = authorization.partition(" ")
        if scheme.lower() != "bearer" or not key:
            raise Unauthenticated
        return rules.digest(key.strip())

    async def _looked_up(self, digest: str) -> Caller:
        self._known.pop(digest, None)
        caller = await self._found(digest)
        self._known[digest] = monotonic() + KNOWN_SECONDS, caller
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        return caller

    async def _found(self, digest: str) -> Caller:
        async with self._database.reading(0) as connection:  # which account is just the question
            caller = first(await connection.fetch(queries.CALLER, digest=digest, now=now()))
        if caller is None:
            raise Unauthenticated
        return caller
