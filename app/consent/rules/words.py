"""What an inbound text message says about consent.

A text is folded (case, accents, widths) and compared with the official words. A longer one is made plain, clauses of
words that carry weight, and searched for phrases that revoke consent (`phrases`). In doubt a text opts out: who left
by mistake can come back with START, but a text sent against the law cannot be called back.

Sources: 47 CFR 64.1200(a)(10), which names stop, quit, end, revoke, opt out, cancel and unsubscribe, and asks of all
other words what a reasonable person would understand; CTIA Messaging Principles 5.1.3; the keywords of carriers
(STOPALL, OPTOUT, REMOVE, UNSTOP) and in Canada (ARRET, TD).
"""

import re
import unicodedata
from enum import StrEnum

from app.consent.rules.phrases import revokes


class Said(StrEnum):
    """What a text says about consent."""

    STOP = "STOP"
    START = "START"
    YES = "YES"
    HELP = "HELP"
    NOTHING = "NOTHING"


def said(text: str) -> Said:
    """What the text says. Takes time in proportion to its length."""
    if _REACTION.match(text):
        return Said.NOTHING
    small = folded(text)
    letters = re.sub(r"[\W_]+", "", small)
    if not letters:
        return Said.STOP if set(text) & STOP_SIGNS else Said.NOTHING
    for official, meaning in OFFICIAL.items():
        if not letters.replace(official, ""):  # nothing but that word, once or repeated, however spaced
            return meaning
    plain = _plain(small)
    return Said.STOP if _only_leaves(plain) or revokes(plain) else Said.NOTHING


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Signs that say it alone.
STOP_SIGNS = frozenset("🛑⛔🚫")

#: The official words that opt out, without spaces: so "S T O P", "opt-out" and "stop all" are found as well.
STOPPING = _words("stop stopall unsubscribe cancel end quit revoke optout remove arret td")
OFFICIAL = dict.fromkeys(STOPPING, Said.STOP) | {
    "start": Said.START,
    "unstop": Said.START,
    "yes": Said.YES,
    "help": Said.HELP,
    "info": Said.HELP,
}

#: Words that opt out where nothing else in the text has weight: besides the official ones their misspellings and
#: likenesses, and what says the same in Spanish and French.
LEAVING = STOPPING | _words(
    """stopp stpo sotp stahp unsubscribed cease desist discontinue halt enough spam block blocked gtfo stfu
    alto parar pare paren basta cancelar baja salir
    arrete arreter arretez cessez desabonner desinscrire"""
)
#: Words that have no weight beside those: "yes stop", "I said stop it".
BESIDE = _words(". ? yes no i me you it this that said and all im ya")
#: Words that never have weight, and are left out of the plain text.
PADDING = _words(
    """please pls plz plse kindly pretty thank thanks thankyou thx ty sorry hi hello hey ok okay sir maam guys omg
    now immediately asap already ever just really simply
    fucking fuckin damn goddamn bloody freaking effing
    favor por svp sil vous plait merci gracias"""
)


def _only_leaves(plain: str) -> bool:
    words = _words(plain)
    return bool(words & LEAVING) and words <= LEAVING | BESIDE


# ---- folding a text, and making it plain

#: A telephone's reaction quotes our own message: Liked "Sale! Reply STOP to opt out".
_REACTION = re.compile(
    r"\s*(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|removed an? [\w ]{1,20} from|"
    r"(?:reacted )?[^\w\s]{1,8} to)"
    r"\s[\"“«]",
    re.IGNORECASE,
)
APOSTROPHES = frozenset("'`\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\N{ACUTE ACCENT}")
CLAUSE_ENDS = frozenset(".!,;:()\n\r\N{EN DASH}\N{EM DASH}")


def folded(text: str) -> str:
    """The text in small letters of one form each (NFKD), without accents, apostrophes, and what has no width."""
    # Marks go first, and once more with those that decomposing brings: to sort a long run of them is quadratic.
    return _unmarked(unicodedata.normalize("NFKD", _unmarked(text))).casefold()


def _unmarked(text: str) -> str:
    gone = (c for c in set(text) if unicodedata.category(c) in ("Mn", "Me", "Cf") or c in APOSTROPHES)
    return text.translate(dict.fromkeys(map(ord, gone)))


def _plain(small: str) -> str:
    """Clauses of words that have weight: "please stop texting, im jo" becomes ". stop texting . im jo ."."""
    shortened = re.sub(r"(.)\1{2,}", r"\1", small)  # "stoooop"
    apart = shortened.translate({ord(c): _apart(c) for c in set(shortened) if not c.isalnum()})
    words = [_spelt(word) for word in apart.split() if word not in PADDING]
    if words[1::2] == ["."] * (len(words) // 2):  # "Leave. Me. Alone." is one clause as well
        words = [*words, ".", *words[::2]]
    return " ".join([".", *words, "."])


def _apart(mark: str) -> str:
    if mark == "?":
        return " ? "
    return " . " if mark in CLAUSE_ENDS else " "


def _spelt(word: str) -> str:
    """The word, or the one that people misspell most: unsub, unsuscribe, unsubcribe."""
    return "unsubscribe" if word.startswith(("unsub", "unsusc")) and not word.endswith(("ed", "ing")) else word
