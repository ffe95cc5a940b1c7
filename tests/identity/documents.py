"""The GraphQL documents by which the product is driven and looked at."""

_ERRORS = "userErrors { code field }"
_MERGE = "{ id absorbedId survivor { id } channels { id } links { channels { id } } undoneAt }"
_LINK = f"{{ outcome merges {_MERGE} proposal {{ id reason status }} }}"
_REFUSED = "consentRefused { channel { id } code }"
_ADDED = f"{{ profile {{ id }} channels {{ id address }} link {_LINK} {_REFUSED} {_ERRORS} }}"


def _mutation(name: str, payload: str) -> str:
    """A document with one mutation, under the name `done`."""
    type_ = name[0].upper() + name[1:] + "Input"
    return f"mutation ($input: {type_}!) {{ done: {name}(input: $input) {payload} }}"


ADD = {"EMAIL": _mutation("addEmailContact", _ADDED), "SMS": _mutation("addSmsContact", _ADDED)}
ADD_CHANNEL = _mutation("addChannel", _ADDED)
REPLACE_CHANNEL = _mutation("replaceChannel", _ADDED)
UPDATE = _mutation("updateProfile", f"{{ profile {{ id }} {_ERRORS} }}")
MERGE = _mutation("mergeProfiles", f"{{ profile {{ id }} merge {_MERGE} {_ERRORS} }}")
UNDO = _mutation(
    "undoMerge", f"{{ survivor {{ id }} restored {{ id }} merge {_MERGE} heldBy {{ id channels {{ id }} }} {_ERRORS} }}"
)
UNLINK = _mutation("unlinkChannel", f"{{ remaining {{ id }} separated {{ id }} {_ERRORS} }}")
LIFT = _mutation("liftNeverLink", f"{{ {_ERRORS} }}")
RESOLVE = _mutation("resolveLinkProposal", f"{{ proposal {{ id status }} link {_LINK} {_ERRORS} }}")

PREVIEW = """
query ($email: EmailAddress!, $mobile: PhoneNumber!) {
  linkPreview(of: {addresses: {emailAddress: $email, mobileNumber: $mobile}}) {
    outcome guard survivor { id } absorbed { id } channelsAfter { address channel { id } } fieldsAfter { key value }
  }
}
"""
EVERYTHING = """
query ($ids: [ID!]!) {
  nodes(ids: $ids) { id }
  linkage { profiles linked emailOnly smsOnly }
  linkProposals(first: 100) { nodes { id reason status channels { id } profiles { id } } }
  profiles(first: 100) {
    totalCount
    nodes {
      id displayName isLinked customFields tags
      compliance { gdprApplies }
      channels { id address isPrimary deliverability consent { status } engagements(first: 100) { nodes { id } } }
      fields { key value channel { id } }
      links { id trust channels { id } }
      everyLink: links(withRetracted: true) { id retractedAt channels { id } }
      neverLinks { id oneSide { id } otherSide { id } }
      merges { id undoneAt }
    }
  }
}
"""
