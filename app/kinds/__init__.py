"""The kinds of channels, and of what happens on them: the one place where a kind of channel is what it is."""

from app.kinds.rules import KINDS, ChannelKind, EngagementKind, Kind

__all__ = ["KINDS", "ChannelKind", "EngagementKind", "Kind"]
