"""Telling how far it is."""

from rich.console import Console

console = Console(stderr=True)


def progress(text: str) -> None:
    """Shows the text: on a terminal in the place of the one before, else on a line of its own."""
    if console.is_terminal:
        console.print(text[: console.width - 1].ljust(console.width - 1), end="\r", highlight=False, markup=False)
    else:
        console.print(text, highlight=False, markup=False, soft_wrap=True)
