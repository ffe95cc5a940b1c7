"""Every setting, each also the environment variable TANDEM_ and its name in capitals."""

import os
import secrets
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Settings(BaseSettings):
    """What an operator can choose; the defaults serve one machine without any preparation."""

    model_config = SettingsConfigDict(env_prefix="TANDEM_", extra="ignore")

    database_url: str = Field("", description="sqlite:///PATH or postgresql://…; empty: SQLite in the data directory")
    data_dir: Path = Field(Path("data"), description="where SQLite, the secret and the demo key live")
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    outbox_dir: Path | None = Field(None, description="where messages are put; empty: outbox in the data directory")
    public_url: str = Field("", description="how others reach this server, for links in messages and signed webhooks")
    workers: int = Field(1, ge=1, description="server processes; more than one needs PostgreSQL")
    development: bool = Field(True, description="on loopback: a demo account, and GraphiQL with its key preset")
    secret: str = Field("", description="seals consent ledgers; empty: made once and kept in the data directory")
    max_body_bytes: int = Field(10_000_000, ge=1)
    max_import_bytes: int = Field(2 * 1024**3, ge=1, description="the largest file that may be sent for an import")
    max_connections: int = Field(16, ge=2, description="database connections of one server process")
    max_waiting_writes: int = Field(1000, ge=1, description="SQLite: changes that may wait for their turn")
    shutdown_seconds: int = Field(20, ge=1, description="how long requests under way may take to end")

    @property
    def url(self) -> str:
        """The database's address, the default filled in."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'tandem.db').absolute()}"

    @property
    def outbox(self) -> Path:
        """The folder into which messages are written, the default filled in."""
        return self.outbox_dir or self.data_dir / "outbox"

    @property
    def demonstrates(self) -> bool:
        """Whether this server makes and shows demo data: in development, and only where nobody else can reach it."""
        return self.development and self.host in LOOPBACK

    @property
    def reached_at(self) -> str:
        """How others reach this server, without a slash at the end; the address it listens on if nothing is said."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")

    def secret_bytes(self) -> bytes:
        """The server's secret: the setting, else a file in the data directory that is made once.

        All processes over one database must have the same; keep it as carefully as the database.
        """
        return (self.secret or kept_secret(self.data_dir / "secret")).encode()


def kept_secret(path: Path) -> str:
    """What the file holds; made of 32 random bytes, readable by its owner alone, where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
    return path.read_text().strip()
