"""Why a consent is not recorded."""

from collections.abc import Sequence

from app.errors import BadInput, ErrorCode, Refusal


class EvidenceRequired(Refusal):
    """An opt-in without the wording that was shown or the page where it was given."""

    code = ErrorCode.CONSENT_EVIDENCE_REQUIRED

    def __init__(self, *, field: Sequence[str]) -> None:
        super().__init__(
            "An opt-in needs its evidence: the wording that was shown (disclosure) or the page (sourceUrl).",
            field=field,
        )


class TimeAhead(Refusal):
    """A time that has not come."""

    def __init__(self, *, field: Sequence[str]) -> None:
        super().__init__("This time is more than 5 minutes ahead; give the time when it happened.", field=field)


class TimeLongAgo(Refusal):
    """A time at which nobody can have done it."""

    def __init__(self, year: int, *, field: Sequence[str]) -> None:
        super().__init__(f"This time is before {year}; give the time when it happened.", field=field)


class InvalidEvidence(Refusal):
    """Evidence that cannot be what it says."""


class OptInRefused(Refusal):
    """An opt-in that an opt-out stands against. The rest of the call is applied."""

    code = ErrorCode.CONSENT_REFUSED

    def __init__(self) -> None:
        super().__init__(
            "This address has opted out. An opt-in is recorded only with its own time (occurredAt), later than that."
        )


class SuppressedOptIn(Refusal):
    """An opt-in for an address that had opted out when its contact was deleted. The rest of the call is applied."""

    code = ErrorCode.SUPPRESSED

    def __init__(self) -> None:
        super().__init__(
            "This address had opted out when its contact was deleted. An opt-in is recorded only with its own time "
            "(occurredAt), later than that."
        )


class UnknownTopic(Refusal):
    """A topic that is not there."""

    code = ErrorCode.NOT_FOUND

    def __init__(self, key: str, *, field: Sequence[str]) -> None:
        super().__init__(f"There is no topic '{key}'; 'topics' lists them, and createTopic makes one.", field=field)


class InvalidTopic(Refusal):
    """A topic that cannot be made."""


class TopicExists(Refusal):
    """A key that is taken."""

    code = ErrorCode.ALREADY_EXISTS

    def __init__(self, key: str) -> None:
        super().__init__(f"There is a topic '{key}' already.", field=("key",))


class FarTime(BadInput):
    """A time of sending of which nobody knows what it is where."""

    def __init__(self, years: range) -> None:
        super().__init__(f"'at' is a time of sending from the year {years.start} to {years.stop - 1}.")
