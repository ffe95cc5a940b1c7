"""What answers have shown: ids that must go on resolving, never-links, and mistakes that show at once."""

from typing import Any

from checking.addresses import Family

Pair = tuple[frozenset[str], frozenset[str]]


class Seen:
    """Everything that the clients were told, and what in it contradicts itself."""

    def __init__(self) -> None:
        self.profile_ids: set[str] = set()
        self.merge_ids: set[str] = set()
        self.never_links: dict[str, Pair] = {}
        self.homes: dict[str, str] = {}  # of channels that were their profile's oldest
        self.channel_at_home: dict[str, str] = {}
        self.mistakes: list[str] = []

    def payload(self, payload: dict[str, Any], family: Family) -> None:
        """Takes down what the payload of a mutation shows."""
        proposal = payload.get("proposal") or (payload.get("link") or {}).get("proposal")
        profiles = [payload.get(name) for name in ("profile", "survivor", "restored", "remaining", "separated")]
        for profile in (*profiles, *((payload.get("proposal") or {}).get("profiles") or ())):
            if profile:
                self._profile(profile, family)
        merges = (payload.get("link") or {}).get("merges") or ()
        for merge in (*merges, payload.get("merge")):
            if merge:
                self.merge_ids.add(merge["id"])
                family.merge_ids.append(merge["id"])
                self._profile_id(merge.get("absorbedId"), family)
        if proposal:
            family.proposal_ids.append(proposal["id"])

    def _profile(self, profile: dict[str, Any], family: Family) -> None:
        """A profile as it was in one moment: it goes by the home of its oldest channel, which never changes."""
        self._profile_id(profile["id"], family)
        ids = [channel["id"] for channel in profile["channels"]]
        for id in ids:
            if id not in family.channel_ids:
                family.channel_ids.append(id)
        for never in profile["neverLinks"]:
            one, other = (frozenset(end["id"] for end in never[side]) for side in ("oneSide", "otherSide"))
            self.never_links[never["id"]] = one, other
            if never["id"] not in family.never_link_ids:
                family.never_link_ids.append(never["id"])
        if not ids:
            self.mistakes.append(f"{profile['id']} was shown without channels")
            return
        home = self.homes.setdefault(ids[0], profile["id"])
        channel = self.channel_at_home.setdefault(profile["id"], ids[0])
        if home != profile["id"] or channel != ids[0]:
            self.mistakes.append(f"{ids[0]} was the oldest of {profile['id']}, where before {channel} was, at {home}")

    def _profile_id(self, id: str | None, family: Family) -> None:
        if id:
            self.profile_ids.add(id)
            if id not in family.profile_ids:
                family.profile_ids.append(id)
