"""What happened, and why, each in one sentence for people."""

from collections.abc import Sequence
from functools import cache

from app.identity.rules.picture import Outcome
from app.identity.rules.placing import Placed
from app.kinds import KINDS, ChannelKind
from app.tables import IntakeMethod, ProposalReason

WAYS = {
    IntakeMethod.API: "An API call",
    IntakeMethod.FORM: "A form",
    IntakeMethod.KEYWORD: "A reply to a keyword",
    IntakeMethod.IMPORT: "An import",
    IntakeMethod.INBOUND: "An inbound message",
    IntakeMethod.MANUAL: "A person's decision",
}
OBJECTIONS = {
    ProposalReason.CHANNEL_LIMIT: "the profile would have more addresses of a kind than the account allows",
    ProposalReason.ROLE_ADDRESS: "several people may share this mailbox, and it would join two known profiles",
    ProposalReason.NEVER_LINK: "it was decided that the two are never to be linked",
    ProposalReason.PROCESSING_RESTRICTED: "processing of the profile's data is restricted",
    ProposalReason.UNVERIFIED: "nobody has confirmed that both are one person's, and each has a known profile",
}
ACCEPTED = "The proposal was accepted: the two profiles are one now, under the older id."
#: What to do about a guard where a person joins two profiles.
REMEDIES = {
    ProposalReason.CHANNEL_LIMIT: "Unlink addresses that are not in use any more, or raise the account's limit",
    ProposalReason.NEVER_LINK: "Lift the never-link first, if that decision was wrong",
}


def told(placed: Placed) -> str:
    """What adding a contact did."""
    contact = placed.contact
    other, own_known = contact.other and contact.other.kind, contact.own in placed.known
    sentences = [_outcome(placed.outcome, contact.own.kind, other, own_known, placed.objection)]
    if placed.yielded:
        sentences.append("A claim that nobody had confirmed yielded to it.")
    aside = [f"'{text}' stands for no address and was left aside." for text in contact.set_aside]
    return " ".join([*sentences, *aside])


@cache
def _outcome(
    outcome: Outcome,
    own_kind: ChannelKind,
    other_kind: ChannelKind | None,
    own_known: bool,
    objection: ProposalReason | None,
) -> str:
    own, other = KINDS[own_kind].name, other_kind and KINDS[other_kind].name
    if own == other:
        own, other = f"given {own}", f"other {other}"
    match outcome, other:
        case Outcome.CREATED, None:
            return f"The {own} was not known: a new profile was made."
        case Outcome.CREATED, _:
            return f"Neither the {own} nor the {other} was known: a new profile has both, linked from birth."
        case Outcome.LINKED, _:
            joined, there = (other, own) if own_known else (own, other)
            return f"The {there} was known: the {joined} joined its profile."
        case Outcome.MERGED, _:
            return f"The {own} and the {other} were known on two profiles: they are one now, under the older id."
        case Outcome.PROPOSED, _:
            return f"The {own} and the {other} were not linked, for {_objection(objection)}."
        case _, None:
            return f"The {own} was known already."
        case _:
            return f"The {own} and the {other} were in one profile already."


def _objection(reason: ProposalReason | None) -> str:
    return OBJECTIONS[reason] if reason else "a guard objects"


def proposal(reason: str, first: str, second: str) -> str:
    """Why a link waits for a decision; the two addresses as they are stored."""
    return f"{first} and {second} were given as one person's, but {OBJECTIONS[ProposalReason(reason)]}."


def evidence(at: str, method: str, detail: str | None, actor: str, first: str, second: str) -> str:
    """The evidence of a link; `at` as the API prints times."""
    way = WAYS[IntakeMethod(method)]
    named = f" ({detail})" if detail else ""
    return f"{way}{named} by {actor} on {at[:10]} gave {first} and {second} as one person's."


def held(pairs: Sequence[tuple[str, str]]) -> str:
    """Which addresses other links still hold together."""
    named = sorted({f"{first} and {second}" for first, second in pairs})
    return "; ".join(named)
