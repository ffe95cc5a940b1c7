"""Channels."""

from tests.reading.evaluation import consent, engagements, forms, profiles
from tests.reading.evaluation.holding import Holding
from tests.reading.evaluation.objects import Object, node, printed, source
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
        **consent.of_channel(held, row),
        "deliverability": row["deliverability"],
        "deliverabilitySince": printed(row["deliverability_since"]),
        "deliverabilityReason": row["deliverability_reason"],
        "formUrl": lambda _, formId: forms.url_of(held, row, formId),  # noqa: N803
        "verifiedAt": printed(row["verified_at"]),
        "engagements": lambda _, **paging: engagements.timeline(held, [row], **paging),
    }
