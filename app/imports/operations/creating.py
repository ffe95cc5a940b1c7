"""Making imports: what is asked for is written down, and the file may come."""

from uuid import UUID

from app.acts import Act
from app.consent.errors import UnknownTopic
from app.consent.queries import topics
from app.consent.rules.evidence import Given
from app.db import Insertion, Writer
from app.errors import Refusals
from app.imports.operations import changing
from app.imports.rules.asking import Wanted
from app.tables import Import, ImportStatus

#: What an import begins with, and begins anew with when a dry run is run for real.
NOTHING_YET = {
    "form": None,
    "bytes_read": 0,
    "line": 1,
    "rows": 0,
    "created": 0,
    "linked": 0,
    "merged": 0,
    "updated": 0,
    "unchanged": 0,
    "skipped": 0,
    "proposed": 0,
    "failed": 0,
    "consent_refused": 0,
    "problem_code": None,
    "problem": None,
    "problem_line": None,
    "started_at": None,
    "finished_at": None,
    "undone_at": None,
    "undoing": False,
    "tries": 0,
    "lease": None,
    "due_at": None,
}
INTO_IMPORTS = Insertion(Import)


async def create(writer: Writer, *, wanted: Wanted, act: Act) -> UUID:
    """Makes an import that `asking.judged` checked, and that awaits its file; its id.

    Raises Refusals where a consent names a topic that is none.
    """
    await _check_topics(writer, list(wanted.options.consents.values()))
    id = act.new_id()
    writer.insert(
        INTO_IMPORTS,
        id=id,
        file_name=wanted.file_name,
        status=ImportStatus.AWAITING_UPLOAD,
        created_at=act.at,
        actor=act.actor,
        dry_run=wanted.dry_run,
        existing=wanted.options.existing,
        options=wanted.options.kept(),
        upload_id=None,
        digest=None,
        bytes_total=None,
        **NOTHING_YET,
    )
    changing.publish(writer, name="import_created", import_id=id, act=act)
    return id


async def _check_topics(writer: Writer, consents: list[Given]) -> None:
    named = sorted({given.topic for given in consents if given.topic})
    known = {topic.key for topic in await writer.fetch(topics.BY_KEYS, keys=named)} if named else set()
    unknown = [given for given in consents if given.topic and given.topic not in known]
    if unknown:
        raise Refusals([UnknownTopic(given.topic or "", field=(*given.field, "topic")) for given in unknown])
