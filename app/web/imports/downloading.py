"""The rows that failed, as a CSV file, behind a signed link."""

import re
from typing import Any
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from app.db import Database, first
from app.errors import Refusal, RequestError
from app.imports.errors import ImportNotFound
from app.imports.jobs.reporting import failed_rows
from app.imports.queries.mistakes import FILE, File
from app.signing import Purpose, Signer, Token
from app.web.imports.linked import for_any_page, preflight, read, refused
from app.web.requests import HttpError, refusal

METHODS = "GET, HEAD"
#: The link is a secret of whoever got it.
HEADERS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}


class Downloads:
    """Gives the failed rows of an import; the link is all that it takes."""

    def __init__(self, database: Database, *, signer: Signer) -> None:
        self._database = database
        self._signer = signer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        try:
            answer = await self._answer(scope)
        except Refusal as problem:
            answer = refused(problem)
        except RequestError as error:
            answer = refusal(error)
        await answer(scope, receive, for_any_page(send))

    async def _answer(self, scope: Scope) -> Response:
        if scope["method"] == "OPTIONS":
            return preflight(METHODS)
        if scope["method"] not in ("GET", "HEAD"):
            raise HttpError(405, "The file is got by GET.", {"allow": f"{METHODS}, OPTIONS"})
        token = read(self._signer, Purpose.IMPORT_ERRORS, scope)
        file = await self._file(token)
        wanted = scope["method"] == "GET"
        rows: Any = failed_rows(self._database, token.account_id, file) if wanted else []
        headers = {**HEADERS, "content-disposition": attachment(errors_name(file.name))}
        return StreamingResponse(rows, headers=headers, media_type="text/csv")

    async def _file(self, token: Token) -> File:
        async with self._database.reading(token.account_id) as reader:
            file = first(await reader.fetch(FILE, import_id=token.id))
        if file is None:
            raise ImportNotFound
        return file


def errors_name(name: str) -> str:
    """The name of the file with the failed rows of a file: `contacts-errors.csv`."""
    return f"{re.sub(r'[.](csv|tsv|txt)$', '', name, flags=re.IGNORECASE)}-errors.csv"


def attachment(name: str) -> str:
    """What lets a browser save a file under that name: in ASCII for old ones (RFC 6266)."""
    plain = re.sub(r"[^A-Za-z0-9 ._-]", "_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
