"""All checks of a run together: what was left, what was answered, and how much was started over."""

from collections import Counter
from collections.abc import Iterator, Mapping

from checking import history, promises, shape
from checking.callers import LOST, REUSED
from checking.clients import Course
from checking.disturbing import Disturbance
from checking.state import State
from checking.stores import DEADLOCKS

MOST_RETRIES = 0.02
FEW = 2000  # operations; a share of fewer says nothing
EXPECTED = frozenset({LOST, REUSED, "OVERLOADED"})
LOCKS = ("deadlock", "lock timeout", "could not serialize", "database is locked")


def violations(
    state: State, course: Course, disturbance: Disturbance, retries: int, complaints: Mapping[str, int]
) -> dict[str, list[str]]:
    """Everything that is wrong, by the name of the check."""
    journal, seen = course.journal, course.seen
    found = {check.__name__: list(check(state)) for check in SHAPE}
    found |= {check.__name__: list(check(state, journal)) for check in HISTORY}
    found |= {
        "ids_resolve": list(promises.ids_resolve(state, seen)),
        "cuts_are_kept": list(promises.cuts_are_kept(state, journal, seen)),
        "answers_agree": [*course.mistakes, *seen.mistakes],
        "servers_stay_up": disturbance.mistakes,
        "answers_are_clean": list(unclean(course, disturbance)),
        "locks_are_in_order": [f"{complaints[DEADLOCKS]} deadlocks"] if complaints.get(DEADLOCKS) else [],
        "little_is_started_over": list(too_much_started_over(len(journal.records), retries)),
    }
    return {name.replace("_", " "): texts for name, texts in found.items() if texts}


SHAPE = (
    shape.one_channel_for_an_address,
    shape.profiles_are_what_links_join,
    shape.never_links_hold,
    shape.nobody_is_over_the_limit,
    shape.proposals_fit,
    shape.the_report_adds_up,
)
HISTORY = (
    history.contacts_are_kept,
    history.merges_are_kept,
    history.undos_are_kept,
    history.retractions_are_explained,
    history.unlinks_are_kept,
    promises.proposals_are_kept,
    promises.lifts_are_kept,
)


def unclean(course: Course, disturbance: Disturbance) -> Iterator[str]:
    """Faults of the server that nothing done to it explains, errors that nobody should get, and talk of locks."""
    for kind, answer in course.answers:
        if any(word in answer.message.lower() for word in LOCKS):
            yield f"{kind} was told: {answer.message}"
        elif answer.code not in EXPECTED and not disturbance.explains(answer.sent, answer.answered):
            yield f"{kind} was answered {answer.code}: {answer.message}"


def too_much_started_over(operations: int, retries: int) -> Iterator[str]:
    """Transactions start over seldom."""
    if operations >= FEW and retries > MOST_RETRIES * operations:
        yield f"{retries} transactions of {operations} operations were started over"


def not_answered(course: Course) -> Counter[str]:
    """How many attempts had which error."""
    return Counter(str(answer.code) for _, answer in course.answers)
