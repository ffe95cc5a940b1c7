"""How recorded engagements are announced to whoever listens: their ids, in order, in as few words as can be."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from uuid import UUID

TOPIC = "engagements "
MOST_AT_ONCE = 360  # ids of 16 bytes in base64, within the 7,900 bytes of an announcement


def told(ids: Sequence[UUID]) -> Iterator[str]:
    """The announcements of engagements, in this order."""
    for start in range(0, len(ids), MOST_AT_ONCE):
        yield TOPIC + urlsafe_b64encode(b"".join(id.bytes for id in ids[start : start + MOST_AT_ONCE])).decode()


def heard(news: str) -> list[UUID]:
    """The ids that an announcement is of; none where it is of something else."""
    if not news.startswith(TOPIC):
        return []
    whole = urlsafe_b64decode(news.removeprefix(TOPIC))
    return [UUID(bytes=whole[start : start + 16]) for start in range(0, len(whole), 16)]
