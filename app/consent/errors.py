"""Why a consent is not recorded."""

from collections.abc import Sequence

from app.errors import ErrorCode, Refusal


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


class InvalidEvidence(Refusal):
    """Evidence that cannot be what it says."""


class OptInRefused(Refusal):
    """An opt-in that an opt-out stands against. The rest of the call is applied."""

    code = ErrorCode.CONSENT_REFUSED

    def __init__(self) -> None:
        super().__init__(
            "This address has opted out. An opt-in is recorded only with its own time (occurredAt), later than that."
        )
