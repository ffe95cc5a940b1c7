"""What happens, told at once to whoever follows it, whichever process it happened in."""

from app.live.errors import Broken, Changed, Ended, Interrupted, Stopping, TooSlow, UnknownImport, UnknownProfile
from app.live.feed import Feed, cancelled
from app.live.subscribers import Room, Subscriber
from app.live.wishes import EventWish, Look, Read, Seen, StateWish, Wish

__all__ = [
    "Broken",
    "Changed",
    "Ended",
    "EventWish",
    "Feed",
    "Interrupted",
    "Look",
    "Read",
    "Room",
    "Seen",
    "StateWish",
    "Stopping",
    "Subscriber",
    "TooSlow",
    "UnknownImport",
    "UnknownProfile",
    "Wish",
    "cancelled",
]
