"""A world for random lives: a database, reached in-process."""

from collections.abc import Iterator

import pytest

from tests.identity.world import World


@pytest.fixture(scope="session")
def world(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The database with a way to it of our own; on SQLite another file, for each is served by one process."""
    file = f"sqlite:///{tmp_path_factory.mktemp('identity') / 'tandem.db'}"
    world = World(file if database_url.startswith("sqlite") else database_url)
    yield world
    world.close()
