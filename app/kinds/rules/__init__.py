"""The kinds (`kinds`), and quick ways of reading plain addresses (`emails`, `numbers`), each proven by the library."""

from app.kinds.rules.kinds import KINDS, ChannelKind, EngagementKind, Kind

__all__ = ["KINDS", "ChannelKind", "EngagementKind", "Kind"]
