"""What people do about identity: merging, undoing, unlinking, deciding. Done by the product and by the model."""

from tests.identity import documents
from tests.identity.account import Account
from tests.identity.contents import winners
from tests.identity.evidence import Merge, NeverLink, Proposal


def merge(account: Account, one: str, other: str) -> Merge | None:
    """Merges the profiles with these addresses."""
    account.world.pass_time(1)
    ids = [account.profile_id(one), account.profile_id(other)]
    merged, payload = account.do(
        documents.MERGE, lambda: account.model.merge(account.known(one), account.known(other)), profileIds=ids
    )
    if merged:
        account.agree_on_merges(merged, [payload["merge"]])
        assert payload["profile"]["id"] == merged.survivor.home
    return merged


def undo(account: Account, merge: Merge, *, remember: bool) -> bool:
    """Undoes a merge, if nothing else holds its sides together."""
    account.world.pass_time(1)
    held = account.model.holding(merge.link)
    sides, payload = account.do(
        documents.UNDO,
        lambda: account.model.undo(merge, remember=remember),
        mergeId=merge.id,
        neverLinkAgain=remember,
    )
    if sides:
        shown = {payload[name]["id"] for name in ("survivor", "restored")}
        assert len(shown) == 2
        assert shown >= {side[0].home for side in sides if side[0].home}
        assert payload["merge"]["undoneAt"]
        assert payload["heldBy"] == []
    elif held:
        named = [link for link in account.model.links if link.id in {each["id"] for each in payload["heldBy"]}]
        assert len(named) == len(payload["heldBy"])
        assert merge.link not in named
        assert not account.model.holding(merge.link, without=named), "Without them the sides would fall apart."
    return sides is not None


def unlink(account: Account, address: str, *, remember: bool) -> None:
    """Takes the address out of its profile."""
    account.world.pass_time(1)
    left, payload = account.do(
        documents.UNLINK,
        lambda: account.model.unlink(account.known(address), remember=remember),
        channelId=account.channel_id(address),
        neverLinkAgain=remember,
    )
    if left:
        alone = account.known(address)
        alone.home = alone.home or payload["separated"]["id"]
        assert payload["separated"]["id"] == alone.home
        homes = {profile[0].home for profile in left}
        assert payload["remaining"]["id"] in homes or "" in homes


def resolve(account: Account, proposal: Proposal, *, accept: bool) -> None:
    """Accepts or rejects a proposal."""
    account.world.pass_time(1)

    def predict() -> tuple[Merge | None]:
        if accept:
            return (account.model.accept(proposal),)
        account.model.reject(proposal)
        return (None,)

    done, payload = account.do(documents.RESOLVE, predict, id=proposal.id, accept=accept)
    if done:
        assert payload["proposal"] == {"id": proposal.id, "status": proposal.resolved}
        link = payload["link"]
        account.agree_on_merges(done[0], link["merges"] if link else [])
        assert (link and link["outcome"]) == ("MERGED" if accept else None)


def lift(account: Account, cut: NeverLink) -> None:
    """Lifts a never-link."""
    account.world.pass_time(1)
    account.model.never_links.remove(cut)
    assert account.ask(documents.LIFT, input={"id": cut.id})["done"]["userErrors"] == []


def preview(account: Account, email: str, mobile: str) -> None:
    """Compares what a preview of linking two addresses says with what the model would do.

    Profiles are named by the ids that they have now, also where a claim would yield and leave part of one behind.
    """
    at = account.world.pass_time(1)
    model = account.model.copy()
    before = {address: model.profile(channel)[0].home for address, channel in model.channels.items()}
    shown = account.ask(documents.PREVIEW, email=email, mobile=mobile)["linkPreview"]
    joined = model.add(email, mobile, at)
    assert shown["outcome"] == joined.outcome
    assert shown["guard"] in (joined.objections or [None])
    if joined.objections:
        return
    profile = model.profile(joined.own)
    assert {each["address"] for each in shown["channelsAfter"]} == {channel.address for channel in profile}
    ids = {each["channel"]["id"] for each in shown["channelsAfter"] if each["channel"]}
    assert ids == {channel.id for channel in profile if channel.address in before}
    values = {key: value.value for key, (_, value) in winners(profile).items() if value.value is not None}
    assert {each["key"]: each["value"] for each in shown["fieldsAfter"] if each["value"] is not None} == values
    assert shown["survivor"] == ({"id": before[profile[0].address]} if joined.outcome != "CREATED" else None)
    assert shown["absorbed"] == ([{"id": before[joined.merge.absorbed.address]}] if joined.merge else [])
