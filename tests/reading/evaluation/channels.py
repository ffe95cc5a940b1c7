"""Channels and their consent."""

from tests.reading.evaluation import engagements, profiles
from tests.reading.evaluation.holding import Holding
from tests.reading.evaluation.objects import Object, by_id, node, printed, source
from tests.reading.world import Row


def channel(held: Holding, row: Row) -> Object:
    """The type Channel."""
    return node("Channel", row["id"]) | {
        "kind": row["kind"],
        "address": row["address"],
        "profile": lambda _: profiles.profile(held, held.members[row["id"]]),
        "isPrimary": lambda _: profiles.primary_of(row["kind"], held.members[row["id"]]) is row,
        "createdAt": printed(row["created_at"]),
        "source": source(row, row["created_at"]),
        "consent": {
            "status": row["consent_status"],
            "updatedAt": printed(row["consent_at"]),
            "record": lambda _: deciding(held, row),
        },
        "deliverability": row["deliverability"],
        "deliverabilitySince": printed(row["deliverability_since"]),
        "deliverabilityReason": row["deliverability_reason"],
        "verifiedAt": printed(row["verified_at"]),
        "engagements": lambda _, **paging: engagements.timeline(held, [row], **paging),
    }


def deciding(held: Holding, row: Row) -> Object | None:
    """The record that decides a channel's consent."""
    records = by_id(held.rows["consent_record"])
    return consent_record(held, records[row["consent_record_id"]]) if row["consent_record_id"] else None


def consent_record(held: Holding, row: Row) -> Object:
    """The type ConsentRecord."""
    return node("ConsentRecord", row["id"]) | {
        "channel": lambda _: channel(held, held.channel_by_id[row["channel_id"]]),
        "status": {"OPT_IN": "OPTED_IN", "OPT_OUT": "OPTED_OUT"}[row["act"]],
        "method": row["method"],
        "occurredAt": printed(row["occurred_at"]),
        "recordedAt": printed(row["recorded_at"]),
        "actor": row["actor"],
        "sourceUrl": row["source_url"],
        "ipAddress": row["ip_address"],
        "userAgent": row["user_agent"],
        "disclosure": row["disclosure"],
        "sourceDetail": row["source_detail"],
        "digest": row["digest"],
        "previousDigest": row["previous_digest"],
    }
