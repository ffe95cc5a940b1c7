"""How often Python looks for garbage that holds itself."""

import gc

OBJECTS = 20_000  # more than a batch of an import has at a time of any kind; Python begins with 700


def seldom() -> None:
    """Lets it be looked for seldom, and leaves alone what is loaded for good: else it takes much of the time."""
    gc.freeze()
    gc.set_threshold(OBJECTS, *gc.get_threshold()[1:])
