"""Text messages that come in (`receiving`), double opt-ins (`confirming`), and choices on pages (`choosing`)."""

from app.intake.operations import choosing, confirming, receiving

__all__ = ["choosing", "confirming", "receiving"]
