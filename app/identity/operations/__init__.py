"""Adding contact data (`adding`), decisions to join (`joining`) and to part (`parting`), confirming (`trusting`)."""

from app.identity.operations import adding, joining, parting, trusting

__all__ = ["adding", "joining", "parting", "trusting"]
