"""Queueing messages, claiming those that are due, recording how sending ended; and the provider that is shipped."""

from app.delivery.operations.claiming import Claims, claim
from app.delivery.operations.outbox import Outbox
from app.delivery.operations.queueing import queue
from app.delivery.operations.recording import Outcome, record

__all__ = ["Claims", "Outbox", "Outcome", "claim", "queue", "record"]
