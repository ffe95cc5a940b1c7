"""What happens, told at once to whoever follows it, whichever process it happened in."""

from app.live.errors import Broken, Changed, Ended, Interrupted, Stopping, TooSlow, UnknownProfile
from app.live.feed import Feed, cancelled
from app.live.subscribers import Room, Subscriber
from app.live.wishes import Read, Wish

__all__ = [
    "Broken",
    "Changed",
    "Ended",
    "Feed",
    "Interrupted",
    "Read",
    "Room",
    "Stopping",
    "Subscriber",
    "TooSlow",
    "UnknownProfile",
    "Wish",
    "cancelled",
]
