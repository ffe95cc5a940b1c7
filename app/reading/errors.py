"""Why a selection cannot be read."""

from app.errors import BadInput, RequestError

MOST_NESTED = 6
LARGEST_PAGE = 250


class TooDeep(RequestError):
    """Collections nested deeper than the databases take."""

    code = "QUERY_TOO_COSTLY"

    def __init__(self) -> None:
        super().__init__(
            f"Lists are nested more than {MOST_NESTED} deep; ask for the inner ones in a request of their own."
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
