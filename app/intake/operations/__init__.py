"""Text messages that come in (`receiving`), and double opt-ins (`confirming`)."""

from app.intake.operations import confirming, receiving

__all__ = ["confirming", "receiving"]
