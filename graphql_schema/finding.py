"""Finding objects by their global ids and by their addresses."""

from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Select, select
from sqlmodel import SQLModel

from app import tables
from app.channels import rules
from app.db import entity
from app.db.expressions import each_of, in_order
from app.errors import BadInput, Refusal
from app.ids import parsed, prefix, uuid_of
from app.kinds import KINDS
from app.profiles.queries import found, order
from app.reading import Keyed, One, Page
from graphql_schema.reading import read, read_keyed
from graphql_schema.selecting import Resolving

MOST_NODES = 100
Finder = tuple[Callable[[Any], Select[Any]], Callable[[Any], tuple[Select[Any], Any]]]


def rows_of(table: type[SQLModel]) -> Finder:
    """How the rows of a table are found: one by `asked.id`, several by `asked.ids`."""

    def by_id(asked: Any) -> Select[Any]:
        row = entity(table)
        return select(row).where(row.id == asked.id)

    def by_ids(asked: Any) -> tuple[Select[Any], Any]:
        row, each = entity(table), each_of(asked.ids)
        return select(row).select_from(in_order(each, row, row.id == each.c.id)), row.id

    return by_id, by_ids


#: Every type that implements Node, and how its objects are found.
FINDERS: dict[str, Finder] = {
    "Profile": (found.at_home, found.at_homes),
    "Account": rows_of(tables.Account),
    "AuditEntry": rows_of(tables.Fact),
    "Channel": rows_of(tables.Channel),
    "ConsentRecord": rows_of(tables.ConsentRecord),
    "Engagement": rows_of(tables.Engagement),
    "Keyword": rows_of(tables.Keyword),
    "Form": rows_of(tables.Form),
    "Import": rows_of(tables.Import),
    "Link": rows_of(tables.Link),
    "LinkProposal": rows_of(tables.LinkProposal),
    "NeverLink": rows_of(tables.NeverLink),
    "ProfileMerge": rows_of(tables.Merge),
    "Topic": rows_of(tables.Topic),
}
TYPES = {prefix(name): name for name in FINDERS}


def typed(id: str) -> tuple[str, UUID] | None:
    """The type's name and the UUID of an id; None where it is malformed or of no type."""
    start, uuid = parsed(id) or ("", None)
    return (TYPES[start], uuid) if uuid is not None and start in TYPES else None


async def node(info: Resolving, id: str) -> orjson.Fragment | None:
    """The object with the id, read as its own type."""
    known = typed(id)
    if known is None:
        return None
    name, uuid = known
    return await read(info, One(FINDERS[name][0]), SimpleNamespace(id=uuid), concrete=name)


async def nodes(info: Resolving, ids: Sequence[str]) -> orjson.Fragment:
    """The objects with the ids, in that order, one statement for each type among them."""
    if len(ids) > MOST_NODES:
        raise BadInput(f"Ask for at most {MOST_NODES} ids at once; these are {len(ids)}.")
    known = [typed(id) for id in ids]
    answers = {}
    for name in dict.fromkeys(name for name, _ in filter(None, known)):
        asked = SimpleNamespace(ids={uuid for type_name, uuid in filter(None, known) if type_name == name})
        answers[name] = await read_keyed(info, Keyed(FINDERS[name][1]), asked, concrete=name)
    return orjson.Fragment(orjson.dumps([answers[each[0]].get(each[1].hex) if each else None for each in known]))


async def profile(info: Resolving, by: Mapping[str, Any]) -> orjson.Fragment | None:
    """The profile with an id, an email address or a mobile number. Raises BadInput for an address that is none."""
    if "id" in by:
        asked = SimpleNamespace(id=uuid_of(by["id"], "Profile"))
        return await read(info, One(found.at_home), asked, variant="id") if asked.id else None
    try:
        address = looked_up(by, info.context.caller.region)
    except Refusal as refusal:
        raise BadInput(refusal.message) from None
    asked = SimpleNamespace(kind=address.kind, address=address.text)
    return await read(info, One(found.at_address), asked, variant="address")


def looked_up(by: Mapping[str, Any], region: str) -> rules.Address:
    """The address of a lookup. Raises a Refusal where it is none."""
    [(kind, text)] = [(kind, by[of.input]) for kind, of in KINDS.items() if of.input in by]
    return rules.address(kind, text, region=region, field=())


async def profiles(info: Resolving, search: str | None = None, **_: Any) -> orjson.Fragment | None:
    """The profiles that a search finds, or all; the paging is the compiled selection's."""
    words = rules.sought(search or "")
    source = Page(found.by_words(len(words)) if words else order.all_by, order.by)
    return await read(info, source, found.words_asked(words), variant=len(words))
