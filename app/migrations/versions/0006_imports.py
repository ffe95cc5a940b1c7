"""Imports: files, what they brought, and their mistakes; opt-ins that are taken back; how a tag came."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from app.db.types import Id, Json, Time

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COUNTS = ("rows", "created", "linked", "merged", "updated", "unchanged", "skipped", "proposed", "failed")
STATUSES = "status IN ('AWAITING_UPLOAD', 'QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED', 'UNDONE')"
EXISTING = "existing IN ('UPDATE', 'FILL_BLANKS', 'SKIP')"
ACTS = "act IN ('OPT_IN', 'OPT_OUT', 'STOP', 'START', 'ASK', 'RETRACT')"
METHODS = "method IN ('API', 'FORM', 'KEYWORD', 'IMPORT', 'INBOUND', 'MANUAL')"
DUE = sa.text("due_at IS NOT NULL")
TAGS_CAME = """
UPDATE channel_tag SET method = (
    SELECT channel.method FROM channel
    WHERE channel.account_id = channel_tag.account_id AND channel.id = channel_tag.channel_id
)
"""


def upgrade() -> None:
    imports()
    import_parts()
    retract_opt_ins()
    tell_how_tags_came()


def imports() -> None:
    checks = [
        sa.CheckConstraint("json_valid(options)", name="options_json"),
        sa.CheckConstraint("form IS NULL OR json_valid(form)", name="form_json"),
    ]
    op.create_table(
        "import",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created_at", Time(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("existing", sa.String(), nullable=False),
        sa.Column("options", Json(), nullable=False),
        sa.Column("form", Json(), nullable=True),
        sa.Column("upload_id", Id(), nullable=True),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("bytes_total", sa.BigInteger(), nullable=True),
        sa.Column("bytes_read", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in (*COUNTS, "consent_refused")),
        sa.Column("problem_code", sa.String(), nullable=True),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("problem_line", sa.Integer(), nullable=True),
        sa.Column("started_at", Time(), nullable=True),
        sa.Column("finished_at", Time(), nullable=True),
        sa.Column("undone_at", Time(), nullable=True),
        sa.Column("undoing", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease", Id(), nullable=True),
        sa.Column("due_at", Time(), nullable=True),
        *(checks if op.get_bind().dialect.name == "sqlite" else []),
        sa.CheckConstraint(STATUSES, name="status_known"),
        sa.CheckConstraint(EXISTING, name="existing_known"),
        sa.PrimaryKeyConstraint("account_id", "id"),
    )
    op.create_index("import_created", "import", ["account_id", "created_at", "id"])
    op.create_index("import_due", "import", ["due_at"], sqlite_where=DUE, postgresql_where=DUE)


def import_parts() -> None:
    """The pieces of the file, what each batch brought, and what is wrong with rows."""
    in_batches = [sa.CheckConstraint("json_valid(brought)", name="brought_json")]
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "import_chunk", *part(), sa.Column("content", sa.LargeBinary(), nullable=False), *keyed_by("number")
    )
    if not is_sqlite:  # else every piece would be compressed, which takes longer than to write it
        op.execute("ALTER TABLE import_chunk ALTER COLUMN content SET STORAGE EXTERNAL")
    op.create_table(
        "import_batch",
        *part(),
        sa.Column("at", Time(), nullable=False),
        sa.Column("brought", Json(), nullable=False),
        *(in_batches if is_sqlite else []),
        *keyed_by("number"),
    )
    op.create_table(
        "import_mistake",
        *part("row", "place"),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("column", sa.String(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("raw", "email", "mobile")),
        *keyed_by("row", "place"),
    )
    for name in ("email", "mobile"):
        op.create_index(f"import_mistake_{name}", "import_mistake", ["account_id", name])


def part(*numbers: str) -> list[sa.Column[Any]]:
    """The columns by which a part of an import is known."""
    integers = (sa.Column(name, sa.Integer(), nullable=False) for name in numbers or ("number",))
    return [
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("import_id", Id(), nullable=False),
        *integers,
    ]


def keyed_by(*numbers: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["account_id", "import_id"], ["import.account_id", "import.id"]),
        sa.PrimaryKeyConstraint("account_id", "import_id", *numbers),
    ]


def retract_opt_ins() -> None:
    """SQLite makes the tables anew, and would lose the index that sorts."""
    op.drop_index("consent_record_channel", "consent_record")
    with op.batch_alter_table("consent_record") as record:
        record.add_column(sa.Column("retracts", sa.Integer(), nullable=True))
        record.add_column(sa.Column("retracted_at", Time(), nullable=True))
        record.drop_constraint("act_known", type_="check")
        record.create_check_constraint("act_known", ACTS)
    newest_first = [sa.text("occurred_at DESC"), sa.text("id DESC")]
    op.create_index("consent_record_channel", "consent_record", ["account_id", "channel_id", *newest_first])
    with op.batch_alter_table("removed_record") as record:
        record.drop_constraint("act_known", type_="check")
        record.create_check_constraint("act_known", ACTS)


def tell_how_tags_came() -> None:
    with op.batch_alter_table("channel_tag") as tag:
        tag.add_column(sa.Column("method", sa.String(), nullable=False, server_default="API"))
    op.execute(TAGS_CAME)
    with op.batch_alter_table("channel_tag") as tag:
        tag.alter_column("method", existing_type=sa.String(), server_default=None)
        tag.create_check_constraint("method_known", METHODS)
