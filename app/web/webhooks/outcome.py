"""What becomes of something that a provider tells."""

from enum import Enum

from app.engagement.operations import Reported
from app.errors import ErrorCode, Refusal


class Outcome(Enum):
    """What a provider is answered; never with a status by which it would send the same again."""

    RECORDED = "It was recorded."
    DUPLICATE = "It was known already."
    IGNORED = "It is of a kind that is not recorded."
    UNKNOWN_CONTACT = "No channel is known by this address; nothing was recorded."

    @property
    def message(self) -> str:
        """The sentence for people."""
        return self.value


def outcome(reported: Reported) -> Outcome:
    """What became of one thing that was reported. Raises a Refusal where it makes no sense."""
    for refused in reported.refused:
        if refused.code is ErrorCode.NOT_FOUND:
            return Outcome.UNKNOWN_CONTACT
        raise Refusal(refused.message, field=refused.field)
    return Outcome.DUPLICATE if reported.duplicates else Outcome.RECORDED
