"""How often one address may send something."""

import ipaddress
import time
from math import ceil

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from app.web.requests import HttpError

MOST: tuple[RateLimitItem, ...] = (RateLimitItemPerMinute(10), RateLimitItemPerHour(100))
HOME_BITS = 64  # of an IPv6 address: what one household or machine is given (RFC 6177)


class TooMany(HttpError):
    """More than one address may send."""

    def __init__(self, again_in: int) -> None:
        wait = f"{again_in} seconds" if again_in > 1 else "a second"
        message = f"This was sent too often from your address. Nothing was changed; try again in {wait}."
        super().__init__(429, message, {"retry-after": str(again_in)})


class Rate:
    """Counts what each address sends, in the memory of this process."""

    def __init__(self) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def count(self, what: str, address: str | None) -> None:
        """Counts one more. Raises TooMany."""
        sender = grouped(address)
        for most in MOST:
            if not self._limiter.hit(most, what, sender):
                stats = self._limiter.get_window_stats(most, what, sender)
                raise TooMany(max(1, ceil(stats.reset_time - time.time())))


def grouped(address: str | None) -> str:
    """What counts as one sender: an IPv4 address, or the network of an IPv6 one."""
    if address is None:
        return "unknown"
    found = ipaddress.ip_address(address)
    if found.version == 4:
        return address
    return str(ipaddress.ip_network((found, HOME_BITS), strict=False))
