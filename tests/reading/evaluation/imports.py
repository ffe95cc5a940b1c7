"""Imports of files."""

from typing import Any

from tests.reading.evaluation.holding import Holding
from tests.reading.evaluation.objects import Link, Object, node, printed
from tests.reading.evaluation.pages import Item, connection
from tests.reading.world import Row

COUNTS = ["rows", "created", "linked", "merged", "updated", "unchanged", "skipped", "proposed", "failed"]


def imports(held: Holding, **paging: Any) -> Object:
    """The list of imports, the newest first."""
    items = [Item(row["created_at"], row["id"], import_(held, row)) for row in held.rows["import"]]
    return connection("Import", items, descending=True, **paging)


def import_(held: Holding, row: Row) -> Object:
    """The type Import."""
    mistakes = [mistake for mistake in held.rows["import_mistake"] if mistake["import_id"] == row["id"]]

    def row_errors(_: Any, **paging: Any) -> Object:
        items = [Item(mistake["row"], mistake["place"], row_error(mistake)) for mistake in mistakes]
        return connection("ImportRowError", items, descending=False, **paging)

    return node("Import", row["id"]) | {
        **{name: row[name] for name in COUNTS},
        "consentRefused": row["consent_refused"],
        "fileName": row["file_name"],
        "status": row["status"],
        "createdAt": printed(row["created_at"]),
        "actor": row["actor"],
        "dryRun": row["dry_run"],
        "existing": row["existing"],
        "bytesTotal": row["bytes_total"],
        "bytesRead": row["bytes_read"],
        "columns": columns(row),
        "advice": ["Has no column with mobile numbers: nobody will be linked."] if row["form"] else [],
        "problem": problem(row) if row["problem_code"] else None,
        "errorsUrl": Link("import-errors", held.account_id, row["id"]) if mistakes else None,
        "rowErrors": row_errors,
        "startedAt": printed(row["started_at"]),
        "finishedAt": printed(row["finished_at"]),
        "undoneAt": printed(row["undone_at"]),
    }


def columns(row: Row) -> list[Object]:
    """What the columns of a file were taken as: all have email addresses alone."""
    mapping = row["options"]["mapping"]
    known = {"Email": "emailAddress", "Town": "town"} if mapping is None else dict(mapping)
    headers = row["form"]["columns"] if row["form"] else []
    return [{"__typename": "ImportColumn", "header": header, "to": known.get(header)} for header in headers]


def problem(row: Row) -> Object:
    """The type ImportProblem."""
    return {"code": row["problem_code"], "message": row["problem"], "line": row["problem_line"]}


def row_error(mistake: Row) -> Object:
    """The type ImportRowError."""
    return {name: mistake[name] for name in ("row", "line", "column", "code", "message", "raw")}
