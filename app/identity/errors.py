"""Why contact data is refused as a whole."""

from app.errors import ErrorCode, Refusal


class IdentifierRequired(Refusal):
    """The address that the call is about is missing; `alone` says that there is no other either."""

    code = ErrorCode.IDENTIFIER_REQUIRED

    def __init__(self, name: str, *, alone: bool) -> None:
        message = (
            "A contact needs an email address or a mobile number." if alone else f"'{name}' must not be empty here."
        )
        super().__init__(message, field=(name,))


class ConsentWithoutAddress(Refusal):
    """A consent for an address that was not given."""

    def __init__(self, name: str, address_name: str) -> None:
        super().__init__(
            f"'{name}' is consent for an address that is missing: give '{address_name}' too.", field=(name,)
        )
