"""How Alembic reaches the database: over the connection that `upgrade` gives it."""

from alembic import context
from sqlmodel import SQLModel

import app.tables  # noqa: F401 -- fills the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
