"""An account that is driven through the API, beside the model of it: every answer must be what the model says."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from uuid import UUID

from tests.identity.contents import Channel, oldest_first
from tests.identity.evidence import Merge, Proposal
from tests.identity.model import Joined, Model, Refused
from tests.identity.world import World

T = TypeVar("T")
NOBODY = UUID(int=7).hex


class Account:
    """A tenant and its model. For what it does not know, ids of the `stranger` are tried, another account's."""

    def __init__(self, world: World, *, limit: int) -> None:
        self.world = world
        self.caller = world.caller(limit)
        self.model = Model(limit)
        self.stranger: Account | None = None
        self.records: dict[str, tuple[str, str]] = {}  # what was seen of consent records: their channels and digests
        self.seen: tuple[list[str], Any] | None = None  # by which ids it was asked last, and what it showed

    def ask(self, document: str, **variables: Any) -> Any:
        """The data of the answer to a document."""
        return self.world.ask(self.caller, document, variables)

    def do(self, document: str, predict: Callable[[], T], **input: Any) -> tuple[T | None, Any]:
        """What the model says that the mutation does, and its payload; None where it refuses, as the product must."""
        predicted, refused_with = tried(predict)
        payload = self.ask(document, input=input)["done"]
        codes = {error["code"] for error in payload["userErrors"]}
        assert bool(codes) == bool(refused_with), f"The product refuses with {codes}, the model with {refused_with}."
        assert codes <= refused_with
        if codes:
            assert not any(payload[name] for name in payload if name not in ("userErrors", "heldBy"))
        return predicted, payload

    # ---- finding

    def known(self, address: str) -> Channel:
        """The channel with the address; refused where there is none."""
        if address not in self.model.channels:
            raise Refused("NOT_FOUND")
        return self.model.channels[address]

    def channel_id(self, address: str) -> str:
        """The id of the channel with the address."""
        for account in (self, self.stranger):
            if account and address in account.model.channels:
                return account.model.channels[address].id
        return f"channel_{NOBODY}"

    def profile_id(self, address: str) -> str:
        """An id of the profile with the address: the one that the channel was born with, where it ever showed."""
        for account in (self, self.stranger):
            if account and address in account.model.channels:
                channel = account.model.channels[address]
                return channel.home or account.model.profile(channel)[0].home
        return f"profile_{NOBODY}"

    def homes(self) -> dict[str, Channel]:
        """The profile ids that were ever returned, and whose they are."""
        return {channel.home: channel for channel in self.model.channels.values() if channel.home}

    # ---- comparing payloads

    def agree(self, joined: Joined, payload: Any) -> None:
        """Compares the payload of contact data, and takes over the ids of what is new."""
        answered = {each["address"]: each["id"] for each in payload["channels"]}
        assert answered.keys() == {channel.address for channel in joined.channels}
        for channel in joined.channels:
            channel.id = channel.id or answered[channel.address]
            assert channel.id == answered[channel.address]
        assert payload["link"]["outcome"] == joined.outcome
        self.agree_on_merges(joined.merge, payload["link"]["merges"])
        self._agree_on_proposal(joined.proposal, payload["link"]["proposal"])
        oldest = self.model.profile(joined.own)[0]
        oldest.home = oldest.home or payload["profile"]["id"]
        assert payload["profile"]["id"] == oldest.home

    def agree_on_merges(self, merge: Merge | None, answered: list[Any]) -> None:
        """Compares what was merged, if anything, and takes over its id."""
        assert len(answered) == (merge is not None)
        if merge:
            merge.id = answered[0]["id"]
            merge.absorbed.home = merge.absorbed.home or answered[0]["absorbedId"]
            merge.survivor.home = merge.survivor.home or answered[0]["survivor"]["id"]
            assert answered[0] == {
                "id": merge.id,
                "absorbedId": merge.absorbed.home,
                "survivor": {"id": merge.survivor.home},
                "channels": nodes(merge.came),
                "links": [{"channels": nodes(merge.link.ends)}],
                "undoneAt": None,
            }

    def _agree_on_proposal(self, proposal: Proposal | None, answered: Any) -> None:
        assert (answered is not None) == (proposal is not None)
        if proposal:
            proposal.id = proposal.id or answered["id"]
            assert answered["reason"] in proposal.reasons
            proposal.reasons = {answered["reason"]}
            assert answered == {"id": proposal.id, "reason": answered["reason"], "status": "OPEN"}


def tried(predict: Callable[[], T]) -> tuple[T | None, set[str]]:
    """What is predicted, or the codes of which one is that of the refusal."""
    try:
        return predict(), set()
    except Refused as refusal:
        return None, refusal.codes


def nodes(channels: Iterable[Channel]) -> list[dict[str, str]]:
    """The channels as the API lists them by id, the oldest first."""
    return [{"id": channel.id} for channel in oldest_first(channels)]
