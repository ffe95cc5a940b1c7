"""Reading evidence and merges (`evidence`), and proving the maintained copies (`check`)."""

from app.identity.queries import check, evidence

__all__ = ["check", "evidence"]
