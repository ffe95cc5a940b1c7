"""The product is what the model says, through random lives: `machine` has the steps, `checking` what holds."""

from hypothesis.stateful import run_state_machine_as_test

from tests.identity.effort import tried
from tests.identity.machine import IdentityMachine
from tests.identity.world import World


def test_the_product_is_as_the_model_says_after_every_step(world: World) -> None:
    many = tried(200, long=2000) if world.database.dialect == "sqlite" else tried(30, long=300, steps=30)
    run_state_machine_as_test(machine_in(world), settings=many)


def machine_in(found: World) -> type[IdentityMachine]:
    """The machine, in that world."""

    class Machine(IdentityMachine):
        world = found

    return Machine
