"""Random lives of two accounts that use the same addresses, compared with the model after every step."""

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.identity import by_hand, checking, intake
from tests.identity.account import Account
from tests.identity.contents import Consent, kind_of
from tests.identity.export import assert_same, exported
from tests.identity.intake import Contact, Edit
from tests.identity.world import World

T = TypeVar("T")
LIMITS = (5, 2)
EMAILS = ("a@example.com", "b@example.com", "c@example.com", "info@example.com")
MOBILES = ("+14155550100", "+14155550101", "+14155550102")
PLACEHOLDERS = ("none@none.com", "1111111111")

sides = st.sampled_from((0, 1))
emails, mobiles = st.sampled_from(EMAILS), st.sampled_from(MOBILES)
addresses = st.sampled_from(EMAILS + MOBILES)
RARE, UNKNOWN = 7, 15
picks = st.integers(0, RARE)  # among things that are there, see `picked`
whom = st.integers(0, UNKNOWN)  # among addresses, see `address`
pairs = st.tuples(emails, mobiles) | st.tuples(mobiles, emails)
fields = st.dictionaries(
    st.sampled_from(("first_name", "last_name", "city")), st.sampled_from(("Ann", "Lee", "", None)), max_size=2
)
tags = st.sets(st.sampled_from(("new", "vip")), max_size=1).map(lambda found: tuple(sorted(found)))
consents = st.sampled_from((None, None, Consent("OPT_IN"), Consent("OPT_IN", timed=True), Consent("OPT_OUT")))
edits = st.one_of(
    st.builds(Edit, fields=fields),
    st.builds(Edit, tags=tags),
    st.builds(Edit, gdpr_applies=st.booleans()),
    st.builds(Edit, prefer=picks),
)
with_placeholder = st.sampled_from(
    [
        (EMAILS[0], PLACEHOLDERS[1]),
        (MOBILES[0], PLACEHOLDERS[0]),
        (PLACEHOLDERS[0], MOBILES[0]),
        (PLACEHOLDERS[1], EMAILS[0]),
        (PLACEHOLDERS[0], PLACEHOLDERS[1]),
        (PLACEHOLDERS[0], None),
    ]
)


def picked(known: Sequence[T], pick: int, likely: Sequence[T] = ()) -> list[T]:
    """One of those that are known, if any, the newest for 0; mostly one of the likely ones."""
    among = likely if likely and pick < RARE else known
    return [among[-1 - pick % len(among)]] if among else []


class IdentityMachine(RuleBasedStateMachine):
    """Steps in one account or the other; then both are as their models say.

    What is drawn does not depend on what was answered: of two channels that are born in the same moment, chance says
    which is the older one, so that the same steps need not lead to the same merges.
    """

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.accounts = [Account(self.world, limit=limit) for limit in LIMITS]
        self.accounts[0].stranger, self.accounts[1].stranger = self.accounts[1], self.accounts[0]
        self.touched = self.accounts[0]

    def touch(self, side: int) -> Account:
        """The account of the step, which is still as it was when the steps in the other began."""
        if self.touched is not self.accounts[side]:
            self.touched = self.accounts[side]
            checking.check_untouched(self.touched)
        return self.touched

    def address(self, account: Account, pick: int) -> str:
        """An address that is known in the account, or for `UNKNOWN` one that is not, if there is one."""
        known = list(account.model.channels)
        unknown = [address for address in EMAILS + MOBILES if address not in known]
        if not known or (pick == UNKNOWN and unknown):
            return unknown[0]
        return picked(known, pick)[0]

    def two(self, account: Account, who: int, pick: int) -> tuple[str, str]:
        """An address, and mostly one of another profile."""
        one = self.address(account, who)
        mine = account.model.profile(account.model.channels[one]) if one in account.model.channels else []
        apart = [channel.address for channel in account.model.channels.values() if channel not in mine]
        return one, picked(EMAILS + MOBILES, pick, apart)[0]

    @initialize(contacts=st.tuples(st.lists(pairs, min_size=1, max_size=3), st.lists(addresses, max_size=3)))
    def begin(self, contacts: tuple[list[tuple[str, str]], list[str]]) -> None:
        """Both accounts know some people, so that most steps find somebody."""
        for account in self.accounts:
            for address in contacts[1]:
                intake.add(account, Contact(address))
            for own, other in contacts[0]:
                intake.add(account, Contact(own, other))
            checking.check(account)

    # ---- intake

    @rule(side=sides, own=addresses, fields=fields, tags=tags, consent=consents, seconds=st.sampled_from((1, 0)))
    def add(
        self,
        side: int,
        own: str,
        fields: dict[str, str | None],
        tags: tuple[str, ...],
        consent: Consent | None,
        seconds: int,
    ) -> None:
        intake.add(self.touch(side), Contact(own, None, fields, tags, consent), seconds)

    @rule(side=sides, pair=pairs, fields=fields, tags=tags, consent=consents, seconds=st.sampled_from((1, 0)))
    def add_both(
        self,
        side: int,
        pair: tuple[str, str],
        fields: dict[str, str | None],
        tags: tuple[str, ...],
        consent: Consent | None,
        seconds: int,
    ) -> None:
        intake.add(self.touch(side), Contact(*pair, fields, tags, consent), seconds)

    @rule(side=sides, pair=pairs)
    def add_both_again(self, side: int, pair: tuple[str, str]) -> None:
        intake.add(self.touch(side), Contact(*pair))

    @rule(side=sides, pair=pairs)
    def add_at_once(self, side: int, pair: tuple[str, str]) -> None:
        """Two values of a field at the same time: the older channel's is shown, should they ever be one profile's."""
        account = self.touch(side)
        intake.add(account, Contact(pair[0], None, {"city": "Rome"}))
        intake.add(account, Contact(pair[1], None, {"city": "Oslo"}), seconds=0)

    @rule(side=sides, pair=pairs)
    def claim(self, side: int, pair: tuple[str, str]) -> None:
        intake.claim(self.touch(side), *pair)

    @rule(side=sides, pair=with_placeholder, fields=fields)
    def add_placeholder(self, side: int, pair: tuple[str, str | None], fields: dict[str, str | None]) -> None:
        intake.add(self.touch(side), Contact(*pair, fields))

    @rule(side=sides, who=whom, edit=edits)
    def update(self, side: int, who: int, edit: Edit) -> None:
        account = self.touch(side)
        intake.update(account, self.address(account, who), edit)

    @rule(side=sides, who=whom, address=addresses)
    def add_channel(self, side: int, who: int, address: str) -> None:
        account = self.touch(side)
        intake.add_channel(account, self.address(account, who), address)

    @rule(side=sides, who=whom, pick=picks)
    def replace_channel(self, side: int, who: int, pick: int) -> None:
        account = self.touch(side)
        replaced = self.address(account, who)
        others = [address for address in EMAILS + MOBILES if address != replaced]
        alike = [address for address in others if kind_of(address) == kind_of(replaced)]
        [address] = picked([*others, replaced], pick, alike)
        intake.replace_channel(account, replaced, address)

    @rule(side=sides, who=st.integers(0, UNKNOWN - 1))
    def engage(self, side: int, who: int) -> None:
        account = self.touch(side)
        intake.engage(account, self.address(account, who))

    # ---- by hand

    @rule(side=sides, who=whom, pick=picks)
    def merge(self, side: int, who: int, pick: int) -> None:
        account = self.touch(side)
        by_hand.merge(account, *self.two(account, who, pick))

    @rule(side=sides, who=whom, pick=picks, remember=st.booleans())
    def merge_and_undo(self, side: int, who: int, pick: int, remember: bool) -> None:
        account = self.touch(side)
        before = exported(account)
        merged = by_hand.merge(account, *self.two(account, who, pick))
        if merged:
            assert by_hand.undo(account, merged, remember=remember)
            assert_same(before, exported(account))

    @rule(side=sides, pick=picks, remember=st.booleans())
    def undo(self, side: int, pick: int, remember: bool) -> None:
        account = self.touch(side)
        in_force = [merge for merge in account.model.merges if merge.link.in_force]
        for merge in picked(account.model.merges, pick, in_force):
            by_hand.undo(account, merge, remember=remember)

    @rule(side=sides, who=whom, remember=st.booleans())
    def unlink(self, side: int, who: int, remember: bool) -> None:
        account = self.touch(side)
        by_hand.unlink(account, self.address(account, who), remember=remember)

    @rule(side=sides, pick=picks, accept=st.booleans())
    def resolve(self, side: int, pick: int, accept: bool) -> None:
        account = self.touch(side)
        waiting = [proposal for proposal in account.model.proposals if account.model.status(proposal) == "OPEN"]
        for proposal in picked(account.model.proposals, pick, waiting):
            by_hand.resolve(account, proposal, accept=accept)

    @rule(side=sides, pick=picks)
    def contradict(self, side: int, pick: int) -> None:
        """Joins what is kept apart."""
        account = self.touch(side)
        for cut in picked(account.model.never_links, pick):
            one, other = (sorted(channel.address for channel in channels) for channels in (cut.one, cut.other))
            unlike = [address for address in other if kind_of(address) != kind_of(one[0])]
            if unlike:
                intake.add(account, Contact(one[0], unlike[0]))
            else:
                intake.add_channel(account, one[0], other[0])

    @rule(side=sides, pick=picks)
    def lift(self, side: int, pick: int) -> None:
        account = self.touch(side)
        for cut in picked(account.model.never_links, pick):
            by_hand.lift(account, cut)

    @rule(side=sides, email=emails, mobile=mobiles)
    def preview(self, side: int, email: str, mobile: str) -> None:
        by_hand.preview(self.touch(side), email, mobile)

    # ---- after every step

    @invariant()
    def the_product_is_as_the_model_says(self) -> None:
        checking.check(self.touched)

    def teardown(self) -> None:
        [other] = [account for account in self.accounts if account is not self.touched]
        checking.check_untouched(other)
