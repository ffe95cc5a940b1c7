"""Forms."""

from typing import Any

from tests.reading.evaluation.holding import Holding
from tests.reading.evaluation.objects import Link, Object, node
from tests.reading.world import Row

ONE_ALONE = "Collects only {}: its contacts will not be linked."
COLLECTED = {"emailAddress": "an email address", "mobileNumber": "a mobile number"}


def forms(held: Holding) -> list[Object]:
    """All forms, the oldest first."""
    return [form(held, row) for row in sorted(held.rows["form"], key=lambda row: (row["created_at"], row["id"]))]


def form(_: Holding, row: Row) -> Object:
    """The type Form."""
    collected = [what for key, what in COLLECTED.items() if key in [field["key"] for field in row["fields"]]]
    shown = node("Form", row["id"])
    return shown | {
        "name": row["name"],
        "fields": [_field(field) for field in row["fields"]],
        "doubleOptIn": row["double_opt_in"],
        "trusted": row["trusted"],
        "advice": [ONE_ALONE.format(what) for what in collected if len(collected) == 1],
        "url": f"http://tests/forms/{shown['id']}",
    }


def _field(field: dict[str, Any]) -> Object:
    kind = field["channel_kind"]
    return {
        "key": field["key"],
        "label": field["label"],
        "required": field["required"],
        "consent": {"channelKind": kind, "disclosure": field["disclosure"]} if kind else None,
    }


def url_of(held: Holding, channel: Row, form_id: str) -> Link | None:
    """The signed link by which a channel's owner opens a form; null for what is no form's id."""
    start, _, digits = form_id.rpartition("_")
    is_one = start == "form" and len(digits) == 32 and not set(digits) - set("0123456789abcdef")
    return Link(f"form {digits}", held.account_id, channel["id"]) if is_one else None
