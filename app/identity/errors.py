"""Why contact data is refused as a whole."""

from collections.abc import Sequence
from uuid import UUID

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


class BlockedIdentifier(Refusal):
    """A placeholder as the only identifier."""

    code = ErrorCode.BLOCKED_IDENTIFIER

    def __init__(self, name: str, text: str) -> None:
        super().__init__(f"'{text}' stands for no address; give the contact's own.", field=(name,))


class OneAddress(Refusal):
    """Not exactly one address where one is needed."""

    def __init__(self) -> None:
        super().__init__("Give exactly one of 'emailAddress' and 'mobileNumber'.", field=("emailAddress",))


class OtherKind(Refusal):
    """An address that cannot take the place of another."""

    def __init__(self, name: str) -> None:
        super().__init__("A channel is replaced by another address of its own kind.", field=(name,))


class NoSuch(Refusal):
    """An id that is malformed, unknown or another account's, all alike."""

    code = ErrorCode.NOT_FOUND

    def __init__(self, what: str, *, field: Sequence[str]) -> None:
        super().__init__(f"There is no {what} with this id.", field=field)


class TwoProfiles(Refusal):
    """Not two profiles to merge."""

    def __init__(self) -> None:
        super().__init__("Name exactly two profiles.", field=("profileIds",))


class OneProfileAlready(Refusal):
    """A profile that was to be merged with itself."""

    def __init__(self) -> None:
        super().__init__("Both ids are one profile already; nothing is left to merge.", field=("profileIds",))


class KeptApart(Refusal):
    """A never-link between the two profiles."""

    code = ErrorCode.CONFLICT


class OverLimit(Refusal):
    """More addresses of a kind than the account allows."""

    code = ErrorCode.CHANNEL_LIMIT


class WrongState(Refusal):
    """Something that cannot be done any more, or not yet."""

    code = ErrorCode.INVALID_STATE


class StillHeld(WrongState):
    """A merge whose two sides other links hold together."""

    def __init__(self, link_ids: Sequence[UUID], held: str) -> None:
        super().__init__(
            f"Other links still hold the two sides together: {held}. "
            "Undo what they merged, or unlink a channel, before this.",
            field=("mergeId",),
            ids=link_ids,
        )
