"""What the columns of a file are: by a mapping, or by the usual English names of their headers."""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.channels import rules as channels
from app.channels.errors import InvalidFields
from app.channels.rules.arriving import LONGEST_KEY
from app.imports.errors import (
    MappedTwice,
    NoAddress,
    OtherSeparator,
    SameColumn,
    UnknownColumn,
    UnknownTarget,
    UnusableHeader,
)
from app.imports.rules.forms import Form
from app.imports.rules.naming import NAMES
from app.imports.rules.options import (
    ADDRESSES,
    FIELD,
    SHARED,
    SUBSCRIBED,
    TARGETS,
    Column,
    of_kind,
)
from app.kinds import KINDS, ChannelKind

OTHER_SEPARATORS = "|:^"
PLAIN_TARGETS = {target.lower(): target for target in TARGETS}


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the cells of a row go, by the places of their columns: targets, and the keys of custom fields.

    `shared` are the places of targets that several columns may be. `blank` are columns without a header. Columns in
    none of them are left aside.
    """

    targets: Mapping[str, int]
    shared: Mapping[str, Sequence[int]]
    fields: Mapping[str, int]
    blank: Sequence[int] = field(default_factory=list)


def columns_of(form: Form, mapping: Iterable[Column] | None) -> Columns:
    """What the columns are. Raises the FileRefused of what is wrong with the headers or the mapping."""
    headers = {place: form.columns[place] for place in form.own}
    named = {place: header for place, header in headers.items() if header}
    _check_different(named.values(), form.header_line)
    blank = [place for place in headers if place not in named]
    if mapping is None:
        columns = _known(named, blank, form.header_line)
    else:
        columns = _mapped(named, blank, mapping, form.header_line)
    if not any(name in columns.targets for name in ADDRESSES):
        _check_separator(list(named.values()), form.header_line)
        raise NoAddress(list(named.values()), form.header_line)
    return columns


def snake_case(header: str) -> str:
    """A header as a key: `First Name`, `firstName` and `FIRST_NAME` are all `first_name`."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", header)
    return re.sub(r"\W+", "_", parted).strip("_").lower()


def plain(header: str) -> str:
    """A header without case, spaces and marks."""
    return re.sub(r"[\W_]+", "", header).lower()


def _check_separator(headers: Sequence[str], line: int) -> None:
    """Raises OtherSeparator where it seems that other characters part the cells."""
    found = next((mark for mark in OTHER_SEPARATORS if mark in headers[0]), None) if len(headers) == 1 else None
    if found:
        raise OtherSeparator(found, line)


def _check_different(headers: Iterable[str], line: int) -> None:
    seen: set[str] = set()
    for header in headers:
        if header in seen:
            raise SameColumn(header, header, line)
        seen.add(header)


# ---- by their headers


def _known(named: Mapping[int, str], blank: Sequence[int], line: int) -> Columns:
    """The places of targets and of custom fields, as the headers say."""
    keys = _keys(named, line)
    targets, shared = _targets(named)
    taken = {*targets.values(), *(place for places in shared.values() for place in places)}
    fields = {key: place for key, place in keys.items() if place not in taken}
    for key, place in fields.items():
        _check_key(key, named[place], line)
    return Columns(targets, shared, fields, blank)


def _targets(named: Mapping[int, str]) -> tuple[dict[str, int], dict[str, list[int]]]:
    """The columns that are known. The details of a consent say nothing without it."""
    places: dict[str, list[int]] = {}
    for place, header in named.items():
        places.setdefault(plain(header), []).append(place)
    found: dict[str, int] = {}
    shared: dict[str, list[int]] = {}
    for target, names in NAMES.items():
        known = [place for name in names for place in places.get(name, ())]
        if known and target in SHARED:
            shared[target] = known
        elif known and not _is_astray(target, {*found, *shared}):
            found[target] = known[0]
    return found, shared


def _is_astray(target: str, others: Container[str]) -> bool:
    """Whether it is a detail of a consent that none of the others is."""
    kind = _consent_of(target)
    if kind is None or target == KINDS[kind].consent_input:
        return False
    return not any(consent in others for consent in (KINDS[kind].consent_input, of_kind(kind, SUBSCRIBED), SUBSCRIBED))


def _consent_of(target: str) -> ChannelKind | None:
    """The kind with whose consent a target deals, as such or as a detail."""
    return next((kind for kind, own in KINDS.items() if target.startswith(own.consent_input)), None)


def _keys(named: Mapping[int, str], line: int) -> dict[str, int]:
    """The places of the columns by the keys that they have as custom fields."""
    found: dict[str, int] = {}
    for place, header in named.items():
        key = snake_case(header)
        if not key:
            raise UnusableHeader(header, "it has no letter and no digit.", line)
        if key in found:
            raise SameColumn(named[found[key]], header, line)
        found[key] = place
    return found


def _check_key(key: str, header: str, line: int) -> None:
    try:
        channels.check_key(key, field=())
    except InvalidFields as refusal:
        reason = f"it is longer than {LONGEST_KEY} characters." if len(key) > LONGEST_KEY else refusal.message
        raise UnusableHeader(header, reason, line) from None


# ---- by a mapping


def _mapped(named: Mapping[int, str], blank: Sequence[int], mapping: Iterable[Column], line: int) -> Columns:
    """The places of targets and of custom fields, as a mapping says."""
    places = {header: place for place, header in named.items()}
    targets: dict[str, int] = {}
    shared: dict[str, list[int]] = {}
    keys: dict[str, int] = {}
    seen: set[str] = set()
    for header, to in ((column.header.strip(), column.to.strip()) for column in mapping):
        if header not in places:
            raise UnknownColumn(header, list(named.values()), line)
        into, name = (targets, to) if to in TARGETS else (keys, _key(to, line))
        if header in seen or name in into:
            raise MappedTwice(header if header in seen else to, line)
        seen.add(header)
        if to in SHARED:
            shared.setdefault(to, []).append(places[header])
        else:
            into[name] = places[header]
    for target in targets:
        if reason := without_consent(target, {*targets, *shared}):
            raise UnknownTarget(target, reason, line)
    return Columns(targets, shared, keys, blank)


def _key(to: str, line: int) -> str:
    """The key of the custom field that a mapping names. Raises UnknownTarget."""
    if reason := misspelt(to):
        raise UnknownTarget(to, reason, line)
    key = to.removeprefix(FIELD)
    try:
        channels.check_key(key, field=())
    except InvalidFields as refusal:
        raise UnknownTarget(to, refusal.message, line) from None
    return key


def misspelt(to: str) -> str | None:
    """What to write instead of a target that is called nearly like one that there is."""
    meant = None if to in TARGETS or to.startswith(FIELD) else PLAIN_TARGETS.get(plain(to))
    return f"write {meant!r} as it is here, or {FIELD + snake_case(to)!r} for a custom field." if meant else None


def without_consent(target: str, others: Container[str]) -> str | None:
    """What to do about a target that is a detail of a consent that none of the others is."""
    kind = _consent_of(target)
    if kind is None or not _is_astray(target, others):
        return None
    return f"map a column to {KINDS[kind].consent_input!r} too, whose detail it is."


# ---- as they are shown


def taken_as(columns: Columns) -> dict[int, str]:
    """What each column was taken as, by its place, in the words of a mapping."""
    shared = {place: target for target, places in columns.shared.items() for place in places}
    fields = {place: FIELD + key if key in TARGETS else key for key, place in columns.fields.items()}
    return {place: target for target, place in columns.targets.items()} | shared | fields
