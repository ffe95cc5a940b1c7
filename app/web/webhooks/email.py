"""What an email provider tells of messages, signed as https://www.standardwebhooks.com says."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

import orjson
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.accounts.queries import EMAIL_PROVIDER, EmailProvider
from app.acts import Act
from app.db import Database
from app.engagement.operations import report
from app.engagement.rules.lines import LONGEST_LINE
from app.engagement.rules.notices import of_email
from app.errors import BadInput, Refusal, RequestError
from app.tables import IntakeMethod
from app.web.requests import JSON_TYPE, HttpError, body, header, refusal
from app.web.webhooks.outcome import Outcome, outcome
from app.web.webhooks.signed import Unsigned, note, provider_of

ACTOR = "Email webhook"
JSON = "application/json"
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


class Email:
    """Takes one signed notice a request."""

    def __init__(self, database: Database, *, now: Callable[[], datetime], secret: bytes) -> None:
        self._database = database
        self._now = now
        self._secret = secret

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        response = await self._respond(scope, receive)
        await response(scope, receive, send)

    async def _respond(self, scope: Scope, receive: Receive) -> Response:
        try:
            found = await self._take(scope, await _body(scope, receive))
        except RequestError as error:
            return refusal(error)
        except Refusal as error:
            return refusal(BadInput(error.message))
        return Response(orjson.dumps({"outcome": found.name, "message": found.message}), media_type=JSON_TYPE)

    async def _take(self, scope: Scope, body: bytes) -> Outcome:
        """Records what is told. Raises Unsigned, or a Refusal where it makes no sense."""
        headers = {name: header(scope, name.encode()) for name in (ID, TIMESTAMP, SIGNATURE)}
        provider = await self._provider(scope, headers, body)
        act = Act(self._now(), ACTOR, IntakeMethod.INBOUND, self._secret)
        event = of_email(body, notice_id=headers[ID], now=act.at)
        if event is None:
            return Outcome.IGNORED
        work = partial(report, events=[event], region=provider.region, act=act)
        return outcome(await self._database.write(provider.account_id, work))

    async def _provider(self, scope: Scope, headers: dict[str, str], body: bytes) -> EmailProvider:
        """The account in the path, if its provider signed the notice just now. Raises Unsigned."""
        provider = await provider_of(self._database, scope, EMAIL_PROVIDER)
        if provider is None or not provider.secret or not is_signed(headers, body, provider.secret):
            raise Unsigned
        note(scope, provider.account_id)
        return provider


def is_signed(headers: dict[str, str], body: bytes, secret: str) -> bool:
    """Whether one of the signatures is right, and no older than 5 minutes."""
    try:
        Webhook(secret).verify(body, headers, json_parse=False)
    except (WebhookVerificationError, ValueError):  # the library leaves what is no base64 or UTF-8 to us
        return False
    return True


async def _body(scope: Scope, receive: Receive) -> bytes:
    """The body of a request. Raises HttpError."""
    if scope["method"] != "POST":
        raise HttpError(405, "Notices are handed over by POST.", {"allow": "POST"})
    if header(scope, b"content-type").partition(";")[0].strip().lower() != JSON:
        raise HttpError(415, f"Send the notice as {JSON}.", {"accept-post": JSON})
    return await body(scope, receive, LONGEST_LINE)
