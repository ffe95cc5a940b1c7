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


class InvalidLimit(Refusal):
    """A limit that cannot be kept."""

    def __init__(self, most: int) -> None:
        super().__init__(f"A profile may have 1 to {most} addresses of a kind.", field=("maxChannelsPerKind",))


class InvalidPattern(Refusal):
    """A pattern of addresses that says nothing, or too much."""

    def __init__(self, most: int, longest: int, *, field: str) -> None:
        super().__init__(
            f"At most {most} patterns of 1 to {longest} characters are kept, such as *@example.com; "
            "each must name more than * and ?.",
            field=(field,),
        )


class InvalidHelpText(Refusal):
    """A help text that says nothing, or too much."""

    def __init__(self, longest: int) -> None:
        super().__init__(f"The help text has 1 to {longest} characters.", field=("helpText",))


class InvalidToken(Refusal):
    """A token that cannot be one."""

    def __init__(self, longest: int) -> None:
        super().__init__(
            f"The auth token has 1 to {longest} characters, none of them a space.", field=("smsAuthToken",)
        )


class InvalidHour(Refusal):
    """Not an hour of the day."""

    def __init__(self, *, field: str) -> None:
        super().__init__("Quiet hours begin and end at a full hour, 0 to 23.", field=(field,))


class InvalidSecret(Refusal):
    """A secret that nothing can be signed with as it should be."""

    def __init__(self) -> None:
        super().__init__(
            "The secret of the email webhook is whsec_ and 24 to 64 bytes in base64, as the provider shows it.",
            field=("emailWebhookSecret",),
        )


class InvalidBounces(Refusal):
    """A number of bounces that never holds anything, or nothing for too long."""

    def __init__(self, most: int) -> None:
        super().__init__(f"Hard bounces of 1 to {most} messages in a row hold a channel.", field=("bouncesToHold",))
