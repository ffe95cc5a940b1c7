"""Publishing facts."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from app.acts import Act
from app.db import Insertion, Writer
from app.tables import Fact, FactChannel

INTO_FACTS = Insertion(Fact)
INTO_FACT_CHANNELS = Insertion(FactChannel)


def publish(writer: Writer, *, name: str, data: Mapping[str, Any], channel_ids: Iterable[UUID], act: Act) -> None:
    """Writes the fact in the transaction that made it true, and which channels it is about.

    `data` holds ids as the API spells them, codes and numbers, never an address or a text: it is the detail of the
    audit log, and outlives what it is about.
    """
    id = act.new_id()
    writer.insert(INTO_FACTS, id=id, at=act.at, name=name, actor=act.actor, data=data)
    about = [{"id": id, "channel_id": channel_id, "at": act.at} for channel_id in dict.fromkeys(channel_ids)]
    if about:
        writer.insert_each(INTO_FACT_CHANNELS, about)
