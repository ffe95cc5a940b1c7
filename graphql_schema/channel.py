"""One address at which a contact can be reached."""

from datetime import datetime

import strawberry

from app.channels.queries import is_primary
from app.engagement import queries as engagement
from app.profiles.queries import found
from app.tables import Channel as Row
from app.tables import ChannelKind, Deliverability
from graphql_schema.consent import Consent
from graphql_schema.declaring import column, expression, one, page, part
from graphql_schema.engagement import Engagement
from graphql_schema.forward import Profile
from graphql_schema.paging import Connection, Node
from graphql_schema.source import Source, since_birth


@strawberry.type(
    description=(
        "One address at which a contact can be reached. Consent and engagement belong to it and never leave it: "
        "linking and merging only change which profile it is in."
    )
)
class Channel(Node):
    """One address."""

    kind: ChannelKind = column(Row.kind, "Email or SMS.")
    address: str = column(Row.address, "The email address in lower case, or the number as E.164.")
    profile: Profile = one(found.owner, "The profile that it is in now.")
    is_primary: bool = expression(is_primary, "Whether it is its profile's first choice among its kind.")
    created_at: datetime = column(Row.created_at, "When it first became known.")
    source: Source = part(since_birth, "How it became known.")
    consent: Consent = part(lambda row: row, "Whether it may be used, by its own ledger alone.")
    deliverability: Deliverability = column(Row.deliverability, "Whether messages arrive; apart from consent.")
    deliverability_since: datetime | None = column(Row.deliverability_since, "Since when, where it ever changed.")
    deliverability_reason: str | None = column(Row.deliverability_reason, "Why, where it ever changed.")
    verified_at: datetime | None = column(Row.verified_at, "When possession was shown, such as by a reply.")
    engagements: Connection[Engagement] = page(
        engagement.of_channel, engagement.newest_first, "What happened on it, the newest first."
    )
