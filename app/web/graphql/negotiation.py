"""Which form of answer a client takes."""

from functools import lru_cache

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
HTML = "text/html"


@lru_cache(maxsize=256)
def preferred(accept: str, offered: tuple[str, ...]) -> str | None:
    """The offered type that the Accept header (RFC 9110, 12.5.1) likes best, ties in the order of the offers.

    None where it takes none of them; an empty header takes everything.
    """
    if not accept.strip():
        return offered[0]
    wanted = [_range(part) for part in accept.split(",") if part.strip()]
    best = max(offered, key=lambda type_: (_quality(type_, wanted), -offered.index(type_)))
    return best if _quality(best, wanted) > 0 else None


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


def _quality(type_: str, wanted: list[tuple[str, float]]) -> float:
    """What the most exact of the ranges that cover the type says."""
    family = type_.split("/")[0] + "/*"
    for name in (type_, family, "*/*"):
        found = [quality for range_, quality in wanted if range_ == name]
        if found:
            return max(found)
    return 0.0
