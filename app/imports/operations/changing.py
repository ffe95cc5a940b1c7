"""What all who change an import do: lock it, and tell those who watch it."""

from uuid import UUID

from app.acts import Act
from app.db import Writer, first
from app.events import operations as events
from app.ids import spelled
from app.imports.errors import ImportNotFound
from app.imports.queries import standing
from app.imports.queries.standing import Standing
from app.imports.rules import announcing


async def locked(writer: Writer, *, import_id: UUID | None) -> Standing:
    """Where an import stands, which nobody else changes before the transaction ends. Raises ImportNotFound."""
    found = first(await writer.fetch(standing.LOCKED, import_id=import_id)) if import_id else None
    if found is None:
        raise ImportNotFound
    return found


def announce(writer: Writer, *, import_id: UUID) -> None:
    """Tells whoever watches the import that it changed."""
    writer.announce(announcing.told(import_id))


def publish(writer: Writer, *, name: str, import_id: UUID, act: Act) -> None:
    """Writes the fact, and tells whoever watches."""
    events.publish(writer, name=name, data={"import": spelled("Import", import_id)}, channel_ids=[], act=act)
    announce(writer, import_id=import_id)
