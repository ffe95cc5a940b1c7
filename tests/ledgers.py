"""A plain model of a ledger's fold, as the domain says it, to compare with what the system says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Said:
    """An entry of a ledger, as far as the fold goes; of an opt-in, whether it was taken back."""

    act: str
    occurred_at: datetime
    time_given: bool
    number: int
    retracted: bool = False


def holds(entries: Iterable[Said]) -> tuple[str, int | None]:
    """What holds, and the number of the entry that says so: entries are taken one after the other, in order of time.

    A START takes back the STOPs since the last other answer: they are forgotten, and all is taken anew without them.
    What was taken back is not heard at all.
    """
    heeded = (said for said in entries if not said.retracted)
    order = sorted(heeded, key=lambda said: (said.occurred_at, said.act in ("OPT_OUT", "STOP"), said.number))
    heard: list[Said] = []
    for said in order:
        if said.act == "START":
            answers = [place for place, before in enumerate(heard) if answer(before)]
            since = answers[-1] + 1 if answers else 0
            heard = heard[:since] + [before for before in heard[since:] if before.act != "STOP"]
        heard.append(said)
    status, number = "NOT_COLLECTED", None
    for said in heard:
        match said.act:
            case "OPT_OUT" | "STOP":
                status, number = "OPTED_OUT", said.number
            case "OPT_IN" if said.time_given or status != "OPTED_OUT":
                status, number = "OPTED_IN", said.number
            case "ASK" if status in ("NOT_COLLECTED", "PENDING"):
                status, number = "PENDING", said.number
    return status, number


def answer(said: Said) -> bool:
    """Whether a later START no longer reaches what was said before."""
    return said.act in ("OPT_OUT", "START") or (said.act == "OPT_IN" and said.time_given)
