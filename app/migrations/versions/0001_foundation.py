"""The foundation: accounts, channels, links, profiles, consent, engagements, facts."""

import sqlalchemy as sa
from alembic import op

from app.db.types import Id, Json, Time

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("default_region", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("created_at", Time(), nullable=False),
        sa.PrimaryKeyConstraint("account_id"),
        sa.UniqueConstraint("id"),
    )
    op.create_table(
        "fact",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("at", Time(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("data", Json(), nullable=False),
        sa.CheckConstraint("json_valid(data)", name="data_json").ddl_if(dialect="sqlite"),
        sa.PrimaryKeyConstraint("account_id", "id"),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("outcome", Json(), nullable=False),
        sa.Column("at", Time(), nullable=False),
        sa.CheckConstraint("json_valid(outcome)", name="outcome_json").ddl_if(dialect="sqlite"),
        sa.PrimaryKeyConstraint("account_id", "key", "field"),
    )
    op.create_table(
        "profile",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("created_at", Time(), nullable=False),
        sa.Column("updated_at", Time(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=True),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("email_channel_id", Id(), nullable=True),
        sa.Column("sms_channel_id", Id(), nullable=True),
        sa.Column("custom_fields", Json(), nullable=False),
        sa.Column("tags", Json(), nullable=False),
        sa.Column("gdpr_applies", sa.Boolean(), nullable=False),
        sa.Column("restricted_at", Time(), nullable=True),
        sa.CheckConstraint("method IN ('API', 'FORM', 'KEYWORD', 'IMPORT', 'INBOUND', 'MANUAL')", name="method_known"),
        sa.CheckConstraint("json_valid(custom_fields)", name="custom_fields_json").ddl_if(dialect="sqlite"),
        sa.CheckConstraint("json_valid(tags)", name="tags_json").ddl_if(dialect="sqlite"),
        sa.PrimaryKeyConstraint("account_id", "id"),
    )
    op.create_index("profile_created", "profile", ["account_id", "created_at", "id"])
    op.create_index("profile_updated", "profile", ["account_id", "updated_at", "id"])

    op.create_table(
        "api_key",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("scopes", Json(), nullable=False),
        sa.Column("created_at", Time(), nullable=False),
        sa.Column("expires_at", Time(), nullable=True),
        sa.Column("revoked_at", Time(), nullable=True),
        sa.CheckConstraint("json_valid(scopes)", name="scopes_json").ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.account_id"],
        ),
        sa.PrimaryKeyConstraint("account_id", "id"),
        sa.UniqueConstraint("digest"),
    )
    op.create_table(
        "channel",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("home_id", Id(), nullable=False),
        sa.Column("profile_id", Id(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("created_at", Time(), nullable=False),
        sa.Column("updated_at", Time(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=True),
        sa.Column("gdpr_applies", sa.Boolean(), nullable=False),
        sa.Column("restricted_at", Time(), nullable=True),
        sa.Column("primary_since", Time(), nullable=True),
        sa.Column("verified_at", Time(), nullable=True),
        sa.Column("deliverability", sa.String(), nullable=False),
        sa.Column("deliverability_since", Time(), nullable=True),
        sa.Column("deliverability_reason", sa.String(), nullable=True),
        sa.Column("consent_status", sa.String(), nullable=False),
        sa.Column("consent_at", Time(), nullable=True),
        sa.Column("consent_record_id", Id(), nullable=True),
        sa.Column("consent_count", sa.Integer(), nullable=False),
        sa.Column("consent_head", sa.String(), nullable=True),
        sa.CheckConstraint(
            "consent_status IN ('NOT_COLLECTED', 'PENDING', 'OPTED_IN', 'OPTED_OUT')", name="consent_status_known"
        ),
        sa.CheckConstraint("deliverability IN ('ACTIVE', 'HELD', 'EXPIRED', 'BANNED')", name="deliverability_known"),
        sa.CheckConstraint("kind IN ('EMAIL', 'SMS')", name="kind_known"),
        sa.CheckConstraint("method IN ('API', 'FORM', 'KEYWORD', 'IMPORT', 'INBOUND', 'MANUAL')", name="method_known"),
        sa.ForeignKeyConstraint(
            ["account_id", "profile_id"], ["profile.account_id", "profile.id"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.account_id"],
        ),
        sa.PrimaryKeyConstraint("account_id", "id"),
        sa.UniqueConstraint("account_id", "home_id"),
        sa.UniqueConstraint("account_id", "kind", "address"),
    )
    op.create_index("channel_profile", "channel", ["account_id", "profile_id", "kind", "created_at", "id"])

    op.create_table(
        "channel_tag",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", Id(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("at", Time(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "channel_id"],
            ["channel.account_id", "channel.id"],
        ),
        sa.PrimaryKeyConstraint("account_id", "channel_id", "tag"),
    )
    op.create_table(
        "channel_word",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(collation="C").with_variant(sa.String(), "sqlite"), nullable=False),
        sa.Column("channel_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "channel_id"],
            ["channel.account_id", "channel.id"],
        ),
        sa.PrimaryKeyConstraint("account_id", "word", "channel_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "consent_record",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("channel_id", Id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
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
        sa.CheckConstraint("act IN ('OPT_IN', 'OPT_OUT')", name="act_known"),
        sa.CheckConstraint("method IN ('API', 'FORM', 'KEYWORD', 'IMPORT', 'INBOUND', 'MANUAL')", name="method_known"),
        sa.ForeignKeyConstraint(
            ["account_id", "channel_id"],
            ["channel.account_id", "channel.id"],
        ),
        sa.PrimaryKeyConstraint("account_id", "id"),
        sa.UniqueConstraint("account_id", "channel_id", "number"),
    )
    op.create_table(
        "engagement",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("channel_id", Id(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("occurred_at", Time(), nullable=False),
        sa.Column("recorded_at", Time(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("bounce_type", sa.String(), nullable=True),
        sa.Column("properties", Json(), nullable=False),
        sa.CheckConstraint("bounce_type IN ('HARD', 'SOFT')", name="bounce_type_known"),
        sa.CheckConstraint(
            "kind IN ('SEND', 'DELIVERY', 'OPEN', 'CLICK', 'BOUNCE', 'COMPLAINT', 'RESPONSE', 'UNSUBSCRIBE', "
            "'SITE_VISIT', 'CONVERSION', 'CUSTOM')",
            name="kind_known",
        ),
        sa.CheckConstraint("json_valid(properties)", name="properties_json").ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(
            ["account_id", "channel_id"],
            ["channel.account_id", "channel.id"],
        ),
        sa.PrimaryKeyConstraint("account_id", "id"),
        sa.UniqueConstraint("account_id", "kind", "external_id"),
    )
    op.create_index(
        "engagement_channel",
        "engagement",
        ["account_id", "channel_id", sa.text("occurred_at DESC"), sa.text("id DESC")],
    )
    op.create_table(
        "field_patch",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("channel_id", Id(), nullable=False),
        sa.Column("at", Time(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=True),
        sa.Column("fields", Json(), nullable=False),
        sa.CheckConstraint("method IN ('API', 'FORM', 'KEYWORD', 'IMPORT', 'INBOUND', 'MANUAL')", name="method_known"),
        sa.CheckConstraint("json_valid(fields)", name="fields_json").ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(
            ["account_id", "channel_id"],
            ["channel.account_id", "channel.id"],
        ),
        sa.PrimaryKeyConstraint("account_id", "id"),
    )
    op.create_index("field_patch_channel", "field_patch", ["account_id", "channel_id"])

    op.create_table(
        "link",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("first_channel_id", Id(), nullable=False),
        sa.Column("second_channel_id", Id(), nullable=False),
        sa.Column("at", Time(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("trust", sa.String(), nullable=False),
        sa.Column("retracted_at", Time(), nullable=True),
        sa.CheckConstraint("method IN ('API', 'FORM', 'KEYWORD', 'IMPORT', 'INBOUND', 'MANUAL')", name="method_known"),
        sa.CheckConstraint("trust IN ('TRUSTED', 'CLAIMED')", name="trust_known"),
        sa.ForeignKeyConstraint(
            ["account_id", "first_channel_id"],
            ["channel.account_id", "channel.id"],
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "second_channel_id"],
            ["channel.account_id", "channel.id"],
        ),
        sa.PrimaryKeyConstraint("account_id", "id"),
    )
    op.create_index("link_first", "link", ["account_id", "first_channel_id"])
    op.create_index("link_second", "link", ["account_id", "second_channel_id"])

    op.create_table(
        "merge",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("link_id", Id(), nullable=False),
        sa.Column("survivor_id", Id(), nullable=False),
        sa.Column("absorbed_id", Id(), nullable=False),
        sa.Column("at", Time(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("undone_at", Time(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id", "link_id"],
            ["link.account_id", "link.id"],
        ),
        sa.PrimaryKeyConstraint("account_id", "id"),
    )
    op.create_index("merge_link", "merge", ["account_id", "link_id"])

    op.create_table(
        "merge_channel",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("merge_id", Id(), nullable=False),
        sa.Column("channel_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "channel_id"],
            ["channel.account_id", "channel.id"],
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "merge_id"],
            ["merge.account_id", "merge.id"],
        ),
        sa.PrimaryKeyConstraint("account_id", "merge_id", "channel_id"),
    )
