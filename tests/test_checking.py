"""Each check of scripts/check_identity finds what it is there for, and nothing else, in an account made by hand."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checking.callers import INTERNAL, Answer
from checking.clients import Course
from checking.disturbing import Disturbance
from checking.findings import violations
from checking.journal import Fate, Journal, Record
from checking.servers import LIMIT
from checking.state import Channel, Link, Merge, NeverLink, Proposal, State
from checking.stores import SQLiteStore
from checking.work import Work

TOLD: dict[str, Any] = {
    "errors": [],
    "outcome": None,
    "channels": [],
    "merges": [],
    "proposal": None,
    "merge": None,
    "deleted": None,
}


def record(number: int, kind: str, input: dict[str, Any], addresses: tuple[str, ...] = (), **outcome: Any) -> Record:
    """An acknowledged operation, sent and answered within one second."""
    told = TOLD | outcome
    return Record(number, kind, input, None, addresses, Fate.ACKNOWLEDGED, number, number + 0.5, 1, told)


class World:
    """Ann's two addresses were merged and Bob's cut in two again; then one of Ann's numbers was unlinked."""

    def __init__(self, folder: Path) -> None:
        self.state = State(
            profile_ids=["ann", "bob", "rob", "gone"],
            channels=[
                Channel("a1", "EMAIL", "a@x", "ann"),
                Channel("a2", "SMS", "+1", "ann"),
                Channel("b1", "EMAIL", "b@x", "bob"),
                Channel("b2", "SMS", "+2", "rob"),
                Channel("c1", "SMS", "+3", "gone"),
            ],
            links={
                "l1": Link("l1", ("a1", "a2"), "operation 1", 1, None, "m1"),
                "l2": Link("l2", ("b1", "b2"), "operation 2", 2, 3.2, "m2"),
                "l3": Link("l3", ("a1", "c1"), "operation 4", 4, 5.2, None),
            },
            never_links={"n1": NeverLink("n1", frozenset(["b1"]), frozenset(["b2"]))},
            merges={
                "m1": Merge("m1", "data", 1, None, frozenset(["a2"])),
                "m2": Merge("m2", "data", 2, 3.2, frozenset(["b2"])),
            },
            proposals={
                "p1": Proposal("p1", "NEVER_LINK", "OPEN", None, ("b1", "b2")),
                "p2": Proposal("p2", "ROLE_ADDRESS", "REJECTED", 7.2, ("b1", "b2")),
            },
            report={"profiles": 4, "linked": 1, "emailOnly": 1, "smsOnly": 2},
            resolved={"ann": {"id": "ann"}, "ann too": {"id": "ann"}},
        )
        self.course = Course(Work(1, 1, 1), Journal(folder / "operations.jsonl"))
        self.course.seen.homes, self.course.seen.channel_at_home = {"a2": "ann too"}, {"ann too": "a2"}
        self.course.seen.never_links["n2"] = frozenset(["a1"]), frozenset(["b1"])
        self.records = {
            1: record(1, "addSmsContact", {}, ("a@x", "+1"), outcome="MERGED", merges=["m1"]),
            2: record(2, "addEmailContact", {}, ("b@x", "+2"), outcome="MERGED", merges=["m2"]),
            3: record(3, "undoMerge", {"mergeId": "m2", "neverLinkAgain": True}, merge="m2"),
            4: record(4, "addEmailContact", {}, ("a@x", "+3"), outcome="LINKED"),
            5: record(5, "unlinkChannel", {"channelId": "c1", "neverLinkAgain": False}),
            6: record(6, "addSmsContact", {}, ("b@x", "+2"), outcome="PROPOSED", proposal="p1"),
            7: record(7, "resolveLinkProposal", {"id": "p2", "accept": False}, proposal="p2"),
            8: record(8, "liftNeverLink", {"id": "n2"}, deleted="n2"),
        }
        self.disturbance = Disturbance([], SQLiteStore(folder), 1, 1, restarts=[(100.0, 101.0)])
        self.retries = 0

    def found(self) -> set[str]:
        """The checks that find something."""
        self.course.journal.records = list(self.records.values())
        self.course.journal.close()
        return set(violations(self.state, self.course, self.disturbance, self.retries, {}))


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A world without a fault."""
    return World(tmp_path)


def test_nothing_is_found_where_nothing_is_wrong(world: World) -> None:
    assert world.found() == set()


def moved(world: World) -> None:
    world.state.channels[1] = replace(world.state.channels[1], profile_id="gone")
    world.state.report = {"profiles": 4, "linked": 0, "emailOnly": 2, "smsOnly": 2}
    del world.course.seen.channel_at_home["ann too"]


def twice(world: World) -> None:
    world.state.channels.append(Channel("c2", "SMS", "+3", "gone"))
    world.state.links["l4"] = Link("l4", ("c1", "c2"), None, 1, None, None)


def crowded(world: World) -> None:
    for number in range(LIMIT + 1):
        world.state.channels.append(Channel(f"d{number}", "EMAIL", f"{number}@x", "bob"))
        world.state.links[f"d{number}"] = Link(f"d{number}", ("b1", f"d{number}"), None, 1, None, None)


def glued(world: World) -> None:
    world.state.never_links["n3"] = NeverLink("n3", frozenset(["a1"]), frozenset(["a2", "b1"]))


def put(name: str, key: str, **changes: Any) -> Callable[[World], None]:
    """Changes one of the state's objects."""

    def change(world: World) -> None:
        objects = getattr(world.state, name)
        objects[key] = replace(objects[key], **changes)

    return change


def drop(name: str, key: str) -> Callable[[World], None]:
    """Takes one of the state's objects away."""
    return lambda world: getattr(world.state, name).pop(key)


def again(number: int, **changes: Any) -> Callable[[World], None]:
    """Changes one of the records."""

    def change(world: World) -> None:
        world.records[number] = replace(world.records[number], **changes)

    return change


def second(id: str, of: str) -> Callable[[World], None]:
    """A second link of the same operation."""
    return lambda world: world.state.links.update({id: replace(world.state.links[of], id=id, merge_id=None)})


def answered(code: str, message: str = "", at: float = 50) -> Callable[[World], None]:
    """An attempt that was answered with an error."""
    answer = Answer(at, at + 0.1, None, code, message)
    return lambda world: world.course.answers.append(("addSmsContact", answer))


def third(world: World) -> None:
    world.records[9] = replace(world.records[3], number=9)


def resolved_twice(world: World) -> None:
    world.records[9] = replace(world.records[7], number=9)


def proposed_twice(world: World) -> None:
    world.state.proposals["p3"] = replace(world.state.proposals["p1"], id="p3")


def overruled(world: World) -> None:
    del world.state.never_links["n1"]
    world.state.merges["m3"] = Merge("m3", "accepted", 8, 9, frozenset(["b2", "c1"]))


def lifted(world: World) -> None:
    world.state.never_links["n2"] = NeverLink("n2", frozenset(["a1"]), frozenset(["b1"]))


@pytest.mark.parametrize(
    ("broken", "found"),
    [
        (twice, {"one channel for an address", "contacts are kept"}),
        (moved, {"profiles are what links join"}),
        (put("links", "l2", ends=("b1", "b3")), {"profiles are what links join", "contacts are kept", "cuts are kept"}),
        (glued, {"never links hold"}),
        (crowded, {"nobody is over the limit"}),
        (put("proposals", "p1", status="SUPERSEDED"), {"proposals fit"}),
        (put("proposals", "p1", resolved_at=1), {"proposals fit"}),
        (proposed_twice, {"proposals fit"}),
        (lambda world: world.state.report.update(linked=2), {"the report adds up"}),
        (lambda world: world.state.resolved.update(ann=None), {"ids resolve"}),
        (lambda world: world.state.resolved.update({"ann too": {"id": "bob"}}), {"ids resolve"}),
        (drop("links", "l3"), {"contacts are kept"}),
        (second("l4", "l1"), {"contacts are kept"}),
        (again(4, fate=Fate.REFUSED, outcome=TOLD), {"contacts are kept"}),
        (again(4, fate=Fate.FAILED, outcome={"codes": []}), {"contacts are kept"}),
        (again(4, addresses=("a@x", "+9")), {"contacts are kept"}),
        (drop("merges", "m1"), {"merges are kept"}),
        (put("merges", "m2", undone_at=None), {"undos are kept"}),
        (third, {"undos are kept"}),
        (
            put("links", "l1", retracted_at=9.0),
            {"profiles are what links join", "retractions are explained", "undos are kept"},
        ),
        (put("links", "l3", retracted_at=9.0), {"retractions are explained", "unlinks are kept"}),
        (put("links", "l3", retracted_at=None), {"profiles are what links join", "unlinks are kept"}),
        (put("proposals", "p2", status="ACCEPTED"), {"proposals are kept"}),
        (drop("proposals", "p1"), {"proposals are kept"}),
        (resolved_twice, {"proposals are kept"}),
        (lifted, {"lifts are kept"}),
        (drop("never_links", "n1"), {"cuts are kept"}),
        (overruled, set()),
        (lambda world: world.course.mistakes.append("two answers"), {"answers agree"}),
        (answered(INTERNAL), {"answers are clean"}),
        (answered(INTERNAL, "deadlock detected", at=100.5), {"answers are clean"}),
        (answered("BAD_USER_INPUT"), {"answers are clean"}),
        (answered(INTERNAL, at=100.5), set()),
        (answered("OVERLOADED"), set()),
    ],
)
def test_what_is_broken_is_found(world: World, broken: Callable[[World], None], found: set[str]) -> None:
    broken(world)
    assert world.found() == found
