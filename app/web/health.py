"""Whether the server lives, and whether it can serve."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from app.accounts.queries import TENANTS
from app.db import Database
from app.log import log


async def alive(_: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("ok")


class Ready:
    """The database answers too."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def answer(self, _: Request) -> Response:
        """200 where the database answers, else 503."""
        try:
            async with self._database.reading(0) as connection:
                await connection.fetch(TENANTS)
        except Exception as error:
            log.error("not ready", fault=type(error).__name__)
            return PlainTextResponse("the database does not answer", 503)
        return PlainTextResponse("ok")
