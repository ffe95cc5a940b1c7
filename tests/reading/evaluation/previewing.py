"""What linking would do: the table of `domain.md` and its guards, played through on copies of the rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any
from uuid import UUID

from tests.reading.evaluation import channels, profiles
from tests.reading.evaluation.holding import Holding, together
from tests.reading.evaluation.linking import OBJECTIONS
from tests.reading.evaluation.objects import Object, age, by_id, json, same_json
from tests.reading.world import Row

NAMES = {"EMAIL": "email address", "SMS": "mobile number"}
ROLES = ("info@", "sales@", "support@")
PLACEHOLDERS = ("none@none.com", "test@test.com")


@dataclass(frozen=True, slots=True)
class Given:
    """An address that was given, and the channel that it has already."""

    kind: str
    address: str
    channel: Row | None


@dataclass(frozen=True, slots=True)
class Played:
    """What would be: the outcome, the guard that objects, and the channels that would hang together, new ones last."""

    outcome: str
    members: list[Row]
    new: tuple[Given, ...] = ()
    guard: str | None = None
    yielded: bool = False


def preview(held: Holding, of: Mapping[str, Any]) -> Object | None:
    """The type LinkPreview; null for unknown ids."""
    if "addresses" in of:
        return of_addresses(held, of["addresses"]["emailAddress"], of["addresses"]["mobileNumber"])
    if "profileIds" in of:
        found = [of_type(id, "profile") for id in of["profileIds"]]
        groups = [held.at_home(id) if id else None for id in found]
        if len(groups) != 2 or not all(groups):
            return None
        one, other = (known(members[0]) for members in groups if members)
        return told(held, played(held, one, other, by_hand=True), one, other)
    id = of_type(of["proposalId"], "link_proposal")
    proposal = by_id(held.rows["link_proposal"]).get(id) if id else None
    if proposal is None:
        return None
    one, other = (known(held.channel_by_id[proposal[end]]) for end in ("first_channel_id", "second_channel_id"))
    return told(held, played(held, one, other, by_hand=True, overruled=proposal["reason"]), one, other)


def of_type(id: str, start: str) -> UUID | None:
    """The digits of an id of that type."""
    digits = id.removeprefix(f"{start}_")
    right = digits != id and len(digits) == 32 and not set(digits) - set("0123456789abcdef")
    return UUID(hex=digits) if right else None


def known(channel: Row) -> Given:
    """The address of a channel that there is."""
    return Given(channel["kind"], channel["address"], channel)


def of_addresses(held: Holding, email: str, mobile: str) -> Object:
    """What adding an SMS contact with both addresses would do; a placeholder is left aside."""
    at = {(channel["kind"], channel["address"]): channel for channel in held.channels}
    given = [Given(kind, text, at.get((kind, text))) for kind, text in (("SMS", mobile), ("EMAIL", email))]
    aside = [address for address in given if is_placeholder(held, address.address)]
    own, *others = [address for address in given if address not in aside]
    left = "".join(f" '{address.address}' stands for no address and was left aside." for address in aside)
    if others:
        return told(held, played(held, own, others[0], by_hand=False), own, others[0], left)
    if own.channel:
        return told(held, Played("UNCHANGED", held.members[own.channel["id"]]), own, None, left)
    return told(held, Played("CREATED", [], (own,)), own, None, left)


def is_placeholder(held: Holding, text: str) -> bool:
    """Whether an address stands for none."""
    patterns = [*PLACEHOLDERS, "noreply@*", "no-reply@*", *held.account["placeholderPatterns"]]
    return any(fnmatchcase(text, pattern) for pattern in patterns)


def played(held: Holding, own: Given, other: Given, *, by_hand: bool, overruled: str | None = None) -> Played:
    """What two addresses as one person's would make of the profiles."""
    mine, theirs = (held.members[each.channel["id"]] if each.channel else [] for each in (own, other))
    new = tuple(each for each in (own, other) if each.channel is None)
    if mine and mine is theirs:
        return Played("UNCHANGED", mine)
    sides, yielded = ([mine, theirs], False) if by_hand else sides_of(held, own, other)
    guard = objection(held, own, other, sides, by_hand=by_hand, overruled=overruled)
    if guard:
        return Played("PROPOSED", mine, () if own.channel else (own,), guard)
    outcome = {0: "MERGED", 1: "LINKED", 2: "CREATED"}[len(new)]
    return Played(outcome, sorted([*sides[0], *sides[1]], key=age), new, None, yielded)


def sides_of(held: Holding, own: Given, other: Given) -> tuple[list[list[Row]], bool]:
    """What hangs together with each of the two once the claims about them have yielded, and whether there were any."""
    ends = {each.channel["id"] for each in (own, other) if each.channel}
    links = [link for link in held.rows["link"] if link["retracted_at"] is None]
    left = [
        link
        for link in links
        if link["trust"] == "TRUSTED" or not ends & {link["first_channel_id"], link["second_channel_id"]}
    ]
    groups = {channel["id"]: group for group in together(held.channels, left) for channel in group}
    return [groups[each.channel["id"]] if each.channel else [] for each in (own, other)], len(left) < len(links)


def objection(
    held: Holding, own: Given, other: Given, sides: list[list[Row]], *, by_hand: bool, overruled: str | None
) -> str | None:
    """The guard that objects: a decision first, then restriction, then the limit, then a mailbox of several people."""
    before = [channel for each in (own, other) if each.channel for channel in held.members[each.channel["id"]]]
    merges = bool(own.channel and other.channel)
    holds = {
        "NEVER_LINK": apart(held, *sides),
        "PROCESSING_RESTRICTED": not by_hand and any(channel["restricted_at"] for channel in before),
        "CHANNEL_LIMIT": over_limit(held, sides, own, other),
        "ROLE_ADDRESS": not by_hand and merges and any(is_role(held, each.address) for each in (own, other)),
    }
    return next((guard for guard, objects in holds.items() if objects and guard != overruled), None)


def apart(held: Holding, one: list[Row], other: list[Row]) -> bool:
    """Whether it was decided that any of the one side and any of the other are not one person's."""
    first, second = ({channel["id"] for channel in side} for side in (one, other))
    for row in held.rows["never_link"]:
        named = [each for each in held.rows["never_link_channel"] if each["never_link_id"] == row["id"]]
        left, right = ({each["channel_id"] for each in named if each["side"] == side} for side in (0, 1))
        if (left & first and right & second) or (left & second and right & first):
            return True
    return False


def over_limit(held: Holding, sides: list[list[Row]], *ends: Given) -> bool:
    """Whether both bring addresses of a kind, and more than may be; what is over the limit already stays so."""
    for kind in NAMES:
        counts = [
            sum(channel["kind"] == kind for channel in side) + (end.channel is None and end.kind == kind)
            for side, end in zip(sides, ends, strict=True)
        ]
        if all(counts) and sum(counts) > held.account["maxChannelsPerKind"]:
            return True
    return False


def is_role(held: Holding, address: str) -> bool:
    """Whether several people read what is sent there."""
    return address.startswith(ROLES) or any(fnmatchcase(address, each) for each in held.account["rolePatterns"])


# ---- the objects


def told(held: Holding, would: Played, own: Given, other: Given | None, left: str = "") -> Object:
    """The type LinkPreview."""
    before = distinct(held, would.members)
    survivor = held.members[would.members[0]["id"]] if would.members else None
    absorbed = [members for members in before if members is not survivor] if would.outcome == "MERGED" else []
    yielded = " A claim that nobody had confirmed yielded to it." if would.yielded else ""
    new = sorted(would.new, key=lambda each: each.kind)
    return {
        "outcome": would.outcome,
        "explanation": f"{explanation(would, own, other)}{yielded}{left}",
        "guard": would.guard,
        "survivor": lambda _: profiles.profile(held, survivor) if survivor else None,
        "absorbed": lambda _: [profiles.profile(held, members) for members in absorbed],
        "channelsAfter": [
            {
                "kind": channel["kind"],
                "address": channel["address"],
                "channel": lambda _, channel=channel: channels.channel(held, channel),
                "consent": channel["consent_status"],
            }
            for channel in would.members
        ]
        + [{"kind": n.kind, "address": n.address, "channel": None, "consent": "NOT_COLLECTED"} for n in new],
        "fieldsAfter": fields_after(held, would.members, before),
    }


def distinct(held: Holding, members: list[Row]) -> list[list[Row]]:
    """The profiles that these channels are in now, the older first."""
    found = {held.members[channel["id"]][0]["id"]: held.members[channel["id"]] for channel in members}
    return sorted(found.values(), key=lambda group: age(group[0]))


def fields_after(held: Holding, members: list[Row], before: list[list[Row]]) -> list[Object]:
    """The list of PreviewField; a cleared field is told where it clears what a profile shows now."""
    found = []
    for key, (winner, *_) in profiles.values(held, members).items():
        now = [profiles.shown(held, group).get(key) for group in before]
        losing = [value for value in now if value is not None and not same_json(value, winner.value)]
        if winner.value is not None or losing:
            found.append({"key": key, "value": json(winner.value), "losing": [json(value) for value in losing]})
    return found


def explanation(would: Played, own: Given, other: Given | None) -> str:
    """The outcome in one sentence."""
    first, second = NAMES[own.kind], other and NAMES[other.kind]
    if first == second:
        first, second = f"given {first}", f"other {first}"
    there, joins = (first, second) if own.channel else (second, first)
    objects = OBJECTIONS.get(would.guard or "")
    return {
        ("CREATED", True): f"The {first} was not known: a new profile was made.",
        ("CREATED", False): f"Neither the {first} nor the {second} was known: a new profile has both, "
        "linked from birth.",
        ("LINKED", False): f"The {there} was known: the {joins} joined its profile.",
        ("MERGED", False): f"The {first} and the {second} were known on two profiles: they are one now, under the "
        "older id.",
        ("PROPOSED", False): f"The {first} and the {second} were not linked, for {objects}.",
        ("UNCHANGED", True): f"The {first} was known already.",
        ("UNCHANGED", False): f"The {first} and the {second} were in one profile already.",
    }[would.outcome, other is None]
