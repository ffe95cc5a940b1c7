"""Imports over the API: making them, reading them, deciding about them; and taking their files piece by piece."""

from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from app import acts
from app.accounts.rules import Scope
from app.db import Writer, changing, inserting, param, selecting, table
from app.db.types import Id
from app.errors import ErrorCode, Refusal
from app.ids import uuid_of
from app.imports.errors import AnotherUpload, NotAwaitingUpload
from app.imports.operations import uploading
from app.imports.rules.options import Options
from app.signing import Purpose, Token
from app.tables import ExistingContacts, Import, ImportBatch, ImportChunk, ImportMistake
from tests.client import Client, Served
from tests.conftest import new_client
from tests.links import PUBLIC_URL, SIGNER

CREATE = """
mutation Create($input: CreateImportInput!) {
  createImport(input: $input) {
    import { id fileName status actor dryRun existing bytesTotal bytesRead rows errorsUrl finishedAt }
    uploadUrl
    userErrors { code field message }
  }
}
"""
DECIDE = """
mutation Decide($id: ID!) {
  DECIDEImport(input: { id: $id }) { import { id status dryRun rows } userErrors { code field message } }
}
"""
MISTAKES = """
query Mistakes($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  node(id: $id) {
    ... on Import {
      errorsUrl
      rowErrors(first: $first, after: $after, last: $last, before: $before) {
        nodes { row line message }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        totalCount
      }
    }
  }
}
"""
STANDS = "query Stands($id: ID!) { node(id: $id) { ... on Import { status problem { code message line } } } }"
_import, _chunk = table(Import), table(ImportChunk)
_ID = param("import_id", Id())
KEPT = selecting(lambda *kept: kept, select(_import.c.options, _import.c.existing).where(_import.c.id == _ID))
FILE = selecting(lambda content: content, select(_chunk.c.content).where(_chunk.c.import_id == _ID).order_by("number"))
SUCCEED = changing(update(_import).where(_import.c.id == _ID).values(status="SUCCEEDED", rows=7, due_at=None))


async def made(client: Client, **given: Any) -> UUID:
    """The id of an import that was made."""
    payload = (await client.ask(CREATE, input={"fileName": "fair.csv", **given}))["createImport"]
    assert payload["userErrors"] == []
    return known(payload["import"]["id"])


def known(id: str) -> UUID:
    """The UUID of an import's id."""
    found = uuid_of(id, "Import")
    assert found is not None
    return found


async def decide(client: Client, what: str, import_id: UUID) -> Any:
    """The payload of runImport, cancelImport or undoImport."""
    answer = await client.ask(DECIDE.replace("DECIDE", what), id=f"import_{import_id.hex}")
    return answer[f"{what}Import"]


async def refused(client: Client, what: str, import_id: UUID) -> str:
    """Why a decision was refused: the import stands where it cannot be done."""
    payload = await decide(client, what, import_id)
    [error] = payload["userErrors"]
    assert (payload["import"], error["code"], error["field"]) == (None, "INVALID_STATE", ["id"])
    return str(error["message"])


async def write(served: Served, client: Client, work: Any, **given: Any) -> Any:
    """Does something in a transaction of the client's account."""
    return await served.database.write(client.account.account_id, partial(work, **given))


async def succeed(writer: Writer, *, import_id: UUID, file: bytes | None = None, batch: bool = False) -> None:
    """Lets an import have ended well."""
    await writer.execute(SUCCEED, import_id=import_id)
    if file is not None:
        await writer.execute(inserting(ImportChunk), import_id=import_id, number=0, content=file)
    if batch:
        await writer.execute(
            inserting(ImportBatch), import_id=import_id, number=0, at=acts.now(), brought={"rows": 0, "touched": {}}
        )


async def mistake(writer: Writer, *, import_id: UUID, row: int, place: int) -> None:
    """Notes that something is wrong with a row."""
    told: dict[str, Any] = {"code": ErrorCode.INVALID_VALUE, "message": f"Mend {place}.", "line": row + 1}
    nothing = dict.fromkeys(("column", "raw", "email", "mobile"))
    await writer.execute(inserting(ImportMistake), import_id=import_id, row=row, place=place, **told, **nothing)


async def test_an_import_awaits_its_file_with_what_was_asked_for(served: Served, client: Client) -> None:
    given = {
        "fileName": " fair.csv ",
        "existing": "SKIP",
        "defaultRegion": "de",
        "mapping": [{"column": " Mail ", "to": "emailAddress"}, {"column": "Status", "to": "field:status"}],
        "smsConsent": {"act": "OPT_IN", "disclosure": "Yes.", "occurredAt": "2024-01-01T00:00:00Z"},
        "tags": [" b ", "a"],
    }
    payload = (await client.ask(CREATE, input=given))["createImport"]
    import_id = known(payload["import"].pop("id"))
    assert payload["import"] == {
        "fileName": "fair.csv", "status": "AWAITING_UPLOAD", "actor": "tests", "dryRun": False, "existing": "SKIP",
        "bytesTotal": None, "bytesRead": 0, "rows": 0, "errorsUrl": None, "finishedAt": None,
    }  # fmt: skip
    token = payload["uploadUrl"].removeprefix(f"{PUBLIC_URL}/imports/")
    assert SIGNER.read(Purpose.IMPORT, token) == Token(client.account.account_id, import_id)
    async with served.database.reading(client.account.account_id) as reader:
        [(kept, existing)] = await reader.fetch(KEPT, import_id=import_id)
    options = Options.of(kept, ExistingContacts(existing))
    assert (options.region, options.time_zone, options.tags) == ("DE", "UTC", ("a", "b"))
    assert options.mapping == (("Mail", "emailAddress"), ("Status", "field:status"))
    assert [(kind, said.disclosure) for kind, said in options.consents.items()] == [("SMS", "Yes.")]


async def test_all_that_is_wrong_with_an_import_is_told_at_once(client: Client) -> None:
    given = {
        "fileName": "folder/fair.csv",
        "defaultRegion": "XX",
        "mapping": [
            {"column": " ", "to": "city"},
            {"column": "Town", "to": "field:city"},
            {"column": "Town", "to": "mobile_number"},
            {"column": "X", "to": " "},
        ],
        "emailConsent": {"act": "OPT_IN"},
        "tags": ["x" * 101],
    }
    payload = (await client.ask(CREATE, input=given))["createImport"]
    assert (payload["import"], payload["uploadUrl"]) == (None, None)
    assert [(error["code"], ".".join(error["field"])) for error in payload["userErrors"]] == [
        ("INVALID_VALUE", "fileName"),
        ("INVALID_VALUE", "defaultRegion"),
        ("INVALID_VALUE", "mapping.0.column"),
        ("INVALID_VALUE", "mapping.1.to"),
        ("INVALID_VALUE", "mapping.2.to"),
        ("INVALID_VALUE", "mapping.3.to"),
        ("IDENTIFIER_REQUIRED", "mapping"),
        ("CONSENT_EVIDENCE_REQUIRED", "emailConsent"),
        ("INVALID_VALUE", "tags"),
    ]
    topic = {"act": "OPT_OUT", "topic": "nothing"}
    payload = (await client.ask(CREATE, input={"fileName": "x.csv", "smsConsent": topic}))["createImport"]
    assert [(error["code"], error["field"]) for error in payload["userErrors"]] == [
        ("NOT_FOUND", ["smsConsent", "topic"])
    ]
    assert (await client.ask("{ imports { totalCount } }"))["imports"] == {"totalCount": 0}


@pytest.mark.parametrize(
    ("to", "told"),
    [
        ("mobilenumber", "write 'mobileNumber'"),
        ("mobile_number", "write 'mobileNumber'"),
        ("smsConsentAt", "map a column to 'smsConsent'"),
    ],
)
async def test_a_mapping_that_can_never_work_makes_no_import(client: Client, to: str, told: str) -> None:
    mapping = [{"column": "A", "to": "emailAddress"}, {"column": "B", "to": to}]
    payload = (await client.ask(CREATE, input={"fileName": "a.csv", "mapping": mapping}))["createImport"]
    [error] = payload["userErrors"]
    assert (payload["import"], error["code"], error["field"]) == (None, "INVALID_VALUE", ["mapping", "1", "to"])
    assert told in error["message"]


async def test_several_columns_may_tell_opt_outs(client: Client) -> None:
    columns = ("emailAddress", "optOut", "optOut", "smsOptOut", "emailSubscribed", "emailConsentAt")
    await made(client, mapping=[{"column": to + str(n), "to": to} for n, to in enumerate(columns)])


async def test_the_same_key_makes_one_import(client: Client) -> None:
    headers = {"authorization": f"Bearer {client.key}", "idempotency-key": "once"}
    body = {"query": CREATE, "variables": {"input": {"fileName": "fair.csv"}}}
    answers = [(await client.http.post("/graphql", json=body, headers=headers)).json() for _ in range(2)]
    one, other = (answer["data"]["createImport"] for answer in answers)
    assert one["import"] == other["import"]
    assert None not in (one["uploadUrl"], other["uploadUrl"])


async def test_imports_are_listed_from_the_newest_and_are_nobody_elses(client: Client, stranger: Client) -> None:
    ids = [f"import_{(await made(client)).hex}" for _ in range(3)]
    listed = await client.ask("{ imports(first: 2) { nodes { id } pageInfo { hasNextPage } totalCount } }")
    assert listed["imports"] == {
        "nodes": [{"id": id} for id in reversed(ids[1:])], "pageInfo": {"hasNextPage": True}, "totalCount": 3,
    }  # fmt: skip
    assert (await stranger.ask("{ imports { totalCount } }"))["imports"]["totalCount"] == 0
    assert (await stranger.ask(STANDS, id=ids[0]))["node"] is None
    for what in ("run", "cancel", "undo"):
        [error] = (await decide(stranger, what, known(ids[0])))["userErrors"]
        assert (error["code"], error["field"]) == ("NOT_FOUND", ["id"])


async def test_making_imports_takes_writing_and_taking_them_back_more(served: Served, client: Client) -> None:
    reading = await new_client(served, client.http, [Scope.READ])
    writing = await new_client(served, client.http, [Scope.READ, Scope.WRITE])
    [error] = await reading.errors(CREATE, input={"fileName": "fair.csv"})
    assert error["extensions"]["code"] == "FORBIDDEN"
    import_id = await made(writing)
    [error] = await writing.errors(DECIDE.replace("DECIDE", "undo"), id=f"import_{import_id.hex}")
    assert error["extensions"]["code"] == "FORBIDDEN"


async def test_a_later_upload_takes_the_place_of_an_earlier_one(served: Served, client: Client) -> None:
    import_id = await made(client)
    do = partial(write, served, client, import_id=import_id)
    first = await do(uploading.begin, now=acts.now())
    await do(uploading.add, upload_id=first, number=0, content=b"half of")
    second = await do(uploading.begin, now=acts.now())
    await do(uploading.add, upload_id=second, number=0, content=b"Email\n")
    with pytest.raises(AnotherUpload):
        await do(uploading.add, upload_id=first, number=1, content=b" a file")
    with pytest.raises(AnotherUpload):
        await do(uploading.finish, upload_id=first, total=14, digest="", now=acts.now())
    async with served.database.reading(client.account.account_id) as reader:
        assert await reader.fetch(FILE, import_id=import_id) == [b"Email\n"]
    await do(uploading.finish, upload_id=second, total=6, digest="", now=acts.now())
    with pytest.raises(NotAwaitingUpload):
        await do(uploading.begin, now=acts.now())


async def test_a_file_that_cannot_be_read_fails_its_import(served: Served, client: Client) -> None:
    import_id = await made(client)
    do = partial(write, served, client, import_id=import_id)
    upload_id = await do(uploading.begin, now=acts.now())
    await do(uploading.add, upload_id=upload_id, number=0, content=b"\0")
    problem = Refusal("Save it as CSV.")
    await do(uploading.refuse, upload_id=upload_id, problem=problem, line=3, now=acts.now())
    node = (await client.ask(STANDS, id=f"import_{import_id.hex}"))["node"]
    told = {"code": "INVALID_VALUE", "message": "Save it as CSV.", "line": 3}
    assert node == {"status": "FAILED", "problem": told}
    async with served.database.reading(client.account.account_id) as reader:
        assert await reader.fetch(FILE, import_id=import_id) == []


async def test_a_dry_run_that_succeeded_runs_for_real_once(served: Served, client: Client) -> None:
    import_id = await made(client, dryRun=True)
    assert "AWAITING_UPLOAD" in await refused(client, "run", import_id)
    await write(served, client, succeed, import_id=import_id)
    assert "not kept" in await refused(client, "run", import_id)
    assert "dry run" in await refused(client, "undo", import_id)
    await write(served, client, mistake, import_id=import_id, row=1, place=0)
    await write(served, client, succeed, import_id=import_id, file=b"Email\n")
    shown = (await decide(client, "run", import_id))["import"]
    assert (shown["dryRun"], shown["rows"]) == (False, 0)
    assert (await client.ask(MISTAKES, id=f"import_{import_id.hex}"))["node"]["rowErrors"]["totalCount"] == 0
    assert "none" in await refused(client, "run", import_id)


async def test_an_import_is_stopped_before_it_ends(served: Served, client: Client) -> None:
    import_id = await made(client)
    upload_id = await write(served, client, uploading.begin, import_id=import_id, now=acts.now())
    assert (await decide(client, "cancel", import_id))["import"]["status"] == "CANCELLED"
    assert "CANCELLED" in await refused(client, "cancel", import_id)
    with pytest.raises(NotAwaitingUpload):
        await write(served, client, uploading.add, import_id=import_id, upload_id=upload_id, number=0, content=b"x")


async def test_only_what_has_ended_is_taken_back(served: Served, client: Client) -> None:
    import_id = await made(client)
    assert "cancelImport" in await refused(client, "undo", import_id)
    await write(served, client, succeed, import_id=import_id, batch=True)
    assert (await decide(client, "undo", import_id))["import"]["status"] in ("RUNNING", "UNDONE")
    assert "taken back already" in await refused(client, "undo", import_id)
    await refused(client, "cancel", import_id)


async def test_what_is_wrong_with_rows_is_paged_in_their_order_both_ways(served: Served, client: Client) -> None:
    import_id = await made(client)
    places = [(10, 0), (2, 1), (2, 0), (9, 0)]
    for row, place in places:
        await write(served, client, mistake, import_id=import_id, row=row, place=place)
    ask = partial(client.ask, MISTAKES, id=f"import_{import_id.hex}")
    first = (await ask(first=3))["node"]
    page = first["rowErrors"]
    assert [(each["row"], each["message"]) for each in page["nodes"]] == [
        (2, "Mend 0."),
        (2, "Mend 1."),
        (9, "Mend 0."),
    ]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (4, True)
    rest = (await ask(first=3, after=page["pageInfo"]["endCursor"]))["node"]["rowErrors"]
    assert ([each["row"] for each in rest["nodes"]], rest["pageInfo"]["hasPreviousPage"]) == ([10], True)
    back = (await ask(last=2, before=rest["pageInfo"]["startCursor"]))["node"]["rowErrors"]
    assert [(each["row"], each["message"]) for each in back["nodes"]] == [(2, "Mend 1."), (9, "Mend 0.")]
    token = first["errorsUrl"].removeprefix(f"{PUBLIC_URL}/import-errors/")
    signed_for = SIGNER.read(Purpose.IMPORT_ERRORS, token)
    assert signed_for == Token(client.account.account_id, import_id)


@pytest.mark.parametrize(
    "cursor", ["2~0", "-2~0", "9999999999~0", "1~", "٣~0", f"2024-01-01T00:00:00.000000Z~{'0' * 32}"]
)
async def test_a_cursor_that_names_no_row_is_refused(client: Client, cursor: str) -> None:
    import_id = f"import_{(await made(client)).hex}"
    tag = "7239ee~" if cursor != "2~0" else "abcdef~"
    [error] = await client.errors(MISTAKES, id=import_id, first=1, after=tag + cursor)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
