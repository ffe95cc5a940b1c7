"""What profiles are (`derived`), and how they are found and read (`found`)."""

from app.profiles.queries import derived, found

__all__ = ["derived", "found"]
