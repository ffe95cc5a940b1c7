"""What happens, told at once to whoever follows it, whichever process it happened in."""

from app.live.errors import Changed, Ended, Interrupted, Stopping, TooSlow, UnknownProfile
from app.live.feed import Feed
from app.live.subscribers import Subscriber
from app.live.wishes import Read, Wish

__all__ = [
    "Changed",
    "Ended",
    "Feed",
    "Interrupted",
    "Read",
    "Stopping",
    "Subscriber",
    "TooSlow",
    "UnknownProfile",
    "Wish",
]
