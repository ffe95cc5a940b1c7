"""The outbox: a folder on disk as provider, so that everything works with nothing configured."""

import asyncio
import os
import shutil
import tempfile
from pathlib import Path
from uuid import UUID

from app.delivery.rules import writing
from app.delivery.rules.sending import Outgoing
from app.kinds import ChannelKind


class Outbox:
    """Writes each message to a file of its own: `<account>/<channel>/<message>.eml`, or `.txt` for a text message.

    The names are hex digits of ids. `host` is what emails come from.
    """

    def __init__(self, folder: Path, *, host: str) -> None:
        self._folder = folder
        self._host = host

    async def send(self, message: Outgoing) -> str:
        """Writes the message, unless it was written before; where it lies in the folder."""
        ending, content = self._written(message)
        name = Path(message.account.hex, message.channel_id.hex, f"{message.id.hex}.{ending}")
        await asyncio.to_thread(write, self._folder / name, content)
        return str(name)

    async def forget(self, account: UUID, channel_id: UUID) -> None:
        """Removes the files of all messages to a channel."""
        await asyncio.to_thread(remove, self._folder / account.hex / channel_id.hex)

    def _written(self, message: Outgoing) -> tuple[str, bytes]:
        if message.kind is ChannelKind.EMAIL:
            return "eml", writing.email(message, host=self._host).as_bytes()
        return "txt", writing.text(message).encode()


def write(path: Path, content: bytes) -> None:
    """Writes a file for its owner alone, whole or not at all, so that it outlasts a crash; not one that is there."""
    if path.exists():
        return
    folder(path.parent)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).replace(path)
    sync(path.parent)


def folder(path: Path) -> None:
    """Makes the folder, and those above it, where they are missing."""
    if not path.is_dir():
        folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)
        sync(path.parent)


def sync(path: Path) -> None:
    """Puts on disk which files a folder has."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove(path: Path) -> None:
    """Removes a folder with all that is in it, if it is there."""
    if path.exists():
        shutil.rmtree(path)
