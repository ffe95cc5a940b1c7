"""How it is announced to whoever watches an import that it changed."""

from uuid import UUID


def told(import_id: UUID) -> str:
    """The announcement."""
    return f"import {import_id.hex}"
