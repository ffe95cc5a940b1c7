"""Asking a number for an email address, and what comes back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.db import Again, Insertion, Statement, Writer
from app.intake import queries
from app.intake.queries import Capture, Known
from app.intake.rules import texts
from app.tables import EmailCapture


def _anew(_: Any, new: Any) -> dict[str, Any]:
    """A number that was asked before is asked anew."""
    return {name: new[name] for name in ("keyword_id", "asked_at", "retries", "answered_at")}


INTO_CAPTURES = Insertion(EmailCapture, merging=_anew)


def asking(writer: Writer, channel_id: UUID, keyword: Known, text: str, *, at: datetime, ask: bool) -> str:
    """The text, followed by the question for an email address where one is asked for; from then on it may be answered.

    `at` is the time of the person's text that it follows.
    """
    if not ask:
        return text
    asked: dict[str, Any] = {"keyword_id": keyword.id, "asked_at": at, "retries": 0, "answered_at": None}
    writer.insert(INTO_CAPTURES, channel_id=channel_id, **asked)
    return f"{text} {texts.EMAIL_ASKED}"


async def answered(writer: Writer, *, capture: Capture, at: datetime) -> None:
    """Notes that an address came. Raises Again where the question is not open any more."""
    await _change(writer, queries.ANSWERED, capture, at=at)


async def ask_again(writer: Writer, *, capture: Capture) -> None:
    """Notes that the number is asked once more. Raises Again where the question is not open any more."""
    await _change(writer, queries.ASKED_AGAIN, capture)


async def _change(writer: Writer, statement: Statement[Any], capture: Capture, **more: Any) -> None:
    seen = {"channel_id": capture.channel_id, "asked_at": capture.asked_at, "retries": capture.retries}
    if not await writer.fetch(statement, **seen, **more):
        raise Again
