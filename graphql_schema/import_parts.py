"""What an import shows of its file: columns, rows with mistakes, and why it was refused."""

from typing import Any

import strawberry

from app.errors import ErrorCode
from app.tables import ImportMistake
from graphql_schema.declaring import column, expression


def named(name: str, field: Any) -> Any:
    """A field under a name that cannot be used in Python."""
    field.graphql_name = name
    return field


@strawberry.type(description="Something that is wrong with a row of an imported file.")
class ImportRowError:
    """Something that is wrong with a row."""

    row: int = column(ImportMistake.row, "Which row, from 1; neither the header nor blank lines count.")
    line: int = column(ImportMistake.line, "The line of the file in which the row begins, from 1.")
    column_: str | None = named(
        "column", column(ImportMistake.column, "The header of the column that it is about, if it is about one.")
    )
    code: ErrorCode = column(ImportMistake.code, "What kind of mistake, for programs.")
    message: str = column(ImportMistake.message, "One sentence that says what to do.")
    raw: str | None = column(ImportMistake.raw, "The row as it is written in the file; null once it was erased.")


@strawberry.type(description="Why an imported file as a whole was refused.")
class ImportProblem:
    """Why a file was refused."""

    code: ErrorCode = expression(lambda row: row.code, "What kind of problem, for programs.")
    message: str = expression(lambda row: row.message, "One sentence that says what to do.")
    line: int | None = expression(lambda row: row.line, "The line of the file where it is, from 1, where it is in one.")


@strawberry.type(description="A column of an imported file.")
class ImportColumn:
    """A column of a file."""

    header: str = expression(lambda row: row.header, "Its header as it stands in the file.")
    to: str | None = expression(
        lambda row: row.to, "What it was taken as, in the words of a mapping; null where it was left aside."
    )
