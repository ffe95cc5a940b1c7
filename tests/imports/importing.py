"""Importing files in tests: through the API and the worker's own job, and everything that an account holds."""

import asyncio
import json
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from app import acts
from app.acts import Act
from app.db import Database
from app.ids import spelled, uuid_of
from app.imports import jobs
from app.imports.jobs.storing import Storing
from app.imports.operations import creating, deciding
from app.imports.queries.running import Due
from app.imports.rules.asking import Wanted
from app.imports.rules.options import Options
from app.tables import ImportStatus, IntakeMethod
from tests.client import Client
from tests.links import SECRET

COUNTS = ("created", "linked", "merged", "updated", "unchanged", "skipped", "proposed", "failed")
REPORT = f"""
query Report($id: ID!) {{
  node(id: $id) {{ ... on Import {{
    status rows consentRefused {" ".join(COUNTS)} problem {{ code message line }}
    rowErrors(first: 250) {{ nodes {{ row line column code message raw }} }}
  }} }}
}}
"""
EVERYBODY = """
query Everybody($after: String) {
  profiles(first: 250, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } }
}
"""
EXPORT = "query Export($id: ID!) { exportProfile(id: $id) }"
ENDED = (ImportStatus.SUCCEEDED, ImportStatus.FAILED, ImportStatus.CANCELLED, ImportStatus.UNDONE)
ASKED = Options(region="US", time_zone="UTC")


@dataclass(frozen=True, slots=True)
class Importer:
    """Imports files into the account of a client, as the server does, without waiting for its worker to look."""

    client: Client
    database: Database

    @property
    def account_id(self) -> int:
        """The account's number within the database."""
        return self.client.account.account_id

    async def imported(self, content: bytes, asked: Options = ASKED, *, dry_run: bool = False) -> "Report":
        """The report of a file that was imported."""
        id = await self.created(asked, dry_run=dry_run)
        storing = Storing(self.database, self.account_id, id, now=acts.now, most=None)
        await storing.begin()
        await storing.take(content)
        await storing.end()
        return await self.run(id)

    async def created(self, asked: Options = ASKED, *, dry_run: bool = False) -> UUID:
        """A new import that awaits its file."""
        wanted = Wanted(file_name="contacts.csv", dry_run=dry_run, options=asked)
        return await self.database.write(self.account_id, partial(creating.create, wanted=wanted, act=act()))

    async def for_real(self, report: "Report") -> "Report":
        """The report of a dry run that was run for real."""
        return await self._decided(report, deciding.run)

    async def undone(self, report: "Report") -> "Report":
        """The report of an import that was taken back."""
        return await self._decided(report, deciding.undo)

    async def _decided(self, report: "Report", decide: Any) -> "Report":
        id = uuid_of(report.id, "Import")
        assert id
        await self.database.write(self.account_id, partial(decide, import_id=id, act=act()))
        return await self.run(id)

    async def run(self, id: UUID) -> "Report":
        """The report of an import that was run to its end, here or by the server's worker, whoever was faster."""
        work = jobs.Running(self.database, SECRET.encode(), acts.now, asyncio.Event())
        await jobs.run(work, Due(self.account_id, id))
        while (report := await self.report(id)).status not in ENDED:
            await asyncio.sleep(0.02)
        return report

    async def report(self, id: UUID) -> "Report":
        """The report as it is."""
        found = (await self.client.ask(REPORT, id=spelled("Import", id)))["node"]
        counts = {name: found[name] for name in COUNTS if found[name]}
        assert sum(counts.values()) == found["rows"]
        mistakes = [
            {key: value for key, value in mistake.items() if key != "message"}
            for mistake in found["rowErrors"]["nodes"]
        ]
        status = ImportStatus(found["status"])
        return Report(spelled("Import", id), status, counts, found["consentRefused"], mistakes, found["problem"])

    async def holdings(self, *, facts: bool = True) -> list[Any]:
        """All that the account holds of its profiles, but for what was wrong with rows of files.

        Without the audit log, if that is said.
        """
        found = []
        for id in await self.everybody():
            held = (await self.client.ask(EXPORT, id=id))["exportProfile"]
            del held["importMistakes"]
            if not facts:
                del held["facts"]
            found.append(held)
        return found

    async def everybody(self) -> list[str]:
        """The ids of all profiles."""
        ids: list[str] = []
        page: dict[str, Any] = {"hasNextPage": True, "endCursor": None}
        while page["hasNextPage"]:
            answer = (await self.client.ask(EVERYBODY, after=page["endCursor"]))["profiles"]
            page = answer["pageInfo"]
            ids += [node["id"] for node in answer["nodes"]]
        return ids

    async def people(self) -> dict[frozenset[str], Any]:
        """What is seen of everybody, by all their addresses."""
        found = {}
        for held in await self.holdings():
            channels = held["channels"]
            said = {each["address"]: (each["consentStatus"], each["deliverability"]) for each in channels}
            found[frozenset(said)] = (held["profile"]["customFields"], held["profile"]["tags"], said)
        return found


@dataclass(frozen=True, slots=True)
class Report:
    """What is told of an import; of the counts those that are not 0."""

    id: str
    status: ImportStatus
    counts: dict[str, int]
    consent_refused: int
    mistakes: list[dict[str, Any]]
    problem: dict[str, Any] | None

    @property
    def told(self) -> tuple[Any, ...]:
        """All but which import it is."""
        return self.status, self.counts, self.consent_refused, json.dumps(self.mistakes), self.problem


def act() -> Act:
    """Somebody who decides now."""
    return Act(acts.now(), "tests", IntakeMethod.MANUAL, SECRET.encode())
