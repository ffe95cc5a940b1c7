"""What the API shows of an account: as the model says, and as the product does, in one form."""

from collections.abc import Iterable
from typing import Any

from tests.identity.contents import Channel, display_name, primary, winners
from tests.identity.evidence import Link, NeverLink
from tests.identity.model import KINDS, Model

Shown = dict[str, Any]


def expected(model: Model) -> Shown:
    """What the account must show."""
    profiles = model.profiles()
    kinds = [{channel.kind for channel in profile} for profile in profiles]
    return {
        "linkage": {
            "profiles": len(profiles),
            "linked": sum(len(found) == 2 for found in kinds),
            "emailOnly": kinds.count({"EMAIL"}),
            "smsOnly": kinds.count({"SMS"}),
        },
        "proposals": {
            proposal.id: {
                "status": model.status(proposal),
                "reason": next(iter(proposal.reasons)),
                "channels": ids(proposal.ends),
                "profiles": {model.profile(end)[0].home for end in proposal.ends},
            }
            for proposal in model.proposals
        },
        "profiles": {profile[0].home: _profile(model, profile) for profile in profiles},
    }


def _profile(model: Model, channels: list[Channel]) -> Shown:
    shown = winners(channels)
    links = [link for link in model.links if not link.ends.isdisjoint(channels)]
    cuts = [cut for cut in model.never_links if not (cut.one | cut.other).isdisjoint(channels)]
    merges = [merge for merge in model.merges if merge.link in links]
    return {
        "displayName": display_name(channels),
        "isLinked": len({channel.kind for channel in channels}) == 2,
        "customFields": {key: value.value for key, (_, value) in shown.items() if value.value is not None},
        "fields": {key: (value.value, channel.id) for key, (channel, value) in shown.items()},
        "tags": sorted({tag for channel in channels for tag in channel.tags}),
        "gdprApplies": any(channel.gdpr_applies for channel in channels),
        "channels": [_channel(channel, channels) for channel in channels],
        "links": {link.id: ids(link.ends) for link in links if link.in_force},
        "claims": {link.id for link in links if link.in_force and link.claimed},
        "retracted": {link.id: ids(link.ends) for link in links if not link.in_force},
        "neverLinks": {cut.id: {frozenset(ids(cut.one)), frozenset(ids(cut.other))} for cut in cuts},
        "merges": {merge.id: merge.undone for merge in merges if merge.undone or merge.link.in_force},
    }


def _channel(channel: Channel, profile: list[Channel]) -> Shown:
    return {
        "id": channel.id,
        "address": channel.address,
        "isPrimary": channel in [primary(profile, kind) for kind in KINDS],
        "deliverability": "EXPIRED" if channel.expired_at else "ACTIVE",
        "consent": channel.consent,
        "engagements": set(channel.engagements),
    }


def observed(answer: Any, model: Model) -> Shown:
    """What the account does show; of the merges, those whose link was not retracted by other means than undoing."""
    known = {merge.id for merge in model.merges if merge.undone or merge.link.in_force}
    return {
        "linkage": answer["linkage"],
        "proposals": {
            node["id"]: {
                "status": node["status"],
                "reason": node["reason"],
                "channels": ids_in(node["channels"]),
                "profiles": ids_in(node["profiles"]),
            }
            for node in answer["linkProposals"]["nodes"]
        },
        "profiles": {node["id"]: _observed_profile(node, known) for node in answer["profiles"]["nodes"]},
    }


def _observed_profile(node: Any, known: set[str]) -> Shown:
    cuts = node["neverLinks"]
    return {
        "displayName": node["displayName"],
        "isLinked": node["isLinked"],
        "customFields": node["customFields"],
        "fields": {each["key"]: (each["value"], each["channel"]["id"]) for each in node["fields"]},
        "tags": node["tags"],
        "gdprApplies": node["compliance"]["gdprApplies"],
        "channels": [_observed_channel(channel) for channel in node["channels"]],
        "links": {link["id"]: ids_in(link["channels"]) for link in node["links"]},
        "claims": {link["id"] for link in node["links"] if link["trust"] == "CLAIMED"},
        "retracted": {link["id"]: ids_in(link["channels"]) for link in node["everyLink"] if link["retractedAt"]},
        "neverLinks": {
            cut["id"]: {frozenset(ids_in(cut["oneSide"])), frozenset(ids_in(cut["otherSide"]))} for cut in cuts
        },
        "merges": {each["id"]: bool(each["undoneAt"]) for each in node["merges"] if each["id"] in known},
    }


def _observed_channel(channel: Any) -> Shown:
    return {
        **{key: channel[key] for key in ("id", "address", "isPrimary", "deliverability")},
        "consent": channel["consent"]["status"],
        "engagements": ids_in(channel["engagements"]["nodes"]),
    }


def learn(answer: Any, model: Model) -> None:
    """Takes over what only the product knows: ids of profiles that show for the first time, links and cuts, reasons.

    What they are of is compared afterwards, with everything else.
    """
    proposals = {proposal.id: proposal for proposal in model.proposals}
    for node in answer["linkProposals"]["nodes"]:
        if node["id"] in proposals and node["reason"] in proposals[node["id"]].reasons:
            proposals[node["id"]].reasons = {node["reason"]}
    for node in answer["profiles"]["nodes"]:
        oldest = next(each for each in model.channels.values() if each.id == node["channels"][0]["id"])
        oldest.home = oldest.home or node["id"]
        for link in node["everyLink"]:
            _learn_link(link, model.links)
        for cut in node["neverLinks"]:
            _learn_cut(cut, model.never_links)


def _learn_link(shown: Any, links: Iterable[Link]) -> None:
    if shown["id"] not in {link.id for link in links}:
        for new in (link for link in links if not link.id and ids(link.ends) == ids_in(shown["channels"])):
            new.id = shown["id"]
            return


def _learn_cut(shown: Any, cuts: Iterable[NeverLink]) -> None:
    sides = [ids_in(shown["oneSide"]), ids_in(shown["otherSide"])]
    if shown["id"] not in {cut.id for cut in cuts}:
        for new in (cut for cut in cuts if not cut.id and ids(cut.one) in sides and ids(cut.other) in sides):
            new.id = shown["id"]
            return


def ids(channels: Iterable[Channel]) -> set[str]:
    """The channels' ids."""
    return {channel.id for channel in channels}


def ids_in(nodes: Iterable[Any]) -> set[str]:
    """The ids of what the API lists."""
    return {node["id"] for node in nodes}
