"""Recording what happened on channels."""

from app.engagement.operations.appending import Entry, append
from app.engagement.operations.reporting import Reported, report

__all__ = ["Entry", "Reported", "append", "report"]
