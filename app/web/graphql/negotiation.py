"""Which form of answer a client takes."""

from functools import lru_cache

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
HTML = "text/html"
EVENTS = "text/event-stream"


@lru_cache(maxsize=256)
def preferred(accept: str, offered: tuple[str, ...]) -> str | None:
    """The offered type that the Accept header (RFC 9110, 12.5.1) likes best; what it names first, where it likes alike.

    Under one range ties go in the order of the offers. None where it takes none of them; an empty header takes
    everything.
    """
    if not accept.strip():
        return offered[0]
    wanted = [_range(part) for part in accept.split(",") if part.strip()]
    found = [(*_liked(type_, wanted), type_) for type_ in offered]
    quality, _, best = max(found, key=lambda each: each[:2])
    return best if quality > 0 else None


def names(accept: str, type_: str) -> bool:
    """Whether the header takes the type, and by its own name."""
    return any(name == type_ and quality > 0 for name, quality in map(_range, accept.split(",")))


def _range(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key == "q":
            try:
                return name, min(max(float(value), 0.0), 1.0)
            except ValueError:
                return name, 0.0
    return name, 1.0


def _liked(type_: str, wanted: list[tuple[str, float]]) -> tuple[float, int]:
    """The quality that the most exact of the ranges that cover the type gives it, and how early (0, -1, -2 …)."""
    family = type_.split("/")[0] + "/*"
    for name in (type_, family, "*/*"):
        found = [(quality, -place) for place, (range_, quality) in enumerate(wanted) if range_ == name]
        if found:
            return max(found)
    return 0.0, 0
