"""GraphQL over HTTP, to the letter of its specification (stage 2 draft), over server-sent events and WebSocket."""

from app.web.graphql.executing import Executing
from app.web.graphql.view import GraphQL

__all__ = ["Executing", "GraphQL"]
