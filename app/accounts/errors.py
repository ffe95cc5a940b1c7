"""Why an account or a key cannot be as it was asked for."""

from app.errors import ErrorCode, Refusal


class InvalidName(Refusal):
    """Empty or too long."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"A name has 1 to {limit} characters.", field=("name",))


class UnknownTimeZone(Refusal):
    """Not an IANA time zone."""

    def __init__(self, given: str) -> None:
        super().__init__(
            f"'{given}' is not a time zone; give an IANA name, such as Europe/Berlin.", field=("timeZone",)
        )


class AccountNotFound(Refusal):
    """No such account."""

    code = ErrorCode.NOT_FOUND

    def __init__(self, given: str) -> None:
        super().__init__(f"There is no account '{given}'; 'account list' shows them.", field=("account",))


class KeyNotFound(Refusal):
    """No such key, or it is revoked already."""

    code = ErrorCode.NOT_FOUND

    def __init__(self, given: str) -> None:
        super().__init__(f"There is no key in force that begins with '{given}'.", field=("key",))
