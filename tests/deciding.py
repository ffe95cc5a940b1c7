"""The documents by which tests decide about identity."""

from typing import Any

from tests.client import Client

MERGE = """
mutation Merge($input: MergeProfilesInput!) {
  mergeProfiles(input: $input) {
    profile { id }
    merge {
      id absorbedId reason actor undoneAt survivor { id } channels { address }
      links { id source { method detail } }
    }
    userErrors { code field message }
  }
}
"""
UNDO = """
mutation Undo($input: UndoMergeInput!) {
  undoMerge(input: $input) {
    survivor { id channels { address } }
    restored { id channels { address } }
    merge { id undoneAt }
    heldBy { id channels { address } }
    userErrors { code field message }
  }
}
"""
UNLINK = """
mutation Unlink($input: UnlinkChannelInput!) {
  unlinkChannel(input: $input) {
    remaining { id channels { address } }
    separated { id channels { address } }
    userErrors { code field message }
  }
}
"""
LIFT = """
mutation Lift($input: LiftNeverLinkInput!) {
  liftNeverLink(input: $input) { deletedId userErrors { code field message } }
}
"""
ADD_CHANNEL = """
mutation AddChannel($input: AddChannelInput!) {
  addChannel(input: $input) {
    profile { id channels { address isPrimary consent { status } } }
    channels { address }
    link { outcome explanation merges { id } proposal { id reason } }
    userErrors { code field message }
  }
}
"""
REPLACE = """
mutation Replace($input: ReplaceChannelInput!) {
  replaceChannel(input: $input) {
    profile { id email { address } channels { address isPrimary deliverability consent { status } } }
    link { outcome }
    userErrors { code field message }
  }
}
"""
RESOLVE = """
mutation Resolve($input: ResolveLinkProposalInput!) {
  resolveLinkProposal(input: $input) {
    proposal { id status resolvedBy resolvedAt }
    link { outcome explanation merges { id } }
    userErrors { code field message }
  }
}
"""
PROPOSALS = """
query Proposals($status: LinkProposalStatus) {
  linkProposals(status: $status) {
    totalCount
    nodes { id reason status explanation channels { address } profiles { id } source { method detail } resolvedBy }
  }
}
"""
#: All that is readable of every profile but the audit log, merges and never-links.
EXPORT = """
{
  profiles(first: 250, orderBy: { field: CREATED_AT, direction: ASC }) {
    nodes {
      id displayName createdAt updatedAt isLinked customFields tags
      source { method detail at } email { id } sms { id }
      fields {
        key value updatedAt source { method detail } channel { id } alternatives { value updatedAt channel { id } }
      }
      compliance { gdprApplies processingRestricted restrictedAt }
      links { id at trust explanation channels { id } source { method detail at } }
      channels {
        id kind address isPrimary createdAt verifiedAt deliverability deliverabilitySince source { method detail at }
        consent { status updatedAt record { id digest previousDigest occurredAt } }
        engagements(first: 100) { nodes { id kind occurredAt } }
      }
      engagementSummary { channelKind kind count firstAt lastAt }
      engagements(first: 100) { nodes { id } }
    }
  }
  linkProposals(first: 250) { nodes { id status reason channels { id } profiles { id } } }
  linkage { profiles linked emailOnly smsOnly }
  tags
}
"""


async def merge(client: Client, *ids: str, **more: Any) -> Any:
    """The payload of mergeProfiles."""
    return (await client.ask(MERGE, input={"profileIds": ids, **more}))["mergeProfiles"]


async def undo(client: Client, merge_id: str, **more: Any) -> Any:
    """The payload of undoMerge."""
    return (await client.ask(UNDO, input={"mergeId": merge_id, **more}))["undoMerge"]


async def unlink(client: Client, channel_id: str, **more: Any) -> Any:
    """The payload of unlinkChannel."""
    return (await client.ask(UNLINK, input={"channelId": channel_id, **more}))["unlinkChannel"]


async def resolve(client: Client, proposal_id: str, *, accept: bool) -> Any:
    """The payload of resolveLinkProposal."""
    return (await client.ask(RESOLVE, input={"id": proposal_id, "accept": accept}))["resolveLinkProposal"]


async def proposals(client: Client, status: str | None = None) -> Any:
    """The link proposals, the newest first."""
    return (await client.ask(PROPOSALS, status=status))["linkProposals"]["nodes"]


async def profiles(client: Client, selected: str) -> Any:
    """What is selected of every profile, the oldest first."""
    order = "orderBy: { field: CREATED_AT, direction: ASC }"
    return (await client.ask(f"{{ profiles(first: 250, {order}) {{ nodes {{ {selected} }} }} }}"))["profiles"]["nodes"]


async def add_channel(client: Client, **input: Any) -> Any:
    """The payload of addChannel."""
    return (await client.ask(ADD_CHANNEL, input=input))["addChannel"]


async def replace(client: Client, channel_id: str, **input: Any) -> Any:
    """The payload of replaceChannel."""
    return (await client.ask(REPLACE, input={"channelId": channel_id, **input}))["replaceChannel"]


def addresses(profile: Any) -> set[str]:
    """The addresses of a profile."""
    return {channel["address"] for channel in profile["channels"]}


def codes(payload: Any) -> list[tuple[str, list[str]]]:
    """The codes of the user errors, and where they stand."""
    return [(error["code"], error["field"]) for error in payload["userErrors"]]
