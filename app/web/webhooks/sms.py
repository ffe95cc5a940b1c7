"""Text messages that an SMS provider hands over, the way Twilio does."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from uuid import UUID

from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from app.accounts.queries import SMS_PROVIDER, SmsProvider
from app.acts import Act
from app.channels.errors import InvalidPhone
from app.db import Database, first
from app.errors import ErrorCode, Refusal, Refusals, RequestError, each_of
from app.ids import uuid_of
from app.intake.operations import receiving
from app.intake.rules import hearing
from app.intake.rules.hearing import Incoming
from app.tables import IntakeMethod
from app.web.edge import Noted
from app.web.forms import Fields, form
from app.web.requests import HttpError, header
from app.web.webhooks.signature import is_signed

ACTOR = "SMS webhook"
#: Nothing is said in the answer: replies go the way of all messages.
NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
STATUS = {"OVERLOADED": 503, "STORAGE_FULL": 507}


class Unsigned(HttpError):
    """Not signed by the account's provider: one answer, whatever is wrong, so that nobody learns of accounts."""

    def __init__(self) -> None:
        super().__init__(403, "The signature is missing, or does not match.")


class Sms:
    """Takes a signed form with From, To, Body and MessageSid."""

    def __init__(self, database: Database, *, now: Callable[[], datetime], secret: bytes, public_url: str) -> None:
        self._database = database
        self._now = now
        self._secret = secret
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        response = await self._respond(scope, receive)
        await response(scope, receive, send)

    async def _respond(self, scope: Scope, receive: Receive) -> Response:
        try:
            fields = await _form(scope, receive)
            provider = await self._provider(scope, fields)
            await self._take(provider, dict(fields))
        except HttpError as error:
            return _told(str(error), error.status, error.headers)
        except RequestError as error:
            return _told(str(error), STATUS.get(error.code, 400), {"retry-after": "5"})
        except (Refusal, Refusals) as error:
            return _told(" ".join(refusal.message for refusal in each_of(error)), 400)
        return Response(NOTHING_TO_SAY, media_type="text/xml; charset=utf-8")

    async def _provider(self, scope: Scope, fields: Fields) -> SmsProvider:
        """The account in the path, if its provider signed the form. Raises Unsigned."""
        account = uuid_of(scope["path_params"]["account"], "Account")
        provider = await self._found(account) if account else None
        query = f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
        url = f"{self._public_url}{scope['path']}{query}"
        token = provider.auth_token if provider else None
        right = is_signed(header(scope, b"x-twilio-signature"), token=token, url=url, fields=fields)
        if provider is None or not right:
            raise Unsigned
        noted: Noted = scope["state"]["noted"]
        noted.account_id = provider.account_id
        return provider

    async def _found(self, account: UUID) -> SmsProvider | None:
        async with self._database.reading(0) as reader:  # which account is just the question
            return first(await reader.fetch(SMS_PROVIDER, account=account))

    async def _take(self, provider: SmsProvider, fields: dict[str, str]) -> None:
        """Takes the message. Raises Refusals; a number that was erased is passed over, and nothing of it kept."""
        act = Act(self._now(), ACTOR, IntakeMethod.INBOUND, self._secret)
        heard = hearing.judged(
            incoming(fields, provider.region), region=provider.region, guards=provider.guards, now=act.at
        )
        work = partial(receiving.receive, heard=heard, guards=provider.guards, account=provider.sender, act=act)
        try:
            await self._database.write(provider.account_id, work)
        except (Refusal, Refusals) as refused:
            if any(refusal.code is not ErrorCode.ERASED for refusal in each_of(refused)):
                raise


async def _form(scope: Scope, receive: Receive) -> Fields:
    """The form of a request. Raises HttpError."""
    if scope["method"] != "POST":
        raise HttpError(405, "Messages are handed over by POST.", {"allow": "POST"})
    return await form(scope, receive)


def incoming(fields: dict[str, str], region: str) -> Incoming:
    """The message of a form. Raises a Refusal where it came by another way than SMS.

    The number that it was sent to is left out where it is none: what the person says counts all the same.
    """
    sender, id = fields.get("From", ""), fields.get("MessageSid") or fields.get("SmsMessageSid") or ""
    if ":" in sender:  # such as whatsapp:+14155552671
        raise InvalidPhone("the message did not come by SMS", region, field=("from",))
    to = None
    with suppress(InvalidPhone):
        to = hearing.receiver(fields.get("To"), region)
    return Incoming(sender, fields.get("Body", ""), id, None, to)


def _told(message: str, status: int, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(f"{message}\n", status, headers)
