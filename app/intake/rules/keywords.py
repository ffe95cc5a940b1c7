"""What a keyword may be, which text is one, and what its account is advised."""

import re
from dataclasses import dataclass, replace

from app.consent.rules.words import Said, folded, said
from app.identity.rules.contacts import Checks
from app.intake.errors import InvalidAnswer, InvalidKeyword

MOST_WORDS = 3
SHORTEST, LONGEST = 2, 40
LONGEST_ANSWER = 1_000
#: How many text messages the longest answer takes: 153 characters of GSM 03.38 each, or 67 of any others (UCS-2).
SEGMENTS, SEGMENTS_OF_ANY = 7, 15

ONLY_A_NUMBER = "Collects only a mobile number: its contacts will not be linked."
NO_WAY_OUT = (
    "The welcome does not say how to opt out: carriers ask for words such as "
    '"Reply STOP to opt out. Msg & data rates may apply."'
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A keyword to be made; once it is judged, `word` is in the one form in which texts are compared."""

    word: str
    welcome: str
    already_subscribed: str
    capture_email: bool = False
    double_opt_in: bool = False


def form(text: str) -> str | None:
    """The one form in which texts and keywords are compared: capitals and digits without spaces, accents and marks.

    A word repeated counts once. None where there is nothing to compare, or an email address, which is no keyword.
    """
    return None if "@" in text else "".join(_words(text)).upper() or None


def _words(text: str) -> list[str]:
    found = re.findall(r"[^\W_]+", folded(text))
    return found[:1] if len(set(found)) == 1 else found


def may_be(text: str) -> str | None:
    """The form of a text that might be a keyword; None where it cannot be one."""
    found = form(text)
    return found if found and SHORTEST <= len(found) <= LONGEST else None


def judged(wanted: Wanted) -> Wanted:
    """The keyword, checked. Raises Refusals with everything that is wrong, each beside its input."""
    checks, word = Checks(), ""
    with checks:
        word = _word(wanted.word)
    with checks:
        _check_answer(wanted.welcome, "welcome")
    with checks:
        _check_answer(wanted.already_subscribed, "alreadySubscribed")
    checks.done()
    return replace(
        wanted, word=word, welcome=wanted.welcome.strip(), already_subscribed=wanted.already_subscribed.strip()
    )


def _word(text: str) -> str:
    """The word in its one form. Raises InvalidKeyword."""
    found = may_be(text)
    if found is None or len(_words(text)) > MOST_WORDS:
        raise InvalidKeyword(
            f"A keyword is 1 to {MOST_WORDS} words of letters and digits, {SHORTEST} to {LONGEST} of these in all, "
            "such as JOIN."
        )
    if {said(text), said(found)} != {Said.NOTHING}:
        raise InvalidKeyword(
            f"'{text.strip()}' is a word that texters opt out, come back, confirm or get help by; choose another one, "
            "such as JOIN."
        )
    return found


def _check_answer(text: str, field: str) -> None:
    if not 1 <= len(text.strip()) <= LONGEST_ANSWER:
        raise InvalidAnswer(LONGEST_ANSWER, field=field)


def advice(welcome: str, capture_email: bool) -> list[str]:
    """What would make a keyword better."""
    found = [] if capture_email else [ONLY_A_NUMBER]
    return found if re.search(r"\bSTOP\b", welcome, re.IGNORECASE) else [*found, NO_WAY_OUT]
