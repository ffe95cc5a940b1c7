"""Whether a channel may be sent something, and every reason why not."""

from datetime import datetime

import strawberry

from app.consent.queries import gate, ledger
from app.consent.queries.gate import Reason
from graphql_schema.consent import ConsentRecord
from graphql_schema.declaring import expression, many, one


@strawberry.type(description="A reason that stands against sending.")
class SendBlock:
    """A reason that stands against sending."""

    reason: Reason = expression(lambda row: row.reason, "The reason.")
    until: datetime | None = expression(lambda row: row.until, "When it ends by itself, where it does.")
    record: ConsentRecord | None = one(ledger.deciding_record, "The evidence: the consent record that decides.")


@strawberry.type(description="Whether a channel may be sent something, and every reason why not.")
class Sendability:
    """Whether a channel may be sent something."""

    allowed: bool = expression(gate.allowed, "Whether nothing stands against it.")
    hold_until: datetime | None = expression(
        gate.hold_until, "Until when it is to be held, where nothing but quiet hours stands against it."
    )
    blocks: list[SendBlock] = many(gate.blocks, "Every reason that stands against it.")
