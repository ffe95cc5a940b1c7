"""The product is what the model says, through random lives: `machine` has the steps, `checking` what holds."""

import pytest
from hypothesis import seed
from hypothesis.stateful import run_state_machine_as_test

from tests.identity.effort import LONG, tried
from tests.identity.machine import IdentityMachine
from tests.identity.world import World


@pytest.mark.parametrize("half", [1, 2])
def test_the_product_is_as_the_model_says_after_every_step(world: World, half: int) -> None:
    many = tried(50, long=1000) if world.database.dialect == "sqlite" else tried(15, long=150, steps=30)
    machine = machine_in(world)
    run_state_machine_as_test(machine if LONG else seed(half)(machine), settings=many)


def machine_in(found: World) -> type[IdentityMachine]:
    """The machine, in that world."""

    class Machine(IdentityMachine):
        world = found

    return Machine
