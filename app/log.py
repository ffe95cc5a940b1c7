"""Structured log lines on standard error, one JSON object each. No address, no key, no text of an operation."""

import logging
import sys
from datetime import UTC, datetime
from typing import Any

import orjson
import structlog


def _dumps(event: Any, default: Any) -> bytes:
    return orjson.dumps(event, default=default)


def _add_time(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    event["at"] = datetime.now(UTC).isoformat()
    return event


def _without_trace(record: logging.LogRecord) -> bool:
    """Leaves out where the server's own complaints come from: it tells a client's bad bytes so, and quotes them."""
    record.exc_info = None
    return True


def configure() -> None:
    """Sets up structlog; called once by each program."""
    logging.getLogger("uvicorn.error").addFilter(_without_trace)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            _add_time,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger("info"),
        logger_factory=structlog.BytesLoggerFactory(file=sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )


log: structlog.typing.FilteringBoundLogger = structlog.get_logger()
