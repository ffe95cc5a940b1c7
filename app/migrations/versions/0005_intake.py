"""Intake: forms, keywords, and who was asked for an email address."""

import sqlalchemy as sa
from alembic import op

from app.db.types import Id, Json, Time

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _let_confirmations_be_about_claims_alone()
    fields_json = [sa.CheckConstraint("json_valid(fields)", name="fields_json")]
    op.create_table(
        "form",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("fields", Json(), nullable=False),
        sa.Column("double_opt_in", sa.Boolean(), nullable=False),
        sa.Column("trusted", sa.Boolean(), nullable=False),
        sa.Column("created_at", Time(), nullable=False),
        *(fields_json if op.get_bind().dialect.name == "sqlite" else []),
        sa.PrimaryKeyConstraint("account_id", "id"),
    )
    op.create_index("form_id", "form", ["id"])
    op.create_table(
        "keyword",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("welcome", sa.String(), nullable=False),
        sa.Column("already_subscribed", sa.String(), nullable=False),
        sa.Column("capture_email", sa.Boolean(), nullable=False),
        sa.Column("double_opt_in", sa.Boolean(), nullable=False),
        sa.Column("created_at", Time(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "id"),
        sa.UniqueConstraint("account_id", "word"),
    )
    op.create_table(
        "email_capture",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", Id(), nullable=False),
        sa.Column("keyword_id", Id(), nullable=False),
        sa.Column("asked_at", Time(), nullable=False),
        sa.Column("answered_at", Time(), nullable=True),
        sa.ForeignKeyConstraint(["account_id", "channel_id"], ["channel.account_id", "channel.id"]),
        sa.ForeignKeyConstraint(["account_id", "keyword_id"], ["keyword.account_id", "keyword.id"]),
        sa.PrimaryKeyConstraint("account_id", "channel_id"),
    )


def _let_confirmations_be_about_claims_alone() -> None:
    """A question need not ask for a consent: its record may be missing. SQLite changes no column in place."""
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("confirmation", "record_id", nullable=True)
        return
    op.add_column("confirmation", sa.Column("asked_by", Id(), nullable=True))
    op.execute("UPDATE confirmation SET asked_by = record_id")
    op.drop_column("confirmation", "record_id")
    op.execute("ALTER TABLE confirmation RENAME COLUMN asked_by TO record_id")
