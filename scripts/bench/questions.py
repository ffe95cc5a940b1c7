"""What is asked: of GraphQL servers as documents, of the hand-written one as paths; and how to compare answers."""

from dataclasses import dataclass
from typing import Any

import orjson

ONE = """query Profile($id: ID!) {
  profile(by: {id: $id}) {
    id displayName isLinked
    channels { id kind address }
    engagements(first: 20) { nodes { id kind occurredAt } }
  }
}"""
PAGE = """query Profiles {
  profiles(first: 50) { nodes { id displayName isLinked channels { id kind address } } }
}"""
PAGE_WITH_ENGAGEMENTS = """query ProfilesWithEngagements {
  profiles(first: 50) {
    nodes {
      id displayName isLinked
      channels { id kind address }
      engagements(first: 5) { nodes { id kind occurredAt } }
    }
  }
}"""
ADD = """mutation Add($input: AddSmsContactInput!) {
  addSmsContact(input: $input) {
    profile { id displayName isLinked }
    link { outcome }
    userErrors { code }
  }
}"""
CONTACT = {
    "mobileNumber": "{mobile}",
    "emailAddress": "{email}",
    "customFields": {"first_name": "Ada", "last_name": "Lovelace"},
}


@dataclass(frozen=True, slots=True)
class Question:
    """Something that is asked of every server; `{id}`, `{mobile}` and `{email}` stand for what varies."""

    name: str
    title: str
    field: str
    document: str
    variables: dict[str, Any]
    method: str
    path: str
    body: dict[str, Any] | None = None
    writes: bool = False

    def template(self, *, graphql: bool) -> tuple[str, str, str]:
        """Method, path and body of the request."""
        if graphql:
            return "POST", "/graphql", orjson.dumps({"query": self.document, "variables": self.variables}).decode()
        return self.method, self.path, orjson.dumps(self.body).decode() if self.body else ""

    def plain(self, answer: Any) -> Any:
        """The answer of a GraphQL server in the shape of the hand-written one's."""
        assert "errors" not in answer, answer
        return _unfolded(answer["data"][self.field])


def _unfolded(value: Any) -> Any:
    """The same without connections: their nodes in their place."""
    if isinstance(value, dict):
        return _unfolded(value["nodes"]) if value.keys() == {"nodes"} else {k: _unfolded(v) for k, v in value.items()}
    return [_unfolded(item) for item in value] if isinstance(value, list) else value


READS = (
    Question("profile", "one profile", "profile", ONE, {"id": "{id}"}, "GET", "/profile/{id}"),
    Question("page", "50 profiles", "profiles", PAGE, {}, "GET", "/profiles"),
    Question(
        "page_engagements",
        "50 profiles with engagements",
        "profiles",
        PAGE_WITH_ENGAGEMENTS,
        {},
        "GET",
        "/profiles-engagements",
    ),
)
ADDING = Question(
    "add", "adding a contact", "addSmsContact", ADD, {"input": CONTACT}, "POST", "/contacts", CONTACT, writes=True
)
