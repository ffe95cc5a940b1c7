"""What all webhooks share: an account in the path, a signature by its provider, and short answers."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope

from app.accounts.queries import SMS_PROVIDER, SmsProvider
from app.db import Database, Statement, first
from app.errors import Refusal, Refusals, RequestError, each_of
from app.ids import uuid_of
from app.web.edge import Noted
from app.web.forms import Fields, form
from app.web.requests import HttpError, header, headers_of, status_of
from app.web.webhooks.signature import is_signed

P = TypeVar("P")


class Unsigned(HttpError):
    """Not signed by the account's provider: one answer, whatever is wrong, so that nobody learns of accounts."""

    code = "FORBIDDEN"

    def __init__(self) -> None:
        super().__init__(403, "The signature is missing, or does not match.")


async def provider_of(database: Database, scope: Scope, statement: Statement[P]) -> P | None:
    """What the account in the path knows of its provider."""
    account: UUID | None = uuid_of(scope["path_params"]["account"], "Account")
    if account is None:
        return None
    async with database.reading(0) as reader:  # which account is just the question
        return first(await reader.fetch(statement, account=account))


def note(scope: Scope, account_id: int) -> None:
    """Lets the log line say of which account the request is."""
    noted: Noted = scope["state"]["noted"]
    noted.account_id = account_id


class SignedForms:
    """Takes forms that are signed the way Twilio does."""

    def __init__(self, database: Database, *, public_url: str) -> None:
        self._database = database
        self._public_url = public_url

    async def fields(self, scope: Scope, receive: Receive) -> tuple[SmsProvider, dict[str, str]]:
        """The form, and the account whose provider signed it. Raises HttpError."""
        if scope["method"] != "POST":
            raise HttpError(405, "Messages are handed over by POST.", {"allow": "POST"})
        fields = await form(scope, receive)
        return await self._provider(scope, fields), dict(fields)

    async def _provider(self, scope: Scope, fields: Fields) -> SmsProvider:
        """The account in the path, if its provider signed the form. Raises Unsigned."""
        provider = await provider_of(self._database, scope, SMS_PROVIDER)
        query = f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
        url = f"{self._public_url}{scope['path']}{query}"
        token = provider.auth_token if provider else None
        right = is_signed(header(scope, b"x-twilio-signature"), token=token, url=url, fields=fields)
        if provider is None or not right:
            raise Unsigned
        note(scope, provider.account_id)
        return provider


def refused(error: RequestError | Refusal | Refusals) -> Response:
    """The answer to what is not taken: a sentence."""
    if isinstance(error, RequestError):
        return told(str(error), status_of(error), headers_of(error))
    return told(" ".join(sentences(each_of(error))), 400)


def sentences(refusals: Sequence[Refusal]) -> list[str]:
    """What is wrong, one sentence each."""
    return [refusal.message for refusal in refusals]


def told(message: str, status: int, headers: dict[str, str] | None = None) -> Response:
    """A sentence."""
    return PlainTextResponse(f"{message}\n", status, headers)
