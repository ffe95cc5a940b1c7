"""What an SMS provider tells of messages that it was given, the way Twilio does."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.accounts.queries import SmsProvider
from app.acts import Act
from app.db import Database
from app.engagement.operations import report
from app.engagement.rules.notices import of_sms
from app.errors import Refusal, Refusals, RequestError
from app.tables import IntakeMethod
from app.web.webhooks.outcome import Outcome, outcome
from app.web.webhooks.signed import SignedForms, refused, told
from app.web.webhooks.sms import ACTOR


class SmsStatus:
    """Takes a signed form with MessageSid, MessageStatus, To and ErrorCode."""

    def __init__(self, database: Database, *, now: Callable[[], datetime], secret: bytes, public_url: str) -> None:
        self._database = database
        self._forms = SignedForms(database, public_url=public_url)
        self._now = now
        self._secret = secret

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        response = await self._respond(scope, receive)
        await response(scope, receive, send)

    async def _respond(self, scope: Scope, receive: Receive) -> Response:
        try:
            found = await self._take(*await self._forms.fields(scope, receive))
        except (RequestError, Refusal, Refusals) as error:
            return refused(error)
        return told(found.message, 200)

    async def _take(self, provider: SmsProvider, fields: dict[str, str]) -> Outcome:
        """Records what is told. Raises a Refusal where it does not say of which message."""
        act = Act(self._now(), ACTOR, IntakeMethod.INBOUND, self._secret)
        event = of_sms(fields, now=act.at)
        if event is None:
            return Outcome.IGNORED
        work = partial(report, events=[event], region=provider.region, act=act)
        return outcome(await self._database.write(provider.account_id, work))
