"""Recording consent (`recording`) and taking it back (`retracting`), and topics with what people prefer (`topics`)."""

from app.consent.operations import recording, topics
from app.consent.operations.recording import Appended, append, ask, record, undo_stop
from app.consent.operations.retracting import retract

__all__ = ["Appended", "append", "ask", "record", "recording", "retract", "topics", "undo_stop"]
