"""Adding contact data (`adding`), a person's decisions to join (`joining`) and to part (`parting`)."""

from app.identity.operations import adding, joining, parting

__all__ = ["adding", "joining", "parting"]
