"""What the clients do: operations drawn at random, each with a token of its own wherever its input has room for one."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from checking.addresses import Families, Family, spelled

KEYED = 0.85  # how many carry an Idempotency-Key
BOTH = 0.85  # how many contacts come with both addresses


@dataclass(frozen=True, slots=True)
class Operation:
    """One change that a client asks for. `addresses` are those of a contact, as they are kept."""

    number: int
    kind: str
    input: dict[str, Any]
    key: str | None
    family: Family
    addresses: tuple[str, ...] = ()

    @property
    def token(self) -> str:
        """What names this operation in links and merges."""
        return token(self.number)


def token(number: int) -> str:
    """What names the operation of that number in links and merges."""
    return f"operation {number}"


@dataclass(frozen=True, slots=True)
class Draft:
    """What an operation is going to be."""

    kind: str
    input: dict[str, Any]
    addresses: tuple[str, ...] = ()


class Work:
    """Draws operations, for all clients together."""

    def __init__(self, seed: int, operations: int, families: int) -> None:
        self.families = Families(random.Random(seed), families)
        self._numbers = count(1)
        self._last = operations

    def next(self, drawn: random.Random) -> Operation | None:
        """The next operation; None when enough were drawn."""
        number = next(self._numbers)
        if number > self._last:
            return None
        family = self.families.one(drawn)
        [draw] = drawn.choices(list(DRAWS), list(DRAWS.values()))
        draft = draw(self, family, drawn, token(number)) or self._contact(family, drawn, token(number))
        key = f"key-{number}" if drawn.random() < KEYED else None
        return Operation(number, draft.kind, draft.input, key, family, draft.addresses)

    def stop(self) -> None:
        """Lets no further operation be drawn."""
        self._last = 0

    def _contact(self, family: Family, drawn: random.Random, detail: str) -> Draft:
        email, mobile = self.families.addresses(family, drawn)
        sms, both = drawn.random() < 0.5, drawn.random() < BOTH
        input: dict[str, Any] = {"sourceDetail": detail}
        if sms or both:
            input["mobileNumber"] = spelled(mobile, drawn)
        if both or not sms:
            input["emailAddress"] = spelled(email, drawn)
        addresses = (email, mobile) if both else (mobile,) if sms else (email,)
        return Draft("addSmsContact" if sms else "addEmailContact", input, addresses)

    def _channel(self, family: Family, drawn: random.Random, _: str) -> Draft | None:
        if not family.profile_ids:
            return None
        email, mobile = self.families.addresses(family, drawn)
        name, address = ("emailAddress", email) if drawn.random() < 0.5 else ("mobileNumber", mobile)
        input = {"profileId": drawn.choice(family.profile_ids), name: spelled(address, drawn)}
        return Draft("addChannel", input, (address,))

    def _merge(self, family: Family, drawn: random.Random, reason: str) -> Draft | None:
        ids = sorted({*family.profile_ids, *list(self.families.one(drawn).profile_ids)[:1]})
        if len(ids) < 2:
            return None
        return Draft("mergeProfiles", {"profileIds": drawn.sample(ids, 2), "reason": reason})

    def _undo(self, family: Family, drawn: random.Random, _: str) -> Draft | None:
        if not family.merge_ids:
            return None
        id = drawn.choice([family.merge_ids[-1], drawn.choice(family.merge_ids)])
        return Draft("undoMerge", {"mergeId": id, "neverLinkAgain": drawn.random() < 0.4})

    def _unlink(self, family: Family, drawn: random.Random, _: str) -> Draft | None:
        if not family.channel_ids:
            return None
        input = {"channelId": drawn.choice(family.channel_ids), "neverLinkAgain": drawn.random() < 0.3}
        return Draft("unlinkChannel", input)

    def _lift(self, family: Family, drawn: random.Random, _: str) -> Draft | None:
        if not family.never_link_ids:
            return None
        return Draft("liftNeverLink", {"id": drawn.choice(family.never_link_ids)})

    def _resolve(self, family: Family, drawn: random.Random, _: str) -> Draft | None:
        if not family.proposal_ids:
            return None
        id = drawn.choice([family.proposal_ids[-1], drawn.choice(family.proposal_ids)])
        return Draft("resolveLinkProposal", {"id": id, "accept": drawn.random() < 0.5})


Draw = Callable[[Work, Family, random.Random, str], Draft | None]
#: How often each is drawn; one that has nothing to work on yet becomes a contact.
DRAWS: dict[Draw, float] = {
    Work._contact: 45,
    Work._channel: 6,
    Work._merge: 12,
    Work._undo: 16,
    Work._unlink: 6,
    Work._lift: 7,
    Work._resolve: 8,
}
