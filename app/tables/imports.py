"""Imports of CSV files: what was asked for, how far it has come, what it brought, and what was wrong with its rows."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, String
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from app.db.types import Id, Json, Time
from app.tables.base import Row, belongs_to, valid_json, within

DUE = "due_at IS NOT NULL"  # the few that there is work on


class ImportStatus(StrEnum):
    """Where an import stands."""

    AWAITING_UPLOAD = "AWAITING_UPLOAD"
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    UNDONE = "UNDONE"


class ExistingContacts(StrEnum):
    """What rows do to contacts that were known before the import."""

    UPDATE = "UPDATE"
    FILL_BLANKS = "FILL_BLANKS"
    SKIP = "SKIP"


class Import(Row, table=True):
    """One file. `options` is what was asked for: region, mapping, consents, tags; `form` how the file is written.

    `digest` (SHA-256, hex) tells whether two are the same file. `bytes_read` is where its next row begins, `line` the
    number of that line; `rows` is the sum of the eight counts that follow. `problem` is why the file as a whole is
    refused. `due_at`: when a worker may take it up, or take it over from one that is silent; `lease` fences the one
    that has it, and `tries` counts those who took it up since it last went on. `undoing`: what it brought is being
    taken back.
    """

    file_name: str
    status: ImportStatus = Field(sa_type=String)
    created_at: datetime = Field(sa_type=Time)
    actor: str
    dry_run: bool
    existing: ExistingContacts = Field(sa_type=String)
    options: dict[str, Any] = Field(sa_type=Json)
    form: dict[str, Any] | None = Field(sa_type=Json)
    upload_id: UUID | None = Field(sa_type=Id)
    digest: str | None
    bytes_total: int | None = Field(sa_type=BigInteger)
    bytes_read: int = Field(sa_type=BigInteger)
    line: int
    rows: int
    created: int
    linked: int
    merged: int
    updated: int
    unchanged: int
    skipped: int
    proposed: int
    failed: int
    consent_refused: int
    problem_code: str | None
    problem: str | None
    problem_line: int | None
    started_at: datetime | None = Field(sa_type=Time)
    finished_at: datetime | None = Field(sa_type=Time)
    undone_at: datetime | None = Field(sa_type=Time)
    undoing: bool
    tries: int
    lease: UUID | None = Field(sa_type=Id)
    due_at: datetime | None = Field(sa_type=Time)
    __table_args__ = (
        Index("import_created", "account_id", "created_at", "id"),
        Index("import_due", "due_at", sqlite_where=sql(DUE), postgresql_where=sql(DUE)),  # of whatever account
        within("status", ImportStatus),
        within("existing", ExistingContacts),
        valid_json("options"),
        valid_json("form", nullable=True),
    )


class ImportChunk(SQLModel, table=True):
    """A piece of an uploaded file, numbered from 0; kept until the import has ended."""

    __tablename__ = "import_chunk"
    account_id: int = Field(primary_key=True, sa_type=Integer)
    import_id: UUID = Field(primary_key=True, sa_type=Id)
    number: int = Field(primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)
    __table_args__ = (belongs_to("import_id", "import"),)


class ImportBatch(SQLModel, table=True):
    """Rows that were imported in one transaction, and the ids of what they brought: what there is to take back."""

    __tablename__ = "import_batch"
    account_id: int = Field(primary_key=True, sa_type=Integer)
    import_id: UUID = Field(primary_key=True, sa_type=Id)
    number: int = Field(primary_key=True)
    at: datetime = Field(sa_type=Time)
    brought: dict[str, Any] = Field(sa_type=Json)
    __table_args__ = (belongs_to("import_id", "import"), valid_json("brought"))


class ImportMistake(SQLModel, table=True):
    """What is wrong with a row: `row` counts from 1, `line` is where it begins; `place` tells several mistakes apart.

    `raw` is the row as it was written; `email` and `mobile` are its addresses as far as they could be read, by which
    it is found when their owner is erased.
    """

    __tablename__ = "import_mistake"
    account_id: int = Field(primary_key=True, sa_type=Integer)
    import_id: UUID = Field(primary_key=True, sa_type=Id)
    row: int = Field(primary_key=True)
    place: int = Field(primary_key=True)
    line: int
    column: str | None
    code: str
    message: str
    raw: str | None
    email: str | None
    mobile: str | None
    __table_args__ = (
        belongs_to("import_id", "import"),
        Index("import_mistake_email", "account_id", "email"),
        Index("import_mistake_mobile", "account_id", "mobile"),
    )
