"""Keeping a file that comes in, piece by piece, by whatever way: the whole of it is never in memory."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID

from app.db import Database
from app.errors import Refusal
from app.imports.errors import FileTooLarge
from app.imports.operations import uploading
from app.imports.rules.decoding import Checking

CHUNK_BYTES = 1024 * 1024


class Storing:
    """One file on its way in: checked as it comes, and kept in chunks, each in a transaction of its own."""

    def __init__(
        self, database: Database, account_id: int, import_id: UUID, *, now: Callable[[], datetime], most: int | None
    ) -> None:
        self._write = partial(database.write, account_id)
        self._named: dict[str, Any] = {"import_id": import_id}
        self._now = now
        self._most = most
        self._checking = Checking()
        self._digest = sha256()
        self._rest = bytearray()
        self._chunks = 0
        self.total = 0

    async def begin(self) -> None:
        """Makes this the one upload of the import; what another left is forgotten. Raises a Refusal."""
        self._named["upload_id"] = await self._write(partial(uploading.begin, **self._named, now=self._now()))

    async def take(self, content: bytes) -> None:
        """Takes the next bytes, however many. Raises a Refusal: of the file, or of this upload."""
        self.total += len(content)
        if self._most is not None and self.total > self._most:
            await self._refuse(FileTooLarge(self._most))
        await self._check(partial(self._checking.feed, content))
        self._digest.update(content)
        self._rest += content
        while len(self._rest) >= CHUNK_BYTES:
            await self._keep(bytes(self._rest[:CHUNK_BYTES]))
            del self._rest[:CHUNK_BYTES]

    async def end(self) -> None:
        """Takes the end of the file: the import can be run now. Raises a Refusal."""
        await self._check(self._checking.end)
        if self._rest:
            await self._keep(bytes(self._rest))
        whole: dict[str, Any] = {"total": self.total, "digest": self._digest.hexdigest()}
        await self._write(partial(uploading.finish, **self._named, **whole, now=self._now()))

    async def _keep(self, chunk: bytes) -> None:
        await self._write(partial(uploading.add, **self._named, number=self._chunks, content=chunk))
        self._chunks += 1

    async def _check(self, check: Callable[[], Any]) -> None:
        try:
            check()
        except Refusal as problem:
            await self._refuse(problem)

    async def _refuse(self, problem: Refusal) -> None:
        """Records why the file is refused, and raises it."""
        line: int | None = getattr(problem, "line", None)
        await self._write(partial(uploading.refuse, **self._named, problem=problem, line=line, now=self._now()))
        raise problem
