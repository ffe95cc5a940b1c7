"""How what is held of a person is told: as the API spells names, ids and times."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Float

from app.db.types import Id, Json, Time, loaded, printed
from app.ids import spelled

#: What the ids in a column are of, in the API's words.
REFERENCES = {
    "absorbed_id": "Profile",
    "channel_id": "Channel",
    "claim_id": "Link",
    "consent_record_id": "ConsentRecord",
    "email_channel_id": "Channel",
    "first_channel_id": "Channel",
    "home_id": "Profile",
    "import_id": "Import",
    "keyword_id": "Keyword",
    "link_id": "Link",
    "merge_id": "ProfileMerge",
    "never_link_id": "NeverLink",
    "profile_id": "Profile",
    "record_id": "ConsentRecord",
    "second_channel_id": "Channel",
    "sms_channel_id": "Channel",
    "survivor_id": "Profile",
    "topic_id": "Topic",
}
#: Where the API has another word for the rows of a table.
OWN_NAMES = {"Merge": "ProfileMerge", "Fact": "AuditEntry"}


def told(of: str, columns: Sequence[Any], rows: Iterable[Sequence[Any]]) -> list[dict[str, Any]]:
    """The rows of a table, `of` its class's name, as JSON objects."""
    return [
        {camel(column.key): _value(of, column, value) for column, value in zip(columns, row, strict=True)}
        for row in rows
    ]


def camel(name: str) -> str:
    """A column's name as the API would spell it."""
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def _value(of: str, column: Any, value: Any) -> Any:
    """A value of the lists that the databases make: SQLite has texts for JSON, and numbers for truth."""
    if value is None:
        return None
    match column.type:
        case Id():
            name = OWN_NAMES.get(of, of) if column.key == "id" else REFERENCES[column.key]
            return spelled(name, UUID(value))
        case Time():
            return printed(datetime.fromisoformat(value))
        case Json():
            return loaded(value) if isinstance(value, str) else value
        case Boolean():
            return bool(value)
        case Float():
            return float(value)
        case _:
            return value


def beside(channels: list[dict[str, Any]], name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Puts rows under a name beside the channels that they hang on."""
    by_id: dict[str, dict[str, Any]] = {channel["id"]: channel for channel in channels}
    for channel in channels:
        channel[name] = []
    for row in rows:
        by_id[row["channelId"]][name].append({key: value for key, value in row.items() if key != "channelId"})
