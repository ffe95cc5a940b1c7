"""Claims that come back when the merge that they yielded to is undone, where that is not all that happened since."""

from tests.identity import by_hand, checking, intake
from tests.identity.account import Account
from tests.identity.evidence import Merge
from tests.identity.intake import Contact
from tests.identity.world import World

OWN, CLAIMED, TRUE = "+14155550100", "claimed@example.com", "true@example.com"


def yielded_to(account: Account) -> Merge:
    """The merge of two known people, to which a claim about one of them yielded."""
    intake.add(account, Contact(TRUE))
    intake.add(account, Contact(OWN))
    intake.claim(account, OWN, CLAIMED)
    checking.check(account)
    added = intake.add(account, Contact(OWN, TRUE))
    checking.check(account)
    assert added
    assert added.merge
    return added.merge


def test_a_claim_comes_back_when_the_merge_that_it_yielded_to_is_undone(world: World) -> None:
    account = Account(world, limit=5)
    assert by_hand.undo(account, yielded_to(account), remember=True)
    checking.check(account)
    assert account.model.channels[CLAIMED] in account.model.profile(account.model.channels[OWN])


def test_a_claim_that_would_join_again_what_is_parted_stays_retracted(world: World) -> None:
    account = Account(world, limit=5)
    merged = yielded_to(account)
    assert by_hand.merge(account, TRUE, CLAIMED)
    assert by_hand.undo(account, merged, remember=True)
    checking.check(account)


def test_a_claim_that_would_break_the_limit_of_the_account_stays_retracted(world: World) -> None:
    account = Account(world, limit=1)
    merged = yielded_to(account)
    intake.add(account, Contact("+14155550101", CLAIMED))
    assert by_hand.undo(account, merged, remember=True)
    checking.check(account)


def test_a_preview_shows_what_is_left_of_a_profile_where_a_claim_would_yield(world: World) -> None:
    account = Account(world, limit=5)
    intake.add(account, Contact(CLAIMED, "+14155550101"))
    intake.claim(account, CLAIMED, OWN)
    checking.check(account)
    by_hand.preview(account, TRUE, OWN)
