"""GraphQL over HTTP, to the letter of its specification (GraphQL over HTTP, stage 2 draft)."""

from app.web.graphql.view import GraphQL

__all__ = ["GraphQL"]
