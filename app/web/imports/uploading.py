"""The way in for files: one PUT to a signed link, kept while it comes."""

from collections.abc import Callable
from datetime import datetime

import orjson
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.db import Database
from app.errors import Refusal, RequestError
from app.ids import spelled
from app.imports.jobs.storing import Storing
from app.signing import Purpose, Signer
from app.tables import ImportStatus
from app.web.imports.arriving import Arriving
from app.web.imports.linked import for_any_page, preflight, read, refused
from app.web.requests import JSON_TYPE, HttpError, header, refusal

METHOD = "PUT"


class Uploads:
    """Takes the file of an import that awaits one; the link is all that it takes."""

    def __init__(self, database: Database, *, now: Callable[[], datetime], signer: Signer, max_bytes: int) -> None:
        self._database = database
        self._now = now
        self._signer = signer
        self._max_bytes = max_bytes
        self._arriving: set[Arriving] = set()

    def stop(self) -> None:
        """Receives nothing more of what is on its way: it is to be sent again."""
        for arriving in self._arriving:
            arriving.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        try:
            answer = await self._answer(scope, receive)
        except Refusal as problem:
            answer = refused(problem)
        except RequestError as error:
            answer = refusal(error)
        except ClientDisconnect:  # the import waits on: the file may be sent again
            return
        await answer(scope, receive, for_any_page(send))

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        if scope["method"] == "OPTIONS":
            return preflight(METHOD)
        if scope["method"] != METHOD:
            raise HttpError(405, "The file is sent by PUT.", {"allow": f"{METHOD}, OPTIONS"})
        token = read(self._signer, Purpose.IMPORT, scope)
        self._check(scope)
        storing = Storing(self._database, token.account_id, token.id, now=self._now, most=self._max_bytes)
        await self._store(storing, Arriving(receive))
        told = {"import": spelled("Import", token.id), "status": ImportStatus.QUEUED, "bytes": storing.total}
        return Response(orjson.dumps(told), media_type=JSON_TYPE)

    def _check(self, scope: Scope) -> None:
        """Checks what is said of the file before any of it came. Raises HttpError."""
        if header(scope, b"content-encoding").strip().lower() not in ("", "identity"):
            raise HttpError(415, "Send the file as it is, not compressed.", {"accept-encoding": "identity"})
        if header(scope, b"content-type").strip().lower().startswith("multipart/"):
            raise HttpError(415, "Send the file itself as the body, not within a form.", {"accept": "text/csv, */*"})
        length = header(scope, b"content-length")
        if length.isdigit() and int(length) > self._max_bytes:
            raise HttpError(413, f"The file is larger than {self._max_bytes:,} bytes; split it.")

    async def _store(self, storing: Storing, arriving: Arriving) -> None:
        """Keeps the file while it comes."""
        self._arriving.add(arriving)
        try:
            await storing.begin()
            async for content in arriving:
                await storing.take(content)
        finally:
            self._arriving.discard(arriving)
        await storing.end()
