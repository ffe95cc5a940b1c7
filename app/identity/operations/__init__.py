"""Adding contact data (`adding`) and addresses (`extending`), decisions to join (`joining`) and to part (`parting`),
confirming (`trusting`)."""

from app.identity.operations import adding, extending, joining, parting, trusting

__all__ = ["adding", "extending", "joining", "parting", "trusting"]
