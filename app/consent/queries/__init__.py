"""What ledgers say (`fold`), how they are read (`ledger`), topics (`topics`), and the one send gate (`gate`)."""

from app.consent.queries import fold, gate, ledger, topics

__all__ = ["fold", "gate", "ledger", "topics"]
