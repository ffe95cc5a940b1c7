"""The way in for feeds: engagements as NDJSON, recorded and acknowledged while they come."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any

import orjson
from starlette.types import Receive, Scope, Send

from app.accounts.queries import Caller
from app.accounts.rules import Scope as KeyScope
from app.acts import Act
from app.db import Database
from app.engagement.operations import Reported, report
from app.errors import Forbidden, RequestError
from app.tables import IntakeMethod
from app.web.access import Access
from app.web.edge import Noted
from app.web.engagements.arriving import STALLED_SECONDS, Arriving, Batch
from app.web.engagements.recording import Recording
from app.web.faults import masked
from app.web.requests import HttpError, header, refusal

NDJSON = "application/x-ndjson"
TYPES = frozenset({NDJSON, "application/ndjson", "application/jsonl", "application/x-jsonlines"})
AT_ONCE = 4  # batches of all streams together, so that other changes are not kept waiting
HEADERS = [
    (b"content-type", NDJSON.encode()),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # proxies are to hand each line on at once
]


class Engagements:
    """Takes a stream of engagements, a line each, and tells line by line what is recorded."""

    def __init__(self, database: Database, *, now: Callable[[], datetime], secret: bytes) -> None:
        self._database = database
        self._access = Access(database)
        self._now = now
        self._secret = secret
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._streams: set[Recording] = set()

    def stop(self) -> None:
        """Ends all streams: what is begun is recorded and told, and nothing more is read."""
        for recording in self._streams:
            recording.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        answer = Answer(send)
        try:
            await self._check(scope)
            arriving = Arriving(receive, self._now)
            recording = Recording(arriving, record=partial(self._record, scope), tell=answer.line)
            self._streams.add(recording)
            try:
                await self._answer(recording, answer, scope["state"]["noted"])
            finally:
                self._streams.discard(recording)
        except RequestError as error:
            await refusal(error)(scope, receive, send)
        except Gone:
            return

    async def _answer(self, recording: Recording, answer: "Answer", noted: Noted) -> None:
        """Records the stream; what goes wrong once the answer is begun is its last line."""
        try:
            await recording.run()
            await answer.line({"done": True, **asdict(recording.totals)}, last=True)
        except Gone:
            raise
        except Exception as error:
            if not answer.begun:
                raise
            told = {"error": fault(error, noted.request_id), **asdict(recording.totals)}
            await answer.line(told, last=True)

    async def _check(self, scope: Scope) -> None:
        """Checks that this is a stream of somebody who may send one. Raises a RequestError."""
        if scope["method"] != "POST":
            raise HttpError(405, "Engagements are sent by POST.", {"allow": "POST"})
        caller = await self._caller(scope)
        noted: Noted = scope["state"]["noted"]
        noted.account_id = caller.account_id
        if header(scope, b"content-type").partition(";")[0].strip().lower() not in TYPES:
            raise HttpError(415, f"Send engagements as {NDJSON}, a line each.", {"accept-post": NDJSON})
        if header(scope, b"content-encoding").strip().lower() not in ("", "identity"):
            raise HttpError(415, "Send the lines as they are, not compressed.", {"accept-encoding": "identity"})

    async def _caller(self, scope: Scope) -> Caller:
        """Whoever sends the stream. Raises Unauthenticated or Forbidden, also where the key was revoked meanwhile."""
        caller = await self._access.caller(header(scope, b"authorization"))
        if KeyScope.WRITE not in caller.scopes:
            raise Forbidden(KeyScope.WRITE)
        return caller

    async def _record(self, scope: Scope, batch: Batch) -> Reported:
        """Records a batch when it is its turn."""
        if not batch.events:
            return Reported()
        async with self._turns:
            caller = await self._caller(scope)
            act = Act(self._now(), caller.name, IntakeMethod.API, self._secret)
            work = partial(report, events=batch.events, region=caller.region, act=act)
            return await self._database.write(caller.account_id, work)


class Gone(Exception):
    """The client does not take what it is told."""


class Answer:
    """An answer that is begun with its first line."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = False

    async def line(self, told: dict[str, Any], *, last: bool = False) -> None:
        """Sends one line at once. Raises Gone where the client does not take it."""
        try:
            async with asyncio.timeout(STALLED_SECONDS):
                if not self.begun:
                    self.begun = True
                    await self._send({"type": "http.response.start", "status": 200, "headers": HEADERS})
                body = orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)
                await self._send({"type": "http.response.body", "body": body, "more_body": not last})
        except TimeoutError:
            raise Gone from None


def fault(error: Exception, request_id: str) -> dict[str, Any]:
    """Why a stream ends before its end."""
    if isinstance(error, RequestError):
        return {"code": error.code, "message": str(error)}
    found = masked(error, request_id)
    return {"code": found["extensions"]["code"], "message": found["message"]}
