"""Pages that say what is wrong, and what to do."""

from dataclasses import dataclass

from starlette.responses import Response

from app.signing import DAY, GOOD_FOR, Purpose
from app.web.pages.showing import page


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and what to do about it, in paragraphs."""

    status: int
    title: str
    said: tuple[str, ...]


STOPPING = "To stop text messages, reply STOP to any of them. Nothing else is needed."
FORGED = Problem(
    403,
    "This link does not work",
    (
        "It is not complete, or it was changed. Nothing was changed by opening it.",
        "Open the message again and follow the link from there; if you copied it, copy all of it.",
        STOPPING,
    ),
)
GONE = Problem(
    410,
    "There is nothing here any more",
    (
        "The contact that this link was made for was removed by the business that wrote to you, so there is nothing to "
        "choose or to confirm.",
        "If you still get messages, follow the link in the newest one, or answer it.",
    ),
)
UNAVAILABLE = Problem(
    503,
    "We cannot do this right now",
    ("Nothing was changed. Please try again in a minute.", STOPPING),
)
NOT_A_FORM = Problem(
    400,
    "We could not read that",
    ("Nothing was changed. Please go back to the page and press its button again.", STOPPING),
)
NO_FORM = Problem(
    404,
    "There is no form here",
    ("Its address is not complete, or was changed. Follow the link from where you found it once more.",),
)
WRONG_METHOD = Problem(405, "This page cannot do that", ("It can be opened, and its form can be sent.",))


def expired(purpose: Purpose) -> Problem:
    """A link that was good once."""
    days = (GOOD_FOR[purpose] or 0) // DAY
    again = (
        "Sign up again where you did, and a new one comes to you."
        if purpose is Purpose.CONFIRM
        else "Follow the link in a newer message from the same sender."
    )
    return Problem(
        410,
        "This link has expired",
        (f"Such a link is good for {days} days. Nothing was changed by opening it.", again, STOPPING),
    )


def fault(request_id: str) -> Problem:
    """A fault of ours, under the number of its log line."""
    said = f"Please try again. If it happens again, tell the sender of the message this number: {request_id}"
    return Problem(500, "Something went wrong on our side", (said, STOPPING))


def told(problem: Problem, *, status: int | None = None, headers: dict[str, str] | None = None) -> Response:
    """The page that says it."""
    return page("problem", status or problem.status, headers, problem=problem)
