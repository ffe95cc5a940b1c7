"""What a resolver knows of the request it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import strawberry

from app.accounts.queries import Caller
from app.acts import Act
from app.db import Database
from app.signing import Signer
from app.tables import IntakeMethod


@dataclass(frozen=True, slots=True)
class Context:
    """Who asks, over which database; the clock and the secret are given, never fetched."""

    database: Database
    caller: Caller
    now: Callable[[], datetime]
    secret: bytes
    signer: Signer
    idempotency_key: str | None = None

    def act(self, detail: str | None = None) -> Act:
        """An act of the caller, now, by the API."""
        return Act(self.now(), self.caller.name, IntakeMethod.API, self.secret, detail)


Info = strawberry.Info[Context, None]
