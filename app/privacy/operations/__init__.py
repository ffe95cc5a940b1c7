"""Restricting what is done with a person's data (`restricting`), and removing it (`removing`)."""

from app.privacy.operations import removing, restricting

__all__ = ["removing", "restricting"]
