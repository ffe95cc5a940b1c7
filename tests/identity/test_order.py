"""Whatever the order of arrival, the same data ends in the same profiles; with guards, safety holds in every order."""

from collections.abc import Iterable, Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.identity import by_hand, checking, intake
from tests.identity.account import Account
from tests.identity.effort import on
from tests.identity.export import assert_same, exported
from tests.identity.intake import Contact
from tests.identity.world import World

PLAIN = tuple(f"{name}@example.com" for name in "abcdef")
ROLES = ("info@example.com", "sales@example.com")
MOBILES = tuple(f"+1415555{number:04}" for number in range(100, 106))
BOUNDLESS = 100
Profiles = set[tuple[frozenset[str], frozenset[str]]]


def contacts(emails: Sequence[str]) -> st.SearchStrategy[list[Contact]]:
    """Contact data, most of it with both addresses."""
    email, mobile = st.sampled_from(emails), st.sampled_from(MOBILES)
    pairs = st.tuples(email, mobile) | st.tuples(mobile, email) | st.tuples(email | mobile, st.none())
    tags = st.sampled_from(((), ("new",), ("vip",)))
    each = st.builds(lambda pair, tags: Contact(pair[0], pair[1], tags=tags), pairs, tags)
    return st.lists(each, min_size=2, max_size=10)


def arriving(world: World, contacts: Iterable[Contact], *, limit: int) -> Account:
    """A new account into which the contacts came, in this order."""
    account = Account(world, limit=limit)
    for contact in contacts:
        intake.add(account, contact)
    checking.check(account)
    return account


def profiles(account: Account) -> Profiles:
    """The profiles as the product shows them: their addresses and tags."""
    assert account.seen
    return {
        (frozenset(each["address"] for each in node["channels"]), frozenset(node["tags"]))
        for node in account.seen[1]["profiles"]["nodes"]
    }


def joined(contacts: Iterable[Contact]) -> Profiles:
    """The addresses that the contacts join, with the tags that came with them: the plainest way to say it."""
    found: Profiles = set()
    for contact in contacts:
        addresses, tags = frozenset(filter(None, (contact.own, contact.other))), frozenset(contact.tags)
        for profile in [profile for profile in found if profile[0] & addresses]:
            found.remove(profile)
            addresses, tags = addresses | profile[0], tags | profile[1]
        found.add((addresses, tags))
    return found


def test_without_guards_any_order_ends_in_the_same_profiles(world: World) -> None:
    @on(world, 60, long=2000)
    @given(data=st.data())
    def holds(data: st.DataObject) -> None:
        given_contacts = data.draw(contacts(PLAIN), label="contacts")
        order = data.draw(st.permutations(given_contacts), label="order")
        assert profiles(arriving(world, given_contacts, limit=BOUNDLESS)) == joined(given_contacts)
        assert profiles(arriving(world, order, limit=BOUNDLESS)) == joined(given_contacts)

    holds()


def test_with_guards_no_order_breaks_a_limit_or_a_cut_or_loses_what_was_given(world: World) -> None:
    """The safety is looked at by `checking.assert_safe`; here, that what no profile shows is proposed."""

    @on(world, 60, long=2000)
    @given(data=st.data())
    def holds(data: st.DataObject) -> None:
        cuts = data.draw(
            st.lists(st.tuples(st.sampled_from(PLAIN), st.sampled_from(MOBILES)), max_size=3), label="cuts"
        )
        account = Account(world, limit=2)
        for email, mobile in cuts:
            cut(account, email, mobile)
        given_contacts = data.draw(contacts(PLAIN[:3] + ROLES), label="contacts")
        for contact in given_contacts:
            intake.add(account, contact)
            checking.check(account)
        assert account.seen
        shown = {address for addresses, _ in profiles(account) for address in addresses}
        assert shown >= {address for contact in given_contacts for address in (contact.own, contact.other) if address}
        proposed = [set(each.ends) for each in account.model.proposals]
        for contact in given_contacts:
            own, other = (account.model.channels.get(address or "") for address in (contact.own, contact.other))
            if own and other and not any({own.address, other.address} <= found for found, _ in profiles(account)):
                assert {own, other} in proposed

    holds()


def cut(account: Account, email: str, mobile: str) -> None:
    """Keeps two addresses apart, as people do: by undoing a merge of theirs."""
    intake.add(account, Contact(email))
    intake.add(account, Contact(mobile))
    merged = by_hand.merge(account, email, mobile)
    if merged:
        assert by_hand.undo(account, merged, remember=True)


@pytest.mark.parametrize("by", ["hand", "contact data"])
def test_merging_and_undoing_leaves_everything_as_it_was(world: World, by: str) -> None:
    @on(world, 40, long=1000)
    @given(data=st.data())
    def holds(data: st.DataObject) -> None:
        account = arriving(world, data.draw(contacts(PLAIN), label="contacts"), limit=BOUNDLESS)
        for address in data.draw(
            st.lists(st.sampled_from(sorted(account.model.channels)), max_size=3), label="engaged"
        ):
            intake.engage(account, address)
        checking.check(account)
        email, mobile = data.draw(st.tuples(st.sampled_from(PLAIN), st.sampled_from(MOBILES)), label="merged")
        for address in (email, mobile):
            if address not in account.model.channels:
                intake.add(account, Contact(address))
                checking.check(account)
        before = exported(account)
        assume(account.model.channels[mobile] not in account.model.profile(account.model.channels[email]))
        if by == "hand":
            merged = by_hand.merge(account, email, mobile)
        else:
            added = intake.add(account, Contact(mobile, email))
            merged = added.merge if added else None
        assert merged
        checking.check(account)
        assert by_hand.undo(account, merged, remember=data.draw(st.booleans(), label="remember"))
        checking.check(account)
        assert_same(before, exported(account))

    holds()
