"""The API: what is shown, where it comes from, and what can be asked to change. One file a domain."""

from graphql_schema.context import Context
from graphql_schema.executing import Chosen, Document, document, is_query, run
from graphql_schema.schema import sdl
from graphql_schema.subscribing import is_subscription, subscribe

__all__ = ["Chosen", "Context", "Document", "document", "is_query", "is_subscription", "run", "sdl", "subscribe"]
