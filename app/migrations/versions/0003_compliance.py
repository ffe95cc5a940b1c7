"""Compliance: topics, confirmations, messages, and what stays of contacts that were deleted or erased."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from phonenumbers import parse, timezone

from app.db.types import Id, Json, Time

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WAITING = sa.text("status IN ('QUEUED', 'CLAIMED')")
RESTRICTED = sa.text("restricted_at IS NOT NULL")
UNFORGOTTEN = sa.text("forget_at IS NOT NULL")
ACTS = "act IN ('OPT_IN', 'OPT_OUT', 'STOP', 'START', 'ASK')"
RESTORED = "restored IN ('NOT_COLLECTED', 'PENDING', 'OPTED_IN', 'OPTED_OUT')"
METHODS = "method IN ('API', 'FORM', 'KEYWORD', 'IMPORT', 'INBOUND', 'MANUAL')"


def newest_first(time: str) -> Sequence[str | sa.TextClause]:
    return ["account_id", "channel_id", sa.text(f"{time} DESC"), sa.text("id DESC")]


def upgrade() -> None:
    add_settings()
    add_tables()
    widen_channels()
    if op.get_bind().dialect.name == "sqlite":
        rebuild_records()
    else:
        widen_records()
    op.create_index("consent_record_channel", "consent_record", newest_first("occurred_at"))
    op.create_index(
        "profile_restricted", "profile", ["account_id", "id"], sqlite_where=RESTRICTED, postgresql_where=RESTRICTED
    )
    index_what_is_removed()


def add_settings() -> None:
    op.add_column("account", sa.Column("quiet_from", sa.Integer(), server_default="21", nullable=False))
    op.add_column("account", sa.Column("quiet_until", sa.Integer(), server_default="8", nullable=False))
    op.add_column("account", sa.Column("help_text", sa.String(), nullable=True))
    op.add_column("account", sa.Column("sms_auth_token", sa.String(), nullable=True))


def index_what_is_removed() -> None:
    """What is deleted with a channel is found by it, also when the database proves that nothing refers to it."""
    op.create_index("channel_word_channel", "channel_word", ["account_id", "channel_id"])
    op.create_index("merge_channel_channel", "merge_channel", ["account_id", "channel_id"])
    op.create_index("merge_survivor", "merge", ["account_id", "survivor_id"])
    op.create_index("claim_yield_claim", "claim_yield", ["account_id", "claim_id"])
    op.create_index("link_proposal_first", "link_proposal", ["account_id", "first_channel_id"])


def widen_channels() -> None:
    op.add_column("channel", sa.Column("time_zones", sa.String(), nullable=True))
    op.add_column("channel", sa.Column("suppressed_at", Time(), nullable=True))
    op.create_index("channel_state", "channel", ["account_id", "kind", "consent_status", "deliverability"])
    channel = sa.table("channel", *(sa.column(name) for name in ("account_id", "id", "kind", "address", "time_zones")))
    numbers = sa.select(channel.c.account_id, channel.c.id, channel.c.address).where(channel.c.kind == "SMS")
    mine = channel.c.account_id == sa.bindparam("this_account"), channel.c.id == sa.bindparam("this_id")
    found = [
        {"this_account": account_id, "this_id": id, "zones": "&".join(zones)}
        for account_id, id, address in op.get_bind().execute(numbers)
        if (zones := known_zones(address))
    ]
    if found:
        op.get_bind().execute(sa.update(channel).where(*mine).values(time_zones=sa.bindparam("zones")), found)


def known_zones(address: str) -> Sequence[str]:
    """The time zones of a number, as they are known today."""
    zones = timezone.time_zones_for_number(parse(address))
    return [zone for zone in zones if zone != timezone.UNKNOWN_TIMEZONE]


def widen_records() -> None:
    op.add_column("consent_record", sa.Column("topic_id", Id(), nullable=True))
    op.add_column("consent_record", sa.Column("restored", sa.String(), nullable=True))
    op.create_foreign_key(None, "consent_record", "topic", ["account_id", "topic_id"], ["account_id", "id"])
    op.drop_constraint("act_known", "consent_record", type_="check")
    op.create_check_constraint("act_known", "consent_record", ACTS)
    op.create_check_constraint("restored_known", "consent_record", RESTORED)


def rebuild_records() -> None:
    """SQLite cannot change a check: the table is made anew, under its own name."""
    columns = [
        "account_id", "id", "channel_id", "number", "act", "time_given", "method", "occurred_at", "recorded_at",
        "actor", "source_url", "ip_address", "user_agent", "disclosure", "source_detail", "digest", "previous_digest",
    ]  # fmt: skip
    op.rename_table("consent_record", "consent_record_before")
    op.create_table(
        "consent_record",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("channel_id", Id(), nullable=False),
        sa.Column("topic_id", Id(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("restored", sa.String(), nullable=True),
        sa.Column("time_given", sa.Boolean(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("occurred_at", Time(), nullable=False),
        sa.Column("recorded_at", Time(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("source_url", sa.String(), nullable=True),
        sa.Column("ip_address", sa.String(), nullable=True),
        sa.Column("user_agent", sa.String(), nullable=True),
        sa.Column("disclosure", sa.String(), nullable=True),
        sa.Column("source_detail", sa.String(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("previous_digest", sa.String(), nullable=True),
        sa.CheckConstraint(ACTS, name="act_known"),
        sa.CheckConstraint(RESTORED, name="restored_known"),
        sa.CheckConstraint(METHODS, name="method_known"),
        sa.ForeignKeyConstraint(["account_id", "channel_id"], ["channel.account_id", "channel.id"]),
        sa.ForeignKeyConstraint(["account_id", "topic_id"], ["topic.account_id", "topic.id"]),
        sa.PrimaryKeyConstraint("account_id", "id"),
        sa.UniqueConstraint("account_id", "channel_id", "number"),
    )
    listed = ", ".join(columns)
    op.execute(f"INSERT INTO consent_record ({listed}) SELECT {listed} FROM consent_record_before")
    op.drop_table("consent_record_before")


def add_tables() -> None:
    op.create_table(
        "removed_channel",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("at", Time(), nullable=False),
        sa.Column("consent_count", sa.Integer(), nullable=False),
        sa.Column("consent_head", sa.String(), nullable=True),
        sa.Column("engagements", Json(), nullable=False),
        sa.Column("forget_at", Time(), nullable=True),
        sa.CheckConstraint("kind IN ('EMAIL', 'SMS')", name="kind_known"),
        sa.CheckConstraint("json_valid(engagements)", name="engagements_json").ddl_if(dialect="sqlite"),
        sa.PrimaryKeyConstraint("account_id", "id"),
    )
    op.create_index(
        "removed_channel_forget",
        "removed_channel",
        ["forget_at"],
        sqlite_where=UNFORGOTTEN,
        postgresql_where=UNFORGOTTEN,
    )
    op.create_table(
        "removed_merge",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("at", Time(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "id"),
    )
    op.create_table(
        "suppression",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", Time(), nullable=False),
        sa.CheckConstraint("reason IN ('ERASED', 'OPTED_OUT')", name="reason_known"),
        sa.PrimaryKeyConstraint("account_id", "digest"),
    )
    op.create_table(
        "removed_record",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("channel_id", Id(), nullable=False),
        sa.Column("topic_id", Id(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("time_given", sa.Boolean(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("occurred_at", Time(), nullable=False),
        sa.Column("recorded_at", Time(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("previous_digest", sa.String(), nullable=True),
        sa.CheckConstraint("act IN ('OPT_IN', 'OPT_OUT', 'STOP', 'START', 'ASK')", name="act_known"),
        sa.CheckConstraint("method IN ('API', 'FORM', 'KEYWORD', 'IMPORT', 'INBOUND', 'MANUAL')", name="method_known"),
        sa.ForeignKeyConstraint(["account_id", "channel_id"], ["removed_channel.account_id", "removed_channel.id"]),
        sa.PrimaryKeyConstraint("account_id", "id"),
        sa.UniqueConstraint("account_id", "channel_id", "number"),
    )
    op.create_table(
        "topic",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", Time(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.account_id"]),
        sa.PrimaryKeyConstraint("account_id", "id"),
        sa.UniqueConstraint("account_id", "key"),
    )
    op.create_table(
        "channel_topic",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", Id(), nullable=False),
        sa.Column("topic_id", Id(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("at", Time(), nullable=False),
        sa.Column("record_id", Id(), nullable=False),
        sa.CheckConstraint("status IN ('NOT_COLLECTED', 'PENDING', 'OPTED_IN', 'OPTED_OUT')", name="status_known"),
        sa.ForeignKeyConstraint(["account_id", "channel_id"], ["channel.account_id", "channel.id"]),
        sa.ForeignKeyConstraint(["account_id", "topic_id"], ["topic.account_id", "topic.id"]),
        sa.PrimaryKeyConstraint("account_id", "channel_id", "topic_id"),
    )
    op.create_index("channel_topic_topic", "channel_topic", ["account_id", "topic_id", "status"])
    op.create_table(
        "confirmation",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("channel_id", Id(), nullable=False),
        sa.Column("record_id", Id(), nullable=False),
        sa.Column("claims", Json(), nullable=False),
        sa.Column("asked_at", Time(), nullable=False),
        sa.Column("expires_at", Time(), nullable=False),
        sa.Column("confirmed_at", Time(), nullable=True),
        sa.CheckConstraint("json_valid(claims)", name="claims_json").ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["account_id", "channel_id"], ["channel.account_id", "channel.id"]),
        sa.PrimaryKeyConstraint("account_id", "id"),
    )
    op.create_index("confirmation_channel", "confirmation", ["account_id", "channel_id"])
    op.create_table(
        "message",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("channel_id", Id(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("topic_id", Id(), nullable=True),
        sa.Column("is_reply", sa.Boolean(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reasons", Json(), nullable=False),
        sa.Column("created_at", Time(), nullable=False),
        sa.Column("due_at", Time(), nullable=False),
        sa.Column("leased_until", Time(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", Time(), nullable=True),
        sa.Column("provider_id", sa.String(), nullable=True),
        sa.CheckConstraint("purpose IN ('MARKETING', 'TRANSACTIONAL')", name="purpose_known"),
        sa.CheckConstraint("status IN ('QUEUED', 'CLAIMED', 'SENT', 'FAILED', 'SUPPRESSED')", name="status_known"),
        sa.CheckConstraint("json_valid(reasons)", name="reasons_json").ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["account_id", "channel_id"], ["channel.account_id", "channel.id"]),
        sa.ForeignKeyConstraint(["account_id", "topic_id"], ["topic.account_id", "topic.id"]),
        sa.PrimaryKeyConstraint("account_id", "id"),
    )
    columns = ["account_id", "due_at", "id"]
    op.create_index("message_due", "message", columns, sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_index("message_channel", "message", newest_first("created_at"))
