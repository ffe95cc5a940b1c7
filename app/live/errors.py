"""Why a subscription ends before its subscriber ends it."""

from app.errors import RequestError

AGAIN = "Subscribe again, and read the timeline for what happened meanwhile."


class Ended(RequestError):
    """The end of a subscription: nothing is missed before it, and nothing is told after it."""

    code = "OVERLOADED"


class TooSlow(Ended):
    """More waits for the subscriber than is kept for it."""

    def __init__(self) -> None:
        super().__init__(f"Too slow a reader. {AGAIN}")


class Interrupted(Ended):
    """The line to the database was lost, and with it perhaps some events."""

    def __init__(self) -> None:
        super().__init__(f"The line to the database was lost. {AGAIN}")


class Stopping(Ended):
    """The server stops."""

    def __init__(self) -> None:
        super().__init__(f"The server stops. {AGAIN}")


class Changed(Ended):
    """What the key may do, or what the account is set to, is not what it was when the subscription began."""

    def __init__(self) -> None:
        super().__init__(f"The key's rights or the account's settings changed. {AGAIN}")


class Broken(Exception):
    """A fault of ours while reading what a subscriber is to be told; it ends that subscription alone."""


class Left(Exception):
    """The subscriber ended it itself."""


class NotHeard(RequestError):
    """The line to the database is down; it is being made again."""

    code = "OVERLOADED"

    def __init__(self) -> None:
        super().__init__("Live events cannot be followed just now; try again shortly.")


class TooMany(RequestError):
    """More subscriptions of one account than are kept at once."""

    code = "THROTTLED"

    def __init__(self, most: int) -> None:
        super().__init__(f"At most {most:,} subscriptions of an account stand at once; end one before the next.")


class UnknownProfile(RequestError):
    """A profile to be followed that there is not."""

    def __init__(self) -> None:
        super().__init__(
            "There is no profile with this profileId. Give the id of a profile, or leave it out to follow all."
        )


class UnknownImport(RequestError):
    """An import to be followed that there is not."""

    def __init__(self) -> None:
        super().__init__("There is no import with this id; 'imports' lists them.")
