"""What operations have to know (`state`), evidence and merges (`evidence`), proposals and never-links (`decisions`),
previews (`previews`), the audit log (`log`), and the proof of the maintained copies (`check`)."""

from app.identity.queries import check, decisions, evidence, log, previews, state

__all__ = ["check", "decisions", "evidence", "log", "previews", "state"]
