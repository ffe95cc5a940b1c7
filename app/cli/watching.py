"""A folder into which files are dropped: each is taken by one watcher, imported, and put away with its report."""

import asyncio
import fcntl
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

import orjson

from app.cli.common import complaints, console
from app.cli.importing import Importing, Stopped
from app.cli.reports import Report, reported
from app.db import first
from app.errors import Refusals, RequestError, each_of
from app.imports.queries.mistakes import FILE
from app.imports.reporting import failed_rows
from app.imports.rules.asking import Asked

LOOK_SECONDS = 2.0
TAKEN, DONE, FAILED = ".importing", "done", "failed"
Ask = Callable[[str], Asked]
Stamp = tuple[int, int]  # size, and time of change in nanoseconds


@dataclass(slots=True)
class Folder:
    """The folder, and how the files in it looked last: one that changes is still being written."""

    path: Path
    _seen: Mapping[str, Stamp] = field(default_factory=dict)

    def prepare(self) -> None:
        """Makes the folders into which files are moved."""
        for name in (TAKEN, DONE, FAILED):
            (self.path / name).mkdir(exist_ok=True)

    def take_finished(self) -> None:
        """Takes the files that look as they did at the last look; calls must be two seconds apart."""
        looks = stamps(self.path)
        for name, stamp in looks.items():
            if self._seen.get(name) == stamp:
                self._take(name)
        self._seen = looks

    def _take(self, name: str) -> None:
        """Moves a file into a folder of its own; who moves it first has it."""
        own = self.path / TAKEN / uuid4().hex
        own.mkdir()
        try:
            (self.path / name).rename(own / name)
        except FileNotFoundError:
            own.rmdir()

    def taken(self) -> list[Path]:
        """The files that were taken and not put away yet, by this watcher or one that ended before."""
        return sorted((self.path / TAKEN).glob("*/*"))

    def put_away(self, taken: Path, *, into: str) -> Path:
        """Moves a file that was imported; where it is now. It gets a number where its name is taken."""
        place = free(self.path / into, taken.name)
        taken.rename(place)
        taken.parent.rmdir()
        return place


def stamps(folder: Path) -> Mapping[str, Stamp]:
    """How the files look that may be taken, by their names: no hidden ones, no links."""
    found = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.lower().endswith(".csv") and entry.name[0] != "." and entry.is_file(follow_symlinks=False):
                with suppress(FileNotFoundError):
                    stat = entry.stat(follow_symlinks=False)
                    found[entry.name] = stat.st_size, stat.st_mtime_ns
    return found


def free(folder: Path, name: str) -> Path:
    """A place that nobody else has or gets, under that name or with a number after it."""
    stem, dot, suffix = name.rpartition(".")
    for number in count(1):
        place = folder / (name if number == 1 else f"{stem}-{number}{dot}{suffix}")
        with suppress(FileExistsError):
            os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            return place
    raise AssertionError


@contextmanager
def locked(path: Path) -> Iterator[BinaryIO | None]:
    """The open file, for this process alone; None where another has it, or put it away already."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        yield None
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield file if path.exists() else None


async def watch(path: Path, importing: Importing, ask: Ask, *, json: bool, pause: float = LOOK_SECONDS) -> None:
    """Imports what is dropped, one file after the other, until `stop` is set; the file under way ends its batch."""
    folder = Folder(path)
    folder.prepare()
    while not importing.stop.is_set():
        folder.take_finished()
        for taken in folder.taken():
            with locked(taken) as file:
                if file is not None and not importing.stop.is_set():
                    await Dropped(folder, taken, importing, json).take(file, ask)
        with suppress(TimeoutError):
            await asyncio.wait_for(importing.stop.wait(), pause)


@dataclass(frozen=True, slots=True)
class Dropped:
    """One file that was taken."""

    folder: Folder
    path: Path
    importing: Importing
    json: bool

    async def take(self, file: BinaryIO, ask: Ask) -> None:
        """Imports it, and puts it away; where that cannot be done now, it is taken up again at the next look."""
        try:
            await self._import(file, ask)
        except Refusals as refused:
            place = self.folder.put_away(self.path, into=FAILED)
            self._told(place, {"problem": " ".join(each.message for each in each_of(refused))})
        except Stopped:
            return
        except RequestError as error:
            complaints.print(f"{self.path.name}: {error}", style="red", markup=False, highlight=False)

    async def _import(self, file: BinaryIO, ask: Ask) -> None:
        progress = await self.importing.take(file, ask(self.path.name), lambda _: None)
        if not progress.has_ended:
            return
        tenant = self.importing.tenant
        report = await reported(self.importing.database, tenant.account_id, progress, tenant.name)
        place = self.folder.put_away(self.path, into=DONE if report.succeeded else FAILED)
        if report.has_mistakes:
            await self._write_mistakes(place, report)
        self._told(place, report.as_json())

    async def _write_mistakes(self, place: Path, report: Report) -> None:
        """Writes the rows with mistakes beside the file."""
        database, account_id = self.importing.database, self.importing.tenant.account_id
        async with database.reading(account_id) as reader:
            of = first(await reader.fetch(FILE, import_id=report.progress.id))
        if of is not None:
            with beside(place, "errors.csv").open("wb") as out:
                async for part in failed_rows(database, account_id, of):
                    out.write(part)

    def _told(self, place: Path, report: dict[str, object]) -> None:
        """Writes the report beside the file, and says what came of it."""
        beside(place, "report.json").write_bytes(orjson.dumps(report, option=orjson.OPT_INDENT_2))
        where = f"{place.parent.name}/{place.name}"
        if self.json:
            console.print(
                orjson.dumps({"moved": where, **report}).decode(), markup=False, highlight=False, soft_wrap=True
            )
        else:
            console.print(f"{self.path.name}: {where}, {report.get('rows', 0)} rows", markup=False, highlight=False)


def beside(place: Path, suffix: str) -> Path:
    """Where what belongs to a file is put: under its name, which nobody else has there."""
    return place.with_name(f"{place.name}.{suffix}")
