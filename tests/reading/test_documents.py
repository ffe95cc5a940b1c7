"""Any document is answered as a plain evaluation over the rows answers it."""

import os
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from graphql import FieldNode, FragmentDefinitionNode, OperationDefinitionNode, parse, validate
from graphql.language import DocumentNode
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.client import Client
from tests.reading.arguments import choices
from tests.reading.comparing import differences
from tests.reading.conftest import Noting, Populated, populated
from tests.reading.documents import Document, chains, documents
from tests.reading.evaluation import World
from tests.reading.statements import faults
from tests.reading.storing import taken
from tests.reading.world import population

LONG = bool(os.environ.get("TANDEM_LONG"))
DEEP = 4
EVERYTHING = """
query Everything {
  linkage { profiles linked emailOnly smsOnly byMethod { method profiles linked } }
  tags
  topics { id key name }
  channelCounts { kind consent deliverability count }
  profiles(first: 250) {
    totalCount
    nodes {
      id displayName createdAt updatedAt source { ...From } isLinked customFields tags
      channels {
        id address isPrimary source { ...From } consent { ...Held } consentLedgerIntact unsubscribeUrl preferencesUrl
        consentHistory(first: 250) { totalCount edges { cursor node { id status topic { id } digest } } }
        then: consentAsOf(at: "2024-02-29T01:30:00Z") { ...Held }
        known: consentAsOf(at: "2024-02-29T03:30:00Z", knownAt: "2024-02-29T01:30:00.000001Z") { ...Held }
        sendability { ...Sendable }
        texts: sendability(at: "2024-02-29T01:10:00Z", topic: "news") { ...Sendable }
        bills: sendability(at: "2024-03-10T12:00:00Z", purpose: TRANSACTIONAL, topic: "receipts") { ...Sendable }
      }
      preferences { topic { key } channelKind subscribed updatedAt }
      email { id }
      sms { id }
      fields { key value source { ...From } updatedAt channel { id } alternatives { ...Lost } }
      compliance { gdprApplies processingRestricted restrictedAt }
      links(withRetracted: true) { id channels { id } source { ...From } explanation merge { id } retractedAt }
      linksInForce: links { id }
      neverLinks { id channels { id } oneSide { id } otherSide { id } at actor }
      merges { id survivor { id } absorbedId links { id } channels { id } undoneAt }
      engagementSummary { channelKind kind count firstAt lastAt }
      engagements(first: 250) { totalCount edges { cursor node { ...What } } }
      since: engagementSummary(since: "2024-02-29T01:30:00Z") { channelKind kind count firstAt lastAt }
      auditLog(first: 250) { totalCount edges { cursor node { id at actor action detail } } }
    }
  }
  linkProposals(first: 250) {
    totalCount
    nodes { id profiles { id } channels { id } reason explanation status source { ...From } createdAt ...Decided }
  }
  imports(first: 250) {
    totalCount
    edges {
      cursor
      node {
        id fileName status createdAt actor dryRun existing bytesTotal bytesRead errorsUrl startedAt finishedAt undoneAt
        columns { header to } advice rows created linked merged updated unchanged skipped proposed failed consentRefused
        problem { code message line }
        rowErrors(first: 250) { totalCount edges { cursor node { row line column code message raw } } }
        last: rowErrors(last: 2) { nodes { row } pageInfo { hasPreviousPage startCursor endCursor } }
      }
    }
  }
  superseded: linkProposals(first: 250, status: SUPERSEDED) { totalCount nodes { id } }
  open: linkProposals(first: 250, status: OPEN) { totalCount nodes { id } }
}
fragment Held on Consent { status updatedAt record { id } }
fragment Sendable on Sendability { allowed holdUntil blocks { reason until record { id } } }
fragment From on Source { method detail at }
fragment What on Engagement {
  id kind channel { id } channelKind occurredAt recordedAt name url text value bounceType properties
}
fragment Decided on LinkProposal { resolvedAt resolvedBy }
fragment Lost on FieldAlternative { value source { ...From } updatedAt channel { id } }
"""
PREVIEW = """
query Preview($of: LinkPreviewInput!) {
  linkPreview(of: $of) {
    outcome explanation guard survivor { id } absorbed { id }
    channelsAfter { kind address channel { id } consent }
    fieldsAfter { key value losing }
  }
}
"""


async def test_rows_are_stored_as_they_were_given(noting: Noting, population_one: Populated) -> None:
    given_rows = population(1)
    for table, rows in (await taken(noting.url, population_one.client.account.account_id)).items():
        assert sorted(map(comparable, rows)) == sorted(map(comparable, given_rows[table])), table


def comparable(row: dict[str, Any]) -> str:
    """A row as text; numbers within JSON as the doubles that they are."""
    return str({key: doubles(value) for key, value in sorted(row.items())})


def doubles(value: Any) -> Any:
    """The value with all numbers as doubles, zero without a sign, the members of objects in order."""
    match value:
        case dict():
            return {key: doubles(item) for key, item in sorted(value.items())}
        case list():
            return [doubles(item) for item in value]
        case int() | float() if not isinstance(value, bool):
            return float(value) + 0.0
        case str():
            return str(value)
        case _:
            return value


@pytest.mark.parametrize("seed", range(2, 200 if LONG else 6))
async def test_a_profile_is_what_its_channels_and_links_make_of_it(noting: Noting, seed: int) -> None:
    account = await populated(noting, population(seed))
    answer = await account.client.ask(EVERYTHING)
    assert list(differences(account.world.answer(parse(EVERYTHING), {}), answer)) == []


@pytest.mark.parametrize("seed", range(2, 200 if LONG else 6))
async def test_a_preview_tells_what_the_rules_make_of_the_rows(noting: Noting, seed: int) -> None:
    account = await populated(noting, population(seed))
    document = parse(PREVIEW)
    for of in previewed(account.world, Random(seed)):
        answer = await account.client.ask(PREVIEW, of=of)
        assert list(differences(account.world.answer(document, {"of": of}), answer)) == [], of


def previewed(world: World, random: Random) -> Iterator[dict[str, Any]]:
    """What is previewed: every proposal, and some of the pairs of profiles and of addresses."""
    channels = {kind: [row for row in world.channels if row["kind"] == kind] for kind in ("EMAIL", "SMS")}
    for row in world.rows["link_proposal"]:
        yield {"proposalId": f"link_proposal_{row['id'].hex}"}
    for _ in range(15):
        yield {"profileIds": [f"profile_{row['home_id'].hex}" for row in random.sample(world.channels, 2)]}
    for _ in range(25):
        email, mobile = (random.choice(channels[kind])["address"] for kind in ("EMAIL", "SMS"))
        emails, mobiles = [email, email, email, "new@example.com"], [mobile, mobile, mobile, "+14155559999"]
        yield {"addresses": {"emailAddress": random.choice(emails), "mobileNumber": random.choice(mobiles)}}


def thoroughly(examples: int, *, long: int) -> settings:
    """So many examples, the same ones in every run; with TANDEM_LONG another number, and others each time."""
    return settings(
        max_examples=long if LONG else examples,
        derandomize=not LONG,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )


@thoroughly(75, long=3000)
@given(data=st.data())
async def test_any_document_is_answered_as_a_plain_evaluation_answers_it(
    noting: Noting, population_one: Populated, data: st.DataObject
) -> None:
    world = population_one.world
    drawn = data.draw(documents(world.schema, choices(world, population_one.foreign)), label="document")
    await check(noting, population_one, drawn)


@thoroughly(50, long=1000)
@given(data=st.data())
async def test_whatever_is_nested_is_answered_or_refused_as_too_deep(
    noting: Noting, population_one: Populated, data: st.DataObject
) -> None:
    [small, *_] = [members for members in population_one.world.profiles if len(members) == 2]
    root = f'profile(by: {{ id: "profile_{small[1]["home_id"].hex}" }})'
    await check(noting, population_one, data.draw(chains(population_one.world.schema, root), label="document"))


async def check(noting: Noting, account: Populated, document: Document, *, shallow: bool = False) -> None:
    """Sends the document with each of its variables, and compares the answers and looks at the statements.

    What is `shallow` enough must not be refused.
    """
    parsed = parse(document.text)
    assert validate(account.world.schema, parsed) == [], "the test draws valid documents"
    for variables in document.variables:
        noting.database.issued.clear()
        answer = await sent(account.client, document, variables)
        if refused_as_too_deep(answer):
            assert not shallow
            assert nesting(parsed) >= DEEP
            continue
        assert "errors" not in answer, answer
        expected = account.world.answer(parsed, variables, document.operation)
        assert list(differences(expected, answer["data"])) == []
        assert [fault for issued in noting.database.issued for fault in faults(issued.sql)] == []


async def sent(client: Client, document: Document, variables: dict[str, Any]) -> Any:
    """The answer to the document."""
    body = {"query": document.text, "variables": variables, "operationName": document.operation}
    response = await client.http.post("/graphql", json=body, headers={"authorization": f"Bearer {client.key}"})
    assert response.status_code == 200, response.text
    return response.json()


def refused_as_too_deep(answer: Any) -> bool:
    """Whether every error of the answer is that something was nested too deep."""
    codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
    return codes == {"QUERY_TOO_COSTLY"}


def nesting(parsed: DocumentNode) -> int:
    """How deep lists and objects are nested in a document, a page counted once."""
    fragments = {node.name.value: node for node in parsed.definitions if isinstance(node, FragmentDefinitionNode)}

    def depth(node: Any) -> int:
        if isinstance(node, FieldNode) and node.selection_set is None:
            return 0
        if node.kind == "fragment_spread":
            return depth(fragments[node.name.value])
        beneath = max(depth(item) for item in node.selection_set.selections)
        counts = isinstance(node, FieldNode) and node.name.value not in ("edges", "nodes", "pageInfo")
        return beneath + counts

    return max(depth(node) for node in parsed.definitions if isinstance(node, OperationDefinitionNode))
