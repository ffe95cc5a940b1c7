"""Engagement: maintained counts, the account's timeline, and what holds a channel."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.db.types import Id, Time

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BY_PERSON = sa.text("kind NOT IN ('SEND', 'DELIVERY', 'BOUNCE')")
KINDS = (
    "kind IN ('SEND', 'DELIVERY', 'OPEN', 'CLICK', 'BOUNCE', 'COMPLAINT', 'RESPONSE', 'UNSUBSCRIBE', 'SITE_VISIT', "
    "'CONVERSION', 'CUSTOM')"
)
COUNTED = """
INSERT INTO engagement_count (account_id, channel_id, kind, count, first_at, last_at)
SELECT account_id, channel_id, kind, count(*), min(occurred_at), max(occurred_at)
FROM engagement GROUP BY account_id, channel_id, kind
"""


def upgrade() -> None:
    op.add_column("account", sa.Column("email_webhook_secret", sa.String(), nullable=True))
    op.add_column("account", sa.Column("bounces_to_hold", sa.Integer(), server_default="3", nullable=False))
    op.add_column("channel", sa.Column("held_at", Time(), nullable=True))
    op.add_column("channel", sa.Column("released_at", Time(), nullable=True))
    op.create_index("engagement_account", "engagement", newest_first("account_id"))
    count_engagements()


def newest_first(*within: str) -> Sequence[str | sa.TextClause]:
    return [*within, sa.text("occurred_at DESC"), sa.text("id DESC")]


def count_engagements() -> None:
    op.create_table(
        "engagement_count",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", Id(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_at", Time(), nullable=False),
        sa.Column("last_at", Time(), nullable=False),
        sa.ForeignKeyConstraint(["account_id", "channel_id"], ["channel.account_id", "channel.id"]),
        sa.CheckConstraint(KINDS, name="kind_known"),
        sa.PrimaryKeyConstraint("account_id", "channel_id", "kind"),
        sqlite_with_rowid=False,
    )
    op.execute(COUNTED)
    op.create_index(
        "engagement_count_last",
        "engagement_count",
        ["account_id", "last_at", "channel_id"],
        sqlite_where=BY_PERSON,
        postgresql_where=BY_PERSON,
    )
