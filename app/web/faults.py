"""Masking, in one place: of a fault of ours a client gets a number, and the log gets the rest."""

from typing import Any

from app.log import log

INTERNAL = "INTERNAL_SERVER_ERROR"


def masked(cause: Exception, request_id: str) -> dict[str, Any]:
    """A fault of ours: the client gets a number to name it by, the log gets the rest."""
    log.error("fault", request_id=request_id, exc_info=(type(cause), _without_values(cause), cause.__traceback__))
    message = f"Something went wrong on our side. Name this number when you ask about it: {request_id}"
    return {"message": message, "extensions": {"code": INTERNAL, "requestId": request_id}}


def _without_values(cause: Exception) -> Exception:
    """The exception without its text, which may quote an address or a message."""
    fault: Exception = type(type(cause).__name__, (Exception,), {})()
    return fault
