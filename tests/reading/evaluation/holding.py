"""How the rows of an account hang together."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from tests.reading.evaluation.objects import Object, age, by_id
from tests.reading.world import Row, Rows


@dataclass
class Holding:
    """Everything that an account holds, and the profiles that its channels and links make."""

    account_id: int
    account: Object
    scopes: list[str]
    rows: Rows

    @cached_property
    def channels(self) -> list[Row]:
        """All channels, the oldest first."""
        return sorted(self.rows["channel"], key=age)

    @cached_property
    def channel_by_id(self) -> dict[UUID, Row]:
        """The channels by their ids."""
        return by_id(self.channels)

    @cached_property
    def profiles(self) -> list[list[Row]]:
        """Every profile: the channels that hang together by the links in force, the oldest first."""
        return together(self.channels, [link for link in self.rows["link"] if link["retracted_at"] is None])

    @cached_property
    def members(self) -> dict[UUID, list[Row]]:
        """The channels of the profile that a channel is in, by the channel's id."""
        return {channel["id"]: members for members in self.profiles for channel in members}

    def at_home(self, home_id: UUID) -> list[Row] | None:
        """The channels of the profile that the channel with that home is in now."""
        found = (self.members[channel["id"]] for channel in self.channels if channel["home_id"] == home_id)
        return next(found, None)

    def hanging_on(self, table: str, channels: Iterable[Row]) -> list[Row]:
        """The rows of a table that hang on these channels."""
        ids = {channel["id"] for channel in channels}
        return [row for row in self.rows[table] if row["channel_id"] in ids]

    def ends(self, row: Row) -> list[Row]:
        """The two channels of a link or a proposal, the older first."""
        return sorted((self.channel_by_id[row[name]] for name in ("first_channel_id", "second_channel_id")), key=age)


def together(channels: Iterable[Row], links: Iterable[Row]) -> list[list[Row]]:
    """The channels that hang together by these links, the oldest first."""
    group = {channel["id"]: [channel] for channel in channels}
    for link in links:
        one, other = group[link["first_channel_id"]], group[link["second_channel_id"]]
        if one is not other:
            one += other
            group |= dict.fromkeys((channel["id"] for channel in other), one)
    distinct = {id(members): members for members in group.values()}
    return [sorted(members, key=age) for members in distinct.values()]
