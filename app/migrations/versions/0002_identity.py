"""Identity in full: guards, never-links, proposals, the audit log of a channel."""

import sqlalchemy as sa
from alembic import op

from app.db.types import Id, Json, Time

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CLAIMED = sa.text("trust = 'CLAIMED' AND retracted_at IS NULL")
OPEN = sa.text("resolution = 'OPEN'")


def upgrade() -> None:
    op.add_column("account", sa.Column("max_channels_per_kind", sa.Integer(), server_default="5", nullable=False))
    op.add_column("account", sa.Column("placeholder_patterns", Json(), server_default="[]", nullable=False))
    op.add_column("account", sa.Column("role_patterns", Json(), server_default="[]", nullable=False))
    op.create_index("idempotency_key_at", "idempotency_key", ["at"])
    for name, end in (("link_first_claimed", "first_channel_id"), ("link_second_claimed", "second_channel_id")):
        op.create_index(name, "link", ["account_id", end], sqlite_where=CLAIMED, postgresql_where=CLAIMED)
    op.create_table(
        "fact_channel",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("channel_id", Id(), nullable=False),
        sa.Column("at", Time(), nullable=False),
        sa.ForeignKeyConstraint(["account_id", "channel_id"], ["channel.account_id", "channel.id"]),
        sa.ForeignKeyConstraint(["account_id", "id"], ["fact.account_id", "fact.id"]),
        sa.PrimaryKeyConstraint("account_id", "id", "channel_id"),
    )
    order: list[str | sa.TextClause] = ["account_id", "channel_id", sa.text("at DESC"), sa.text("id DESC")]
    op.create_index("fact_channel_channel", "fact_channel", order)
    op.create_table(
        "claim_yield",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("link_id", Id(), nullable=False),
        sa.Column("claim_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(["account_id", "link_id"], ["link.account_id", "link.id"]),
        sa.ForeignKeyConstraint(["account_id", "claim_id"], ["link.account_id", "link.id"]),
        sa.PrimaryKeyConstraint("account_id", "link_id", "claim_id"),
    )
    op.create_table(
        "never_link",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("at", Time(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "id"),
    )
    op.create_table(
        "never_link_channel",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("never_link_id", Id(), nullable=False),
        sa.Column("channel_id", Id(), nullable=False),
        sa.Column("side", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id", "channel_id"], ["channel.account_id", "channel.id"]),
        sa.ForeignKeyConstraint(["account_id", "never_link_id"], ["never_link.account_id", "never_link.id"]),
        sa.PrimaryKeyConstraint("account_id", "never_link_id", "channel_id"),
    )
    op.create_index("never_link_channel_channel", "never_link_channel", ["account_id", "channel_id"])
    op.create_table(
        "link_proposal",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("first_channel_id", Id(), nullable=False),
        sa.Column("second_channel_id", Id(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("resolution", sa.String(), nullable=False),
        sa.Column("created_at", Time(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("trust", sa.String(), nullable=False),
        sa.Column("resolved_at", Time(), nullable=True),
        sa.Column("resolved_by", sa.String(), nullable=True),
        sa.CheckConstraint("method IN ('API', 'FORM', 'KEYWORD', 'IMPORT', 'INBOUND', 'MANUAL')", name="method_known"),
        sa.CheckConstraint(
            "reason IN ('CHANNEL_LIMIT', 'ROLE_ADDRESS', 'NEVER_LINK', 'PROCESSING_RESTRICTED', 'UNVERIFIED')",
            name="reason_known",
        ),
        sa.CheckConstraint("resolution IN ('OPEN', 'ACCEPTED', 'REJECTED')", name="resolution_known"),
        sa.CheckConstraint("trust IN ('TRUSTED', 'CLAIMED')", name="trust_known"),
        sa.ForeignKeyConstraint(["account_id", "first_channel_id"], ["channel.account_id", "channel.id"]),
        sa.ForeignKeyConstraint(["account_id", "second_channel_id"], ["channel.account_id", "channel.id"]),
        sa.PrimaryKeyConstraint("account_id", "id"),
    )
    op.create_index("link_proposal_created", "link_proposal", ["account_id", "created_at", "id"])
    op.create_index("link_proposal_second", "link_proposal", ["account_id", "second_channel_id"])
    op.create_index(
        "link_proposal_open",
        "link_proposal",
        ["account_id", "first_channel_id", "second_channel_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
