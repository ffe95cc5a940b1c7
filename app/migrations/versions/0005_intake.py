"""Intake: forms, keywords, and who was asked for an email address."""

import sqlalchemy as sa
from alembic import op

from app.db.types import Id, Json, Time

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
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
    capture_emails()
    confirm_claims_alone()


def capture_emails() -> None:
    op.create_table(
        "email_capture",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", Id(), nullable=False),
        sa.Column("keyword_id", Id(), nullable=False),
        sa.Column("asked_at", Time(), nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("answered_at", Time(), nullable=True),
        sa.ForeignKeyConstraint(["account_id", "channel_id"], ["channel.account_id", "channel.id"]),
        sa.ForeignKeyConstraint(["account_id", "keyword_id"], ["keyword.account_id", "keyword.id"]),
        sa.PrimaryKeyConstraint("account_id", "channel_id"),
    )


def confirm_claims_alone() -> None:
    """Lets a confirmation be without a record; SQLite makes the table anew for that."""
    with op.batch_alter_table("confirmation") as confirmation:
        confirmation.alter_column("record_id", existing_type=Id(), nullable=True)
