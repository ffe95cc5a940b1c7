"""A folder into which files are dropped, as it lies on the disk: taking files from it, and putting them away."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import BinaryIO, NamedTuple
from uuid import UUID, uuid4

import orjson

TAKEN, DONE, FAILED = ".importing", "done", "failed"
NOTE = ".import"  # beside a file that was taken; no file that is taken has a hidden name
LONGEST_NAME = 255  # bytes


class Stamp(NamedTuple):
    """How a file looks: one that is written to looks otherwise."""

    size: int
    changed_ns: int


class Note(NamedTuple):
    """Which import was made of a file that was taken, and how the file looked then."""

    import_id: UUID
    stamp: Stamp


@dataclass(slots=True)
class Folder:
    """The folder, and since when the files in it look as they do: one that changes is still being written."""

    path: Path
    quiet: float
    _seen: Mapping[str, tuple[Stamp, float]] = field(default_factory=dict)

    def prepare(self) -> None:
        """Makes the folders into which files are moved. Raises OSError where they cannot be used."""
        for name in (TAKEN, DONE, FAILED):
            (self.path / name).mkdir(exist_ok=True)
            if not os.access(self.path / name, os.R_OK | os.W_OK | os.X_OK):
                raise PermissionError(None, "Permission denied", os.fspath(self.path / name))
        stamps(self.path)

    def finished(self, now: float) -> list[str]:
        """The files that have not changed for so long that they seem to be whole."""
        since = {}
        for name, stamp in stamps(self.path).items():
            before = self._seen.get(name)
            since[name] = before if before and before[0] == stamp else (stamp, now)
        self._seen = since
        return sorted(name for name, (_, at) in since.items() if now - at >= self.quiet)

    def take(self, name: str) -> None:
        """Moves a file into a folder of its own; who moves it first has it."""
        own = self.path / TAKEN / uuid4().hex
        own.mkdir()
        try:
            (self.path / name).rename(own / name)
        except OSError as error:
            own.rmdir()
            if not isinstance(error, FileNotFoundError):
                raise

    def taken(self) -> list[Path]:
        """The files that were taken and not put away yet, by this watcher or one that ended before."""
        return sorted(path for path in (self.path / TAKEN).glob("*/*") if path.name[0] != ".")

    def put_away(self, taken: Path, *, into: str) -> Path:
        """Moves a file that was imported; where it is now. It gets a number where its name is taken."""
        place = free(self.path / into, taken.name)
        try:
            taken.rename(place)
        except OSError:
            place.unlink(missing_ok=True)
            raise
        with suppress(OSError):  # an empty folder does no harm
            (taken.parent / NOTE).unlink(missing_ok=True)
            taken.parent.rmdir()
        return place


def stamps(folder: Path) -> Mapping[str, Stamp]:
    """How the files look that may be taken, by their names: no hidden ones, no links."""
    found = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.lower().endswith(".csv") and entry.name[0] != "." and entry.is_file(follow_symlinks=False):
                with suppress(FileNotFoundError):
                    found[entry.name] = stamp(entry.stat(follow_symlinks=False))
    return found


def stamp(stat: os.stat_result) -> Stamp:
    """How a file looks."""
    return Stamp(stat.st_size, stat.st_mtime_ns)


def free(folder: Path, name: str) -> Path:
    """A place that nobody else has or gets, under that name or with a number after it."""
    stem, dot, suffix = name.rpartition(".")
    for number in count(1):
        place = folder / (name if number == 1 else fitting(stem, f"-{number}{dot}{suffix}"))
        with suppress(FileExistsError):
            os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            return place
    raise AssertionError


def beside(place: Path, suffix: str) -> Path:
    """Where what belongs to a file is put: under its name, which nobody else has there."""
    return place.with_name(fitting(place.name, f".{suffix}"))


def fitting(name: str, suffix: str) -> str:
    """The name with the suffix; where both are too long for a file, part of the name gives way to its digest."""
    content = os.fsencode(name)
    room = LONGEST_NAME - len(os.fsencode(suffix))
    if len(content) <= room:
        return name + suffix
    digest = sha256(content).hexdigest()[:8]
    return f"{content[: room - 9].decode(errors='ignore')}~{digest}{suffix}"


def shown(name: str) -> str:
    """A name as it can be printed, whatever bytes are in it."""
    return name.encode(errors="backslashreplace").decode()


@contextmanager
def locked(path: Path) -> Iterator[BinaryIO | None]:
    """The open file, for this process alone; None where another has it, or put it away already. Raises OSError."""
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


def noted(taken: Path) -> Note | None:
    """What is noted of a file that was taken."""
    try:
        note = orjson.loads((taken.parent / NOTE).read_bytes())
        return Note(UUID(note["import"]), Stamp(*note["stamp"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):  # none, or one that was broken off
        return None


def write_note(taken: Path, note: Note) -> None:
    """Notes which import is made of a file, so that whoever finds the file later goes on with that one."""
    with (taken.parent / NOTE).open("wb") as out:
        out.write(orjson.dumps({"import": note.import_id.hex, "stamp": list(note.stamp)}))
        out.flush()
        os.fsync(out.fileno())
