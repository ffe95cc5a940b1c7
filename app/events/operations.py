"""Publishing facts."""

from collections.abc import Mapping
from typing import Any

from app.acts import Act
from app.db import Insertion, Writer
from app.tables import Fact

INTO_FACTS = Insertion(Fact)


def publish(writer: Writer, *, name: str, data: Mapping[str, Any], act: Act) -> None:
    """Writes the fact in the transaction that made it true. `data` holds ids and codes, never an address or a text."""
    writer.insert(INTO_FACTS, id=act.new_id(), at=act.at, name=name, actor=act.actor, data=data)
