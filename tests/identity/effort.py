"""How many random examples are tried."""

import os

from hypothesis import HealthCheck, Phase, settings

from tests.identity.world import World

LONG = bool(os.environ.get("TANDEM_LONG"))


def tried(examples: int, *, long: int, steps: int = 50) -> settings:
    """So many examples, the same ones in every run; with TANDEM_LONG another number, and others each time.

    What fails is printed as the shortest program that fails, and as a blob for `reproduce_failure`.
    """
    return settings(
        max_examples=long if LONG else examples,
        stateful_step_count=steps,
        derandomize=not LONG,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )


def on(world: World, examples: int, *, long: int) -> settings:
    """As many in that world: half of them on PostgreSQL, where each takes longer."""
    return tried(examples if world.database.dialect == "sqlite" else examples // 2, long=long)
