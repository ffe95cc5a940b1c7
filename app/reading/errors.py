"""Why a selection cannot be read."""

from app.errors import BadInput, RequestError

LARGEST_PAGE = 250


class TooDeep(RequestError):
    """Lists and objects nested deeper than the databases take."""

    code = "QUERY_TOO_COSTLY"

    def __init__(self) -> None:
        super().__init__(
            "This is nested too deep (at most 5 lists or 7 objects within each other, fewer of both together); "
            "ask for the inner part in a request of its own."
        )


class BadPageSize(BadInput):
    """A page of a size that is not served."""

    def __init__(self, name: str) -> None:
        super().__init__(f"'{name}' must be a number from 0 to {LARGEST_PAGE}.")


class BothWays(BadInput):
    """A page from both ends."""

    def __init__(self) -> None:
        super().__init__("Give 'first' or 'last', not both.")


class ForeignCursor(BadInput):
    """A cursor that this list did not hand out."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"'{name}' is not a cursor of this list; use 'endCursor' or 'startCursor' as they were answered."
        )
