"""Text messages that come in (`receiving`), keywords and what they ask for, double opt-ins, and choices on pages."""

from app.intake.operations import capturing, choosing, confirming, keywords, receiving

__all__ = ["capturing", "choosing", "confirming", "keywords", "receiving"]
