"""Keywords."""

from tests.reading.evaluation.holding import Holding
from tests.reading.evaluation.objects import Object, node
from tests.reading.world import Row

ONLY_A_NUMBER = "Collects only a mobile number: its contacts will not be linked."
NO_WAY_OUT = (
    "The welcome does not say how to opt out: carriers ask for words such as "
    '"Reply STOP to opt out. Msg & data rates may apply."'
)


def keyword(_: Holding, row: Row) -> Object:
    """The type Keyword."""
    words = "".join(c if c.isalnum() else " " for c in row["welcome"]).upper().split()
    return node("Keyword", row["id"]) | {
        "word": row["word"],
        "welcome": row["welcome"],
        "alreadySubscribed": row["already_subscribed"],
        "captureEmail": row["capture_email"],
        "doubleOptIn": row["double_opt_in"],
        "advice": [ONLY_A_NUMBER] * (not row["capture_email"]) + [NO_WAY_OUT] * ("STOP" not in words),
    }


def keywords(held: Holding) -> list[Object]:
    """All keywords, in order of their words."""
    return [keyword(held, row) for row in sorted(held.rows["keyword"], key=lambda row: row["word"])]
