"""Whom an API key speaks for, kept in memory for a second: what the two yardsticks check as Tandem does."""

from collections.abc import Awaitable, Callable
from hashlib import sha256
from time import monotonic
from typing import NamedTuple

KNOWN_SECONDS = 1.0
SQL = """
SELECT a.account_id, a.default_region, k.name, k.scopes
FROM api_key k JOIN account a ON a.account_id = k.account_id
WHERE k.digest = {digest} AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > {now})
"""


class Caller(NamedTuple):
    """An account, and what the key may do there."""

    account_id: int
    region: str
    name: str
    scopes: str


class Callers:
    """Finds callers by their keys."""

    def __init__(self, find: Callable[[str], Awaitable[Caller | None]]) -> None:
        self._find = find
        self._known: dict[str, tuple[float, Caller]] = {}

    async def of(self, authorization: str | None) -> Caller | None:
        """The caller that an Authorization header names; None where it names none."""
        if authorization is None or not authorization.startswith("Bearer "):
            return None
        digest = sha256(authorization[7:].encode()).hexdigest()
        known = self._known.get(digest)
        if known is not None and known[0] > monotonic():
            return known[1]
        caller = await self._find(digest)
        if caller is not None:
            self._known[digest] = monotonic() + KNOWN_SECONDS, caller
        return caller
