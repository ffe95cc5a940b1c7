"""Recording consent (`recording`), and topics with what people prefer (`topics`)."""

from app.consent.operations import recording, topics
from app.consent.operations.recording import append, ask, record, undo_stop

__all__ = ["append", "ask", "record", "recording", "topics", "undo_stop"]
