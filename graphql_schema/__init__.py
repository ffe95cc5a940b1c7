"""The API: what is shown, where it comes from, and what can be asked to change. One file a domain."""

from graphql_schema.context import Context
from graphql_schema.executing import Document, document, is_query, run
from graphql_schema.schema import sdl

__all__ = ["Context", "Document", "document", "is_query", "run", "sdl"]
