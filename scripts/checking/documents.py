"""What the clients and the check ask, in GraphQL."""

from typing import Any

PROFILE = "{ id channels { id } neverLinks { id oneSide { id } otherSide { id } } }"
RESULT = "{ outcome merges { id absorbedId } proposal { id channels { id } } }"
ADDED = f"profile {PROFILE} channels {{ id }} link {RESULT}"
PAYLOADS = {
    "addSmsContact": ADDED,
    "addEmailContact": ADDED,
    "addChannel": ADDED,
    "mergeProfiles": f"profile {PROFILE} merge {{ id absorbedId }}",
    "undoMerge": f"survivor {PROFILE} restored {PROFILE} merge {{ id }}",
    "unlinkChannel": f"remaining {PROFILE} separated {PROFILE}",
    "liftNeverLink": "deletedId",
    "resolveLinkProposal": f"proposal {{ id profiles {PROFILE} }} link {RESULT}",
}


def mutation(kind: str) -> str:
    """The document of a mutation; every answer is under `done`."""
    input = kind[0].upper() + kind[1:] + "Input"
    payload = f"{PAYLOADS[kind]} userErrors {{ code field message }}"
    return f"mutation Check($input: {input}!) {{ done: {kind}(input: $input) {{ {payload} }} }}"


MUTATIONS = {kind: mutation(kind) for kind in PAYLOADS}

RESOLVE = "query Resolve($ids: [ID!]!) { nodes(ids: $ids) { id ... on Profile { channels { id } } } }"

PROFILES = """
query Profiles($after: String) {
  profiles(first: 100, after: $after, orderBy: {field: CREATED_AT, direction: ASC}) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id
      channels { id kind address }
      links(withRetracted: true) { id at retractedAt source { detail } channels { id } merge { id } }
      neverLinks { id oneSide { id } otherSide { id } }
      merges { id reason at undoneAt channels { id } }
    }
  }
}
"""

PROPOSALS = """
query Proposals($after: String) {
  linkProposals(first: 250, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes { id reason status resolvedAt channels { id } }
  }
}
"""

REPORT = "{ linkage { profiles linked emailOnly smsOnly } }"


def outcome(payload: dict[str, Any]) -> dict[str, Any]:
    """What a repeat of the same call must tell again: ids, outcome and user errors, not what objects are like now."""
    link = payload.get("link") or {}
    return {
        "errors": [[error["code"], error["field"]] for error in payload["userErrors"]],
        "outcome": link.get("outcome"),
        "channels": [channel["id"] for channel in payload.get("channels") or ()],
        "merges": [merge["id"] for merge in link.get("merges") or ()],
        "proposal": (link.get("proposal") or payload.get("proposal") or {}).get("id"),
        "merge": (payload.get("merge") or {}).get("id"),
        "deleted": payload.get("deletedId"),
    }
