"""Engagements that come as a stream, a line each."""

from app.web.engagements.view import Engagements

__all__ = ["Engagements"]
