"""What contacts are written: replies to their own messages, and the question of a double opt-in.

Replies fit one text message, 160 characters of GSM 03.38, for account names of ordinary length.
"""

from collections.abc import Sequence

from app.channels.rules import Address, masked
from app.identity.rules.picture import Outcome

SEGMENT = 160
SHORTEST_WORDING = 40  # what of the wording is shown in a text in any case


#: What confirming a claim did to identity.
CONFIRMED = {
    Outcome.MERGED: "A claim was confirmed: the two profiles are one now, under the older id.",
    Outcome.PROPOSED: "A claim was confirmed, but a guard objects by now: the link waits for a person to decide.",
    Outcome.UNCHANGED: "A claim was confirmed: the link that it made is trusted now.",
}


def stopped(name: str) -> str:
    """The one confirmation that follows an opt-out."""
    return f"{name}: You are unsubscribed and will get no more messages. Reply START to undo."


def started(name: str) -> str:
    """What follows a START that undid a STOP."""
    return f"{name}: Your STOP is undone; what you chose before holds again. Reply STOP to unsubscribe."


def help_text(name: str) -> str:
    """What HELP gets where the account has no text of its own."""
    return f"{name}: For help, please contact us directly. Reply STOP to unsubscribe. Msg & data rates may apply."


def asked_by_text(name: str, wording: str | None, claimed: Sequence[Address]) -> str:
    """The question of a double opt-in, to a number; a long wording is shortened. None: about what is claimed alone."""
    if wording is None:
        return f"{name}: Reply YES to confirm as yours: {_listed(claimed)}. If not, ignore this. Reply STOP to opt out."
    also = f" You also confirm as yours: {_listed(claimed)}." if claimed else ""
    before, after = f"{name}: Reply YES to confirm: ", f"{also} Reply STOP to opt out."
    room = max(SHORTEST_WORDING, SEGMENT - len(before) - len(after) - 2)
    return f'{before}"{_shortened(wording, room)}"{after}'


#: What follows an answer to a keyword that asks for an email address.
EMAIL_ASKED = "To connect your email address with this number, reply with it."


def asked_to_join(name: str, word: str, claimed: Sequence[Address]) -> str:
    """The question of a double opt-in that a keyword asks; all of it is the wording that is agreed to."""
    also = f" You also confirm as yours: {_listed(claimed)}." if claimed else ""
    return (
        f"{name}: You texted {word}. Reply YES to get our text messages.{also} Reply STOP to opt out. "
        "Msg & data rates may apply."
    )


def email_taken(name: str) -> str:
    """What an email address gets that somebody texted; it never tells whether the address was known."""
    return f"{name}: Thank you, we noted your email address."


def email_unread(name: str) -> str:
    """What gets a text that looks like an email address, and is none."""
    return f"{name}: We could not read that email address. Please reply with it, such as name@example.com."


def subject(name: str) -> str:
    """The subject of the question of a double opt-in: one line."""
    return f"Please confirm: {' '.join(name.split())}"


def asked_by_email(name: str, wording: str | None, url: str, claimed: Sequence[Address]) -> str:
    """The question of a double opt-in, to an email address. Without a wording it is about what is claimed alone."""
    also = (
        [f"By confirming you also say that this is yours: {_listed(claimed)}. If it is not, do not confirm."]
        if claimed
        else []
    )
    asked = [f"{name} asks you to confirm this:", f"    {wording.strip()}"] if wording is not None else []
    paragraphs = [
        *(asked or [f"Somebody gave {name} this address together with another one."]),
        *also,
        f"Confirm here, within 7 days:\n{url}",
        "If you did not ask for this, do nothing: without your confirmation nothing is agreed to.",
    ]
    return "\n\n".join(paragraphs) + "\n"


def _listed(addresses: Sequence[Address]) -> str:
    return ", ".join(dict.fromkeys(map(masked, addresses)))


def _shortened(text: str, room: int) -> str:
    plain = " ".join(text.split())
    if len(plain) <= room:
        return plain
    return plain[: room - 3].rstrip() + "..."
