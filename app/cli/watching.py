"""Watching a folder: each file dropped there is taken by one watcher, imported, and put away with its report."""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, BinaryIO

import orjson

from app.cli.common import complaints, console
from app.cli.folders import DONE, FAILED, Folder, Note, Stamp, beside, locked, noted, shown, stamp, write_note
from app.cli.importing import Importing, Stopped
from app.cli.reports import Report, counted, reported, write_mistakes
from app.errors import Refusal, Refusals, RequestError, each_of
from app.ids import spelled
from app.imports.queries.watching import Progress
from app.imports.rules.asking import Asked
from app.tables import ImportStatus

LOOK_SECONDS = 2.0
QUIET_SECONDS = 5.0
Ask = Callable[[str], Asked]


@dataclass(slots=True)
class Complaints:
    """What was complained of: the same is said once, however often it is met."""

    _said: dict[str, str] = field(default_factory=dict)

    def say(self, of: Path, problem: Exception | str) -> None:
        """Says what is wrong with a file or folder, unless that was said before."""
        why = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
        line = f"{shown(of.name)}: {why}"
        if self._said.get(str(of)) != line:
            self._said[str(of)] = line
            say(line, style="red")

    def forget(self, of: Path) -> None:
        """Something is right again."""
        self._said.pop(str(of), None)


def say(line: str, *, style: str | None = None) -> None:
    """Says something to whoever looks on, beside what is reported."""
    complaints.print(line, style=style, markup=False, highlight=False, soft_wrap=True)


async def watch(
    path: Path, importing: Importing, ask: Ask, *, json: bool, quiet: float = QUIET_SECONDS, dry_run: bool = False
) -> None:
    """Imports what is dropped, one file after the other, until `stop` is set; the file under way ends its batch.

    Raises OSError where the folder cannot be used.
    """
    folder = Folder(path, quiet)
    folder.prepare()
    watcher = Watcher(folder, importing, ask, json)
    done = "rehearsed" if dry_run else "imported"
    say(f"Files dropped into {shown(str(path))} are {done} for the account {importing.tenant.name}, until Ctrl-C.")
    while not importing.stop.is_set():
        await watcher.look()
        with suppress(TimeoutError):
            await asyncio.wait_for(importing.stop.wait(), min(LOOK_SECONDS, quiet))
    say(watcher.last)


@dataclass(slots=True)
class Watcher:
    """Who looks into the folder again and again; nothing that is wrong with one file keeps it from the next."""

    folder: Folder
    importing: Importing
    ask: Ask
    json: bool
    complaints: Complaints = field(default_factory=Complaints)
    last: str = "Stopped; no file was under way."

    async def look(self) -> None:
        """Takes the files that are whole, and imports all that were taken."""
        for path in self._taken():
            if not self.importing.stop.is_set():
                await self._deal_with(path)

    def _taken(self) -> list[Path]:
        try:
            names = self.folder.finished(monotonic())
            self.complaints.forget(self.folder.path)
        except OSError as error:
            self.complaints.say(self.folder.path, error)
            return []
        for name in names:
            try:
                self.folder.take(name)
            except OSError as error:
                self.complaints.say(self.folder.path / name, error)
        return self.folder.taken()

    async def _deal_with(self, path: Path) -> None:
        """Imports a file, if no other watcher does; one that cannot be opened is put with those that failed."""
        dropped = Dropped(self, path)
        try:
            with locked(path) as file:
                if file is not None:
                    await dropped.take(file)
        except OSError as error:
            self.complaints.say(path, error)
            with suppress(OSError):
                dropped.refuse(f"The file cannot be read: {error.strerror}.")


@dataclass(frozen=True, slots=True)
class Dropped:
    """One file that was taken."""

    watcher: Watcher
    path: Path

    async def take(self, file: BinaryIO) -> None:
        """Imports it, and puts it away; where that cannot be done now, it is taken up again at the next look."""
        try:
            await self._import(file)
        except (Refusal, Refusals) as refused:
            self.refuse(" ".join(each.message for each in each_of(refused)))
        except Stopped:
            self.watcher.last = f"Stopped before {shown(self.path.name)} was read: the next watcher imports it."
        except (RequestError, OSError) as error:
            self.watcher.complaints.say(self.path, error)

    def refuse(self, problem: str) -> None:
        """Puts it with those that failed, and says why. Raises OSError."""
        place = self.watcher.folder.put_away(self.path, into=FAILED)
        self._told(place, {"problem": {"message": problem}}, problem)

    async def _import(self, file: BinaryIO) -> None:
        looked, progress = await self._run(file)
        if not progress.has_ended:
            self.watcher.last = (
                f"Stopped after {counted(progress.rows, 'row')} of {shown(self.path.name)}: the next watcher goes on "
                f"with it, or a server over this database ({spelled('Import', progress.id)})."
            )
        elif stamp(os.fstat(file.fileno())) == looked:
            await self._put_away(progress)
        else:
            self.watcher.folder.put_away(self.path, into="")
            say(f"{shown(self.path.name)}: it changed while it was imported, and is imported again once it is whole.")

    async def _run(self, file: BinaryIO) -> tuple[Stamp, Progress]:
        """Imports the file, or goes on with its import; how it looked when that began, and what came of it."""
        note, importing = noted(self.path), self.watcher.importing
        found = await importing.found(note.import_id) if note else None
        if note and found and await self._has_file(found):
            return note.stamp, found if found.has_ended else await importing.run(found.id)
        looked = stamp(os.fstat(file.fileno()))
        asked = self.watcher.ask(self.path.name)
        return looked, await importing.take(file, asked, note=partial(self._note, looked))

    def _note(self, looked: Stamp, id: Any) -> None:
        write_note(self.path, Note(id, looked))

    async def _has_file(self, of: Progress) -> bool:
        """Whether an import has all of its file; one that never will has its end here."""
        if of.status is ImportStatus.AWAITING_UPLOAD:
            await self.watcher.importing.cancel(of.id)
            return False
        return of.status is not ImportStatus.CANCELLED or of.bytes_total is not None

    async def _put_away(self, progress: Progress) -> None:
        importing = self.watcher.importing
        database, tenant = importing.database, importing.tenant
        report = await reported(database, tenant.account_id, progress, tenant.name)
        place = self.watcher.folder.put_away(self.path, into=DONE if report.succeeded else FAILED)
        try:
            if report.has_mistakes:
                await write_mistakes(database, tenant.account_id, progress.id, beside(place, "errors.csv"))
        finally:
            self._told(place, report.as_json(), came_of(report))

    def _told(self, place: Path, report: dict[str, object], said: str) -> None:
        """Says what came of it, and writes the report beside the file."""
        where = f"{place.parent.name}/{shown(place.name)}"
        line = f"{shown(self.path.name)}: {where}, {said}"
        if self.watcher.json:
            line = orjson.dumps({"moved": where, **report}).decode()
        console.print(line, markup=False, highlight=False, soft_wrap=True)
        beside(place, "report.json").write_bytes(orjson.dumps(report, option=orjson.OPT_INDENT_2))


def came_of(report: Report) -> str:
    """What came of a file, in a few words."""
    of = report.progress
    if of.problem:
        return report.problem
    said = f"{counted(of.rows, 'row')}, {of.failed:,} failed"
    return said if report.succeeded else f"{said}, {of.status}"
