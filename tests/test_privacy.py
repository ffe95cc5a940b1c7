"""Restriction, access, deletion and erasure: what is asked of the law, and what stays when all else is gone."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import String, cast, select

from app.accounts.rules import Scope
from app.acts import now
from app.db import Database, entity, selecting, table
from app.delivery.operations import Outbox
from app.delivery.rules.sending import LEASE
from app.identity.queries.check import differences
from app.privacy.jobs import forget
from app.privacy.queries.holdings import HOLDINGS, IMPERSONAL
from app.tables import ImportMistake, NeverLink, RemovedChannel, RemovedRecord
from tests.client import ADD_SMS, Client, Served
from tests.conftest import new_client
from tests.deciding import UNDO, add_channel, codes, merge, profiles, replace, undo, unlink
from tests.held import DELETE, ERASE, EXPORT, Person, delete, erase, export, held, uuid

ANN, BOB, CARL = "ann@example.com", "bob@example.com", "carl@example.com"
MOBILE, OTHER = "+14155550100", "+14155550101"
IN = {"act": "OPT_IN", "disclosure": "Yes."}
RESTRICT = """
mutation Restrict($input: RestrictProcessingInput!) {
  restrictProcessing(input: $input) {
    profile { id compliance { processingRestricted restrictedAt } }
    userErrors { code field }
  }
}
"""
ALLOWED = "query ($id: ID!) { node(id: $id) { ... on Channel { consent { status } } } }"


def at(**ago: float) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).isoformat()


async def restrict(client: Client, id: str, restricted: bool = True) -> Any:
    answer = await client.ask(RESTRICT, input={"profileId": id, "restricted": restricted})
    return answer["restrictProcessing"]


async def actions(client: Client, id: str) -> list[str]:
    asked = "query ($id: ID!) { profile(by: {id: $id}) { auditLog { nodes { action } } } }"
    return [entry["action"] for entry in (await client.ask(asked, id=id))["profile"]["auditLog"]["nodes"]]


async def right(database: Database, client: Client) -> bool:
    async with database.reading(client.account.account_id) as reader:
        return await differences(reader) == []


async def rows(database: Database, client: Client, of: Any, *columns: str) -> list[Any]:
    row = entity(of)
    async with database.reading(client.account.account_id) as reader:
        return await reader.fetch(selecting(lambda *found: found, select(*(getattr(row, c) for c in columns))))


# ---- restriction


async def test_a_restriction_holds_for_every_channel_and_repeating_it_changes_nothing(client: Client) -> None:
    id = (await client.add_sms(MOBILE, ANN))["profile"]["id"]
    first = await restrict(client, id)
    assert first["profile"]["compliance"]["processingRestricted"] is True
    assert await restrict(client, id) == first
    assert (await actions(client, id)).count("processing_restricted") == 1
    assert (await client.add_email(ANN, OTHER))["link"]["outcome"] == "PROPOSED"
    await unlink(client, (await client.add_sms(MOBILE))["channels"][0]["id"])
    found = await profiles(client, "compliance { processingRestricted }")
    assert sum(node["compliance"]["processingRestricted"] for node in found) == 2


async def test_a_restriction_is_lifted_and_lifting_it_again_changes_nothing(client: Client, database: Database) -> None:
    id = (await client.add_sms(MOBILE, ANN))["profile"]["id"]
    await restrict(client, id)
    for _ in range(2):
        lifted = await restrict(client, id, restricted=False)
        assert lifted["profile"]["compliance"] == {"processingRestricted": False, "restrictedAt": None}
    assert (await actions(client, id)).count("restriction_lifted") == 1
    assert (await client.add_email(ANN, OTHER))["link"]["outcome"] == "LINKED"
    assert await right(database, client)


# ---- who may


@pytest.mark.parametrize(("document", "name"), [(DELETE, "deleteProfile"), (ERASE, "eraseProfile")])
async def test_a_key_without_admin_removes_nothing(
    served: Served, http: httpx.AsyncClient, document: str, name: str
) -> None:
    client = await new_client(served, http, [Scope.READ, Scope.WRITE])
    id = (await client.add_sms(MOBILE))["profile"]["id"]
    [error] = await client.errors(document, input={"profileId": id})
    assert (error["extensions"]["code"], error["path"]) == ("FORBIDDEN", [name])
    [error] = await client.errors(EXPORT, id=id)
    assert (error["extensions"]["code"], error["path"]) == ("FORBIDDEN", ["exportProfile"])
    assert [node["id"] for node in await profiles(client, "id")] == [id]


@pytest.mark.parametrize("id", ["nonsense", "profile_" + "0" * 32, "channel_" + "0" * 32, None])
async def test_a_foreign_id_is_like_an_unknown_one(client: Client, stranger: Client, id: str | None) -> None:
    theirs = (await stranger.add_sms(MOBILE))["profile"]["id"]
    given = id or theirs
    for payload in (await delete(client, given), await erase(client, given), await restrict(client, given)):
        assert codes(payload) == [("NOT_FOUND", ["profileId"])]
    assert await export(client, given) is None
    assert [node["compliance"]["restrictedAt"] for node in await profiles(stranger, "compliance { restrictedAt }")] == [
        None
    ]


# ---- access


async def test_an_export_has_all_that_is_held(client: Client, database: Database) -> None:
    person = await held(client, database)
    found = await export(client, person.profile_id)
    named = {holding.shown for holding in HOLDINGS if holding.shown and not holding.with_channel}
    assert set(found) == named
    assert [name for name in named if not found[name]] == []
    together = {name: sum(len(channel[name]) for channel in found["channels"]) for name in beside()}
    assert [name for name, count in together.items() if not count] == []
    text = json.dumps(found).lower()
    assert [word for word in person.words if word not in text] == []
    assert "Neighbour" not in text


@pytest.mark.parametrize("remove", [delete, erase])
async def test_rows_of_files_are_who_they_name(client: Client, database: Database, remove: Any) -> None:
    person = await held(client, database)
    shown = (await export(client, person.profile_id))["importMistakes"]
    assert [(row["row"], row["email"], row["mobile"]) for row in shown] == [
        (1, person.email, None),
        (2, None, person.mobile),
    ]
    await remove(client, person.profile_id)
    assert await rows(database, client, ImportMistake, "row", "email") == [(4, "neighbour@example.com")]


def beside() -> set[str]:
    return {str(holding.shown) for holding in HOLDINGS if holding.with_channel}


async def test_an_export_spells_everything_as_the_api_does(client: Client, database: Database) -> None:
    person = await held(client, database)
    asked = """
    query ($id: ID!) { profile(by: {id: $id}) {
      id createdAt displayName customFields tags
      channels { id address kind createdAt consent { record { id digest occurredAt } } }
      links(withRetracted: true) { id at retractedAt } merges { id reason absorbedId }
      engagements { nodes { id url value properties occurredAt } } auditLog(first: 50) { nodes { id at detail } }
    } linkProposals { nodes { id reason createdAt } } }
    """
    api = await client.ask(asked, id=person.profile_id)
    shown, found = api["profile"], await export(client, person.profile_id)
    profile = found["profile"]
    assert [profile[name] for name in ("id", "createdAt", "displayName", "customFields", "tags")] == [
        shown[name] for name in ("id", "createdAt", "displayName", "customFields", "tags")
    ]
    for channel in shown["channels"]:
        [mine] = [each for each in found["channels"] if each["id"] == channel["id"]]
        assert (mine["address"], mine["createdAt"]) == (channel["address"], channel["createdAt"])
        assert mine["profileId"] == shown["id"]
        if record := channel["consent"]["record"]:
            assert record.items() <= next(r for r in mine["consentRecords"] if r["id"] == record["id"]).items()
    for name in ("links", "merges"):
        assert len(found[name]) == len(shown[name])
        assert all(any(one.items() <= mine.items() for mine in found[name]) for one in shown[name])
    engagements = [each for channel in found["channels"] for each in channel["engagements"]]
    assert all(any(one.items() <= mine.items() for mine in engagements) for one in shown["engagements"]["nodes"])
    facts = [{"id": fact["id"], "at": fact["at"], "detail": fact["data"]} for fact in found["facts"]]
    assert all(entry in facts for entry in shown["auditLog"]["nodes"])
    [proposal] = api["linkProposals"]["nodes"]
    assert proposal.items() <= found["linkProposals"][0].items()


async def test_an_absorbed_id_exports_the_profile_that_it_is_now(client: Client) -> None:
    one, other = (await client.add_email(ANN))["profile"]["id"], (await client.add_email(BOB))["profile"]["id"]
    await merge(client, one, other)
    found = await export(client, other)
    assert found["profile"]["id"] == one
    assert [channel["address"] for channel in found["channels"]] == [ANN, BOB]
    assert found == await export(client, one)


# ---- erasure


async def remains(database: Database, client: Client, person: Person) -> list[str]:
    """Where a word of the person, or a row about a channel of theirs, still is."""
    found = []
    for of in [*(holding.of for holding in HOLDINGS), *IMPERSONAL]:
        row = entity(of)
        columns = [cast(getattr(row, c.key), String) for c in table(of).c if c.type.__class__.__name__ != "Id"]
        async with database.reading(client.account.account_id) as reader:
            texts = str(await reader.fetch(selecting(lambda *row: row, select(*columns)))).lower()
        found += [f"{of.__name__}: {word}" for word in person.words if word in texts]
    return found


async def test_nothing_of_an_erased_person_is_stored(client: Client, database: Database) -> None:
    person = await held(client, database)
    assert len(await remains(database, client, person)) > len(person.words)  # so the search finds what is there
    before = await rows(database, client, RemovedChannel, "id")
    erased = await erase(client, person.profile_id)
    assert erased == {"erasedProfileId": person.profile_id, "suppressedIdentifiers": 3, "userErrors": []}
    assert before == []
    assert await remains(database, client, person) == []
    assert await right(database, client)
    assert await export(client, person.profile_id) is None


async def test_of_an_erased_person_stay_counts_and_the_skeleton_of_the_ledger(
    client: Client, database: Database
) -> None:
    person = await held(client, database)
    ledgers = {
        channel["id"]: channel["consentRecords"] for channel in (await export(client, person.profile_id))["channels"]
    }
    await erase(client, person.profile_id)
    kept = await rows(database, client, RemovedChannel, "id", "engagements", "consent_count", "consent_head")
    assert {id for id, *_ in kept} == {uuid(id) for id in ledgers}
    assert [counts for _, counts, _, _ in kept if counts] == [{"CLICK": 2, "RESPONSE": 1}]
    columns = ("channel_id", "number", "act", "digest", "previous_digest")
    records = await rows(database, client, RemovedRecord, *columns)
    assert set(records) == {
        (uuid(id), record["number"], record["act"], record["digest"], record["previousDigest"])
        for id, ledger in ledgers.items()
        for record in ledger
    }
    heads = {(uuid(id), len(ledger), ledger[-1]["digest"] if ledger else None) for id, ledger in ledgers.items()}
    assert {(id, count, head) for id, _, count, head in kept} == heads


async def test_erasing_touches_no_other_profile_and_no_other_account(
    client: Client, stranger: Client, database: Database
) -> None:
    person = await held(client, database)
    theirs = await stranger.add_sms(person.mobile, person.email)
    selection = (
        "id displayName updatedAt customFields channels { id address } links { id channels { id } } merges { id }"
    )
    before = {node["id"]: node for node in await profiles(client, selection)}
    await erase(client, person.profile_id)
    after = {node["id"]: node for node in await profiles(client, selection)}
    gone = before.pop(person.profile_id)
    merges = {each["id"] for each in gone["merges"]}
    for node in before.values():
        node["merges"] = [each for each in node["merges"] if each["id"] not in merges]
    assert after == before
    assert len(after) == 3
    assert (await stranger.add_sms(person.mobile, person.email))["link"]["outcome"] == "UNCHANGED"
    assert (await profiles(stranger, "id"))[0]["id"] == theirs["profile"]["id"]


async def test_what_others_were_part_of_with_an_erased_person_is_gone_or_goes_on(
    client: Client, database: Database
) -> None:
    one, two, three = [(await client.add_email(address))["profile"]["id"] for address in (ANN, BOB, CARL)]
    first = await merge(client, one, two)
    await merge(client, one, three)  # under the name of the channel that is to go
    channels = {channel["address"]: channel["id"] for channel in (await export(client, one))["channels"]}
    await unlink(client, channels[ANN], neverLinkAgain=True)
    await erase(client, one)
    refused = await undo(client, first["merge"]["id"])
    assert codes(refused) == [("INVALID_STATE", ["mergeId"])]
    rest = await profiles(client, "id merges { absorbedId survivor { id } } neverLinks { id }")
    assert all(node["neverLinks"] == [] for node in rest)
    assert all(each["survivor"]["id"] == node["id"] for node in rest for each in node["merges"])
    assert await rows(database, client, NeverLink, "id") == []
    assert await right(database, client)


async def test_a_merge_of_others_is_told_by_its_own_ends_though_both_came_with_merges(
    client: Client, database: Database
) -> None:
    gone = await client.add_email(ANN)
    await client.add_sms(MOBILE)
    await client.add_sms(MOBILE, ANN)  # the number came with a merge that goes with the address
    own = await client.add_email("own@example.com")
    await client.add_sms(MOBILE, "own@example.com")
    await unlink(client, gone["channels"][0]["id"])
    assert codes(await erase(client, gone["profile"]["id"])) == []
    [left] = await profiles(client, "id merges { absorbedId survivor { id } }")
    assert left["merges"] == [{"absorbedId": own["profile"]["id"], "survivor": {"id": left["id"]}}]
    assert await right(database, client)


async def test_a_merge_of_others_under_an_erased_name_goes_by_their_own(client: Client, database: Database) -> None:
    one, two, three = [(await client.add_email(address))["profile"]["id"] for address in (ANN, BOB, CARL)]
    await add_channel(client, profileId=one, mobileNumber=MOBILE)
    await client.add_email(BOB, MOBILE)  # merges, by a link that Ann's address has no part in
    await client.add_email(CARL, MOBILE)
    [profile] = await profiles(client, "id channels { id address } merges { id }")
    assert len(profile["merges"]) == 2
    await unlink(client, next(channel["id"] for channel in profile["channels"] if channel["address"] == ANN))
    await erase(client, one)
    [left] = await profiles(client, "id channels { address } merges { id absorbedId survivor { id } }")
    assert {channel["address"] for channel in left["channels"]} == {BOB, CARL, MOBILE}
    assert [each["id"] for each in left["merges"]] == [each["id"] for each in profile["merges"]]
    assert {each["survivor"]["id"] for each in left["merges"]} == {left["id"]}
    assert [each["absorbedId"] for each in left["merges"]] == [two, three]
    assert (await undo(client, left["merges"][1]["id"]))["userErrors"] == []
    assert await right(database, client)


async def test_a_merge_of_others_goes_by_its_own_ends_also_where_both_came_by_merges(
    client: Client, database: Database
) -> None:
    one, two, three = [(await client.add_email(address))["profile"]["id"] for address in (ANN, BOB, CARL)]
    await add_channel(client, profileId=one, mobileNumber=MOBILE)
    await client.add_email(BOB, MOBILE)
    channels = {channel["address"]: channel["id"] for channel in (await export(client, one))["channels"]}
    await replace(client, channels[BOB], emailAddress=CARL)  # merges, by a link with who came by a merge
    await unlink(client, channels[ANN])
    assert (await erase(client, one))["userErrors"] == []
    [left] = await profiles(client, "id channels { address } merges { absorbedId survivor { id } }")
    assert {channel["address"] for channel in left["channels"]} == {BOB, CARL, MOBILE}
    assert [each["absorbedId"] for each in left["merges"]] == [two, three]
    assert {each["survivor"]["id"] for each in left["merges"]} == {left["id"]}
    assert await right(database, client)


async def test_a_never_link_stays_while_both_its_sides_are_there(client: Client) -> None:
    one = (await client.add_sms(MOBILE, ANN))["profile"]["id"]
    two = (await client.add_sms(OTHER, BOB))["profile"]["id"]
    await undo(client, (await merge(client, one, two))["merge"]["id"])
    [bob] = [c["id"] for c in (await export(client, two))["channels"] if c["address"] == BOB]
    parted = (await unlink(client, bob))["separated"]["id"]
    await erase(client, parted)
    [never] = (await profiles(client, "neverLinks { channels { address } }"))[0]["neverLinks"]
    assert {channel["address"] for channel in never["channels"]} == {MOBILE, ANN, OTHER}
    assert (await client.add_sms(MOBILE, CARL))["link"]["outcome"] == "LINKED"
    assert codes(await merge(client, one, two)) == [("CONFLICT", ["profileIds"])]


async def test_erasing_while_others_write_leaves_all_or_nothing(client: Client, database: Database) -> None:
    id = (await client.add_sms(MOBILE, ANN))["profile"]["id"]
    adding = [client.add_sms(MOBILE, ANN, customFields={"n": n}, smsConsent=IN, tags=[f"t{n}"]) for n in range(6)]
    joining = [client.add_email(ANN, f"+1415555011{n}") for n in range(3)]
    erasing = [erase(client, id), erase(client, id)]
    answers = await asyncio.gather(*adding, *erasing, *joining)
    assert sorted(len(answer["userErrors"]) for answer in answers[6:8]) == [0, 1]
    assert all(code == "ERASED" for answer in [*answers[:6], *answers[8:]] for code, _ in codes(answer))
    assert await profiles(client, "id") == []
    assert await right(database, client)


# ---- coming back


async def test_an_erased_address_is_kept_out_by_every_way_in(client: Client) -> None:
    id = (await client.add_sms(MOBILE, ANN))["profile"]["id"]
    await erase(client, id)
    other = await client.add_email(BOB)
    before = await profiles(client, "id channels { address } auditLog { totalCount }")
    late, early = {**IN, "occurredAt": at(seconds=0)}, {**IN, "occurredAt": at(hours=1)}
    sms, email = ("ERASED", ["mobileNumber"]), ("ERASED", ["emailAddress"])
    assert codes(await client.add_sms(MOBILE)) == [sms]
    assert codes(await client.add_sms(MOBILE, ANN, tags=["x"])) == [sms, email]
    assert codes(await client.add_email(BOB, MOBILE)) == [sms]
    assert codes(await client.add_email(ANN, emailConsent=IN)) == [email]
    assert codes(await client.add_email(ANN, emailConsent=early)) == [email]
    assert codes(await client.add_email(ANN, emailConsent={"act": "OPT_OUT", "occurredAt": at(seconds=0)})) == [email]
    assert codes(await client.add_sms(MOBILE, ANN, smsConsent=late)) == [email]
    assert codes(await add_channel(client, profileId=other["profile"]["id"], mobileNumber=MOBILE)) == [sms]
    assert codes(await replace(client, other["channels"][0]["id"], emailAddress=ANN)) == [email]
    assert await profiles(client, "id channels { address } auditLog { totalCount }") == before
    pair = f'{{emailAddress: "{ANN}", mobileNumber: "{MOBILE}"}}'
    preview = f"{{ linkPreview(of: {{addresses: {pair}}}) {{ outcome }} }}"
    assert (await client.ask(preview))["linkPreview"]["outcome"] == "CREATED"
    assert (await client.ask(f'{{ profile(by: {{emailAddress: "{ANN}"}}) {{ id }} }}'))["profile"] is None


async def test_an_opt_in_after_the_erasure_makes_a_new_profile(client: Client) -> None:
    id = (await client.add_sms(MOBILE, ANN, emailConsent={"act": "OPT_OUT"}))["profile"]["id"]
    await erase(client, id)
    later = {**IN, "occurredAt": at(seconds=0)}
    back = await client.add_email(ANN, emailConsent=later)
    assert (back["userErrors"], back["consentRefused"]) == ([], [])
    assert back["profile"]["id"] != id
    assert (await client.ask(ALLOWED, id=back["channels"][0]["id"]))["node"]["consent"]["status"] == "OPTED_IN"
    assert (await client.add_email(ANN))["link"]["outcome"] == "UNCHANGED"
    assert codes(await client.add_email(ANN, MOBILE)) == [("ERASED", ["mobileNumber"])]
    await delete(client, back["profile"]["id"])
    assert (await client.add_email(ANN))["link"]["outcome"] == "CREATED"


# ---- deletion


async def test_a_deleted_contact_may_come_back_as_if_it_had_never_been(client: Client, database: Database) -> None:
    id = (await client.add_sms(MOBILE, ANN, customFields={"plan": "pro"}, smsConsent=IN))["profile"]["id"]
    assert await delete(client, id) == {"deletedId": id, "userErrors": []}
    assert await profiles(client, "id") == []
    assert codes(await delete(client, id)) == [("NOT_FOUND", ["profileId"])]
    back = await client.add_sms(MOBILE, ANN, smsConsent=IN)
    assert (back["link"]["outcome"], back["consentRefused"]) == ("CREATED", [])
    assert back["profile"]["id"] != id
    assert await profiles(client, "customFields") == [{"customFields": {}}]
    assert await right(database, client)


async def test_an_opt_out_survives_deletion_until_a_later_opt_in_with_its_own_time(client: Client) -> None:
    out = {"act": "OPT_OUT", "occurredAt": at(hours=2)}
    id = (await client.add_sms(MOBILE, ANN, smsConsent=out))["profile"]["id"]
    for _ in range(2):  # also through a second deletion
        await delete(client, id)
        back = await client.add_sms(MOBILE, ANN, smsConsent=IN, emailConsent=IN)
        id, [refused] = back["profile"]["id"], back["consentRefused"]
        assert (refused["code"], refused["channel"]) == ("SUPPRESSED", {"address": MOBILE})
    assert await suppressed(client, id) == {MOBILE: True, ANN: False}
    await client.add_sms(MOBILE, smsConsent={**IN, "occurredAt": at(hours=3)})
    assert await suppressed(client, id) == {MOBILE: True, ANN: False}
    again = await client.add_sms(MOBILE, smsConsent={**IN, "occurredAt": at(hours=1)})
    assert again["consentRefused"] == []
    assert await suppressed(client, id) == {MOBILE: False, ANN: False}
    await delete(client, id)
    assert (await client.add_sms(MOBILE, smsConsent=IN))["consentRefused"] == []


async def test_an_older_opt_out_does_not_weaken_a_suppression(client: Client) -> None:
    id = (await client.add_sms(MOBILE, smsConsent={"act": "OPT_OUT", "occurredAt": at(hours=2)}))["profile"]["id"]
    await delete(client, id)
    older = {"act": "OPT_OUT", "occurredAt": at(hours=4)}
    await delete(client, (await client.add_sms(MOBILE, smsConsent=older))["profile"]["id"])
    back = await client.add_sms(MOBILE, smsConsent={**IN, "occurredAt": at(hours=3)})
    assert await suppressed(client, back["profile"]["id"]) == {MOBILE: True}


async def suppressed(client: Client, id: str) -> dict[str, bool]:
    channels = (await export(client, id))["channels"]
    return {channel["address"]: channel["suppressedAt"] is not None for channel in channels}


async def test_erasing_who_was_deleted_and_came_back_keeps_it_out(client: Client) -> None:
    id = (await client.add_sms(MOBILE, smsConsent={"act": "OPT_OUT"}))["profile"]["id"]
    await delete(client, id)
    await erase(client, (await client.add_sms(MOBILE))["profile"]["id"])
    assert codes(await client.add_sms(MOBILE)) == [("ERASED", ["mobileNumber"])]


# ---- what a provider keeps


async def test_the_provider_forgets_who_was_removed_once_nothing_can_be_on_its_way(
    client: Client, database: Database, tmp_path: Path
) -> None:
    added = await client.add_sms(MOBILE, ANN)
    account, outbox = client.account.id, Outbox(tmp_path, host="tandem.example.com")
    folders = [tmp_path / account.hex / uuid(channel["id"]).hex for channel in added["channels"]]
    await erase(client, added["profile"]["id"])
    for later, forgotten in ((timedelta(seconds=30), False), (LEASE + timedelta(minutes=1), True)):
        for folder in folders:  # the second time by a message that was on its way
            folder.mkdir(parents=True)
            (folder / "message.txt").write_text("Hello")
        await forget(database, outbox, now=now() + later)
        assert [folder.exists() for folder in folders] == [False, False]
        kept = await rows(database, client, RemovedChannel, "id", "forgotten_at")
        assert [at is not None for _, at in kept] == [forgotten, forgotten]


# ---- under a key


async def test_a_removal_under_a_key_is_answered_the_same_again(client: Client) -> None:
    id = (await client.add_sms(MOBILE, ANN))["profile"]["id"]
    headers = {"authorization": f"Bearer {client.key}", "idempotency-key": "erase-1"}
    body = {"query": ERASE, "variables": {"input": {"profileId": id}}}
    answers = [(await client.http.post("/graphql", json=body, headers=headers)).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[0]["data"]["eraseProfile"]["suppressedIdentifiers"] == 2


async def test_an_answer_that_names_an_erased_person_is_forgotten_and_others_are_not(client: Client) -> None:
    async def under(key: str, query: str, **input: Any) -> Any:
        headers = {"authorization": f"Bearer {client.key}", "idempotency-key": key}
        body = {"query": query, "variables": {"input": input}}
        answer = (await client.http.post("/graphql", json=body, headers=headers)).json()
        return next(iter(answer["data"].values()))

    one = await under("one", ADD_SMS, mobileNumber=MOBILE)
    other = await under("other", ADD_SMS, mobileNumber=OTHER)
    await client.add_email(ANN)
    merged = await client.add_sms(MOBILE, ANN)
    await client.add_sms(MOBILE, ANN)
    refused = await under("undo", UNDO, mergeId=merged["link"]["merges"][0]["id"])
    assert ANN in refused["userErrors"][0]["message"]
    await erase(client, one["profile"]["id"])
    assert codes(await under("one", ADD_SMS, mobileNumber=MOBILE)) == [("ERASED", ["mobileNumber"])]
    assert codes(await under("undo", UNDO, mergeId=merged["link"]["merges"][0]["id"])) == [
        ("INVALID_STATE", ["mergeId"])
    ]
    assert await under("other", ADD_SMS, mobileNumber=OTHER) == other
