"""Text messages that an SMS provider hands over, the way Twilio does."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.accounts.queries import SmsProvider
from app.acts import Act
from app.db import Database
from app.errors import ErrorCode, Refusal, Refusals, RequestError, each_of
from app.intake.operations import receiving
from app.intake.rules import hearing
from app.intake.rules.hearing import Incoming, Receiver
from app.kinds.errors import InvalidPhone
from app.signing import Signer
from app.tables import IntakeMethod
from app.web.webhooks.signed import SignedForms, refused

ACTOR = "SMS webhook"
#: Nothing is said in the answer: replies go the way of all messages.
NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


class Sms:
    """Takes a signed form with From, To, Body and MessageSid."""

    def __init__(self, database: Database, *, now: Callable[[], datetime], secret: bytes, signer: Signer) -> None:
        self._database = database
        self._forms = SignedForms(database, public_url=signer.public_url)
        self._signer = signer
        self._now = now
        self._secret = secret

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        response = await self._respond(scope, receive)
        await response(scope, receive, send)

    async def _respond(self, scope: Scope, receive: Receive) -> Response:
        try:
            await self._take(*await self._forms.fields(scope, receive))
        except (RequestError, Refusal, Refusals) as error:
            return refused(error)
        return Response(NOTHING_TO_SAY, media_type="text/xml; charset=utf-8")

    async def _take(self, provider: SmsProvider, fields: dict[str, str]) -> None:
        """Takes the message. Raises Refusals; a number that was erased is passed over, and nothing of it kept."""
        act = Act(self._now(), ACTOR, IntakeMethod.INBOUND, self._secret)
        heard = hearing.judged(incoming(fields, provider.region), region=provider.region, now=act.at)
        receiver = Receiver(provider.account_id, provider.guards, provider.sender, self._signer)
        work = partial(receiving.receive, heard=heard, receiver=receiver, act=act)
        try:
            await self._database.write(provider.account_id, work)
        except (Refusal, Refusals) as error:
            if {refusal.code for refusal in each_of(error)} != {ErrorCode.ERASED}:
                raise


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
