"""The audit log."""

from typing import Any

from tests.reading.evaluation.holding import Holding
from tests.reading.evaluation.objects import Json, Object, by_id, node, printed
from tests.reading.evaluation.pages import Item, connection
from tests.reading.world import Row


def of_profile(held: Holding, members: list[Row], **paging: Any) -> Object:
    """The facts about any of these channels, each once however many of them it is about."""
    facts = by_id(held.rows["fact"])
    ids = {row["id"] for row in held.hanging_on("fact_channel", members)}
    items = [Item(facts[id]["at"], id, entry(held, facts[id])) for id in ids]
    return connection("AuditEntry", items, descending=True, **paging)


def entry(_: Holding, row: Row) -> Object:
    """The type AuditEntry."""
    return node("AuditEntry", row["id"]) | {
        "at": printed(row["at"]),
        "actor": row["actor"],
        "action": row["name"],
        "detail": Json(row["data"]),
    }
