"""What the columns of a file are: by a mapping, or by the usual English names of their headers."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.channels import rules as channels
from app.channels.errors import InvalidFields
from app.channels.rules.arriving import LONGEST_KEY
from app.imports.errors import (
    MappedTwice,
    NoAddress,
    SameColumn,
    UnknownColumn,
    UnknownTarget,
    UnusableHeader,
)
from app.imports.rules.forms import Form
from app.imports.rules.options import ADDRESSES, FIELD, TARGETS, Column
from app.kinds import KINDS, ChannelKind

STATUS, OPT_OUT, TAGS = "status", "optOut", "tags"
DETAILS = ("", "At", "Source", "Wording")  # of a consent, after the name of its input


def _consents(names: Sequence[str], target: str) -> dict[str, list[str]]:
    """The names of the columns with consents of a kind, which itself is called by these names."""
    acts = [
        *("consent", "marketingconsent", "consentstatus", "optin", "optinstatus", "optedin", "subscribed"),
        *("permission", "marketingpermission"),
    ]
    bases = [name + act for act in acts for name in names] + [act + names[0] for act in acts]
    ends = {
        "": [""],
        "At": ["at", "date", "time", "datetime", "timestamp", "on"],
        "Source": ["source", "sourceurl", "url"],
        "Wording": ["wording", "text", "disclosure", "language"],
    }
    return {target + detail: [base + end for base in bases for end in ends[detail]] for detail in DETAILS}


#: Names of headers without case, spaces and marks; of several columns the one with the most telling name is taken.
NAMES: Mapping[str, Sequence[str]] = {
    "emailAddress": [
        *("emailaddress", "emailaddr", "email", "primaryemail", "primaryemailaddress", "emailid", "mailaddress"),
        *("mail", "contactemail", "customeremail", "subscriberemail", "useremail", "personalemail", "workemail"),
    ],
    "mobileNumber": [
        *("mobilenumber", "mobilephone", "mobilephonenumber", "mobile", "mobileno", "mobiletelephone", "mobiletel"),
        *("msisdn", "cellphone", "cellphonenumber", "cellnumber", "cell", "cellular", "cellularphone"),
        *("smsnumber", "smsphone", "smsphonenumber", "sms", "textnumber", "phonenumber", "phone", "phoneno"),
        *("telephone", "telephonenumber", "tel", "telno", "telephoneno", "primaryphone", "contactphone"),
    ],
    STATUS: ["subscriptionstatus", "subscriberstatus", "status"],
    OPT_OUT: [
        *("unsubscribed", "unsubscribe", "unsub", "optedout", "optout", "emailoptout", "emailoptedout", "smsoptout"),
        *("emailunsubscribed", "donotemail", "donottext", "donotcontact", "unsubscribedat", "unsubtime", "optouttime"),
    ],
    TAGS: ["tags", "tag"],
    **_consents(["email"], KINDS[ChannelKind.EMAIL].consent_input),
    **_consents(["sms", "text", "mobile"], KINDS[ChannelKind.SMS].consent_input),
}
PLAIN_TARGETS = {target.lower(): target for target in TARGETS}


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the cells of a row go, by the places of their columns: targets, and the keys of custom fields.

    `blank` are columns without a header. Columns in none of them are left aside.
    """

    targets: Mapping[str, int]
    fields: Mapping[str, int]
    blank: Sequence[int] = field(default_factory=list)


def columns_of(form: Form, mapping: Iterable[Column] | None) -> Columns:
    """What the columns are. Raises the FileRefused of what is wrong with the headers or the mapping."""
    headers = {place: form.columns[place] for place in form.own}
    named = {place: header for place, header in headers.items() if header}
    _check_different(named.values(), form.header_line)
    if mapping is None:
        targets, fields = _known(named, form.header_line)
    else:
        targets, fields = _mapped(named, mapping, form.header_line)
    if not any(name in targets for name in ADDRESSES):
        raise NoAddress(list(named.values()), form.header_line)
    return Columns(targets, fields, [place for place in headers if place not in named])


def snake_case(header: str) -> str:
    """A header as a key: `First Name`, `firstName` and `FIRST_NAME` are all `first_name`."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", header)
    return re.sub(r"\W+", "_", parted).strip("_").lower()


def plain(header: str) -> str:
    """A header without case, spaces and marks."""
    return re.sub(r"[\W_]+", "", header).lower()


def _check_different(headers: Iterable[str], line: int) -> None:
    seen: set[str] = set()
    for header in headers:
        if header in seen:
            raise SameColumn(header, header, line)
        seen.add(header)


# ---- by their headers


def _known(named: Mapping[int, str], line: int) -> tuple[dict[str, int], dict[str, int]]:
    """The places of targets and of custom fields, as the headers say."""
    keys = _keys(named, line)
    targets = _targets(named)
    taken = set(targets.values())
    fields = {key: place for key, place in keys.items() if place not in taken}
    for key, place in fields.items():
        _check_key(key, named[place], line)
    return targets, fields


def _targets(named: Mapping[int, str]) -> dict[str, int]:
    """The columns that are known. The details of a consent say nothing without it."""
    places: dict[str, int] = {}
    for place, header in named.items():
        places.setdefault(plain(header), place)
    found: dict[str, int] = {}
    for target, names in NAMES.items():
        known = next((places[name] for name in names if name in places), None)
        if known is not None and _consent_of(target) in (None, target, *found):
            found[target] = known
    return found


def _consent_of(target: str) -> str | None:
    """The consent that a target is about, or is a detail of."""
    return next((kind.consent_input for kind in KINDS.values() if target.startswith(kind.consent_input)), None)


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


def _mapped(named: Mapping[int, str], mapping: Iterable[Column], line: int) -> tuple[dict[str, int], dict[str, int]]:
    """The places of targets and of custom fields, as a mapping says."""
    places = {header: place for place, header in named.items()}
    targets: dict[str, int] = {}
    keys: dict[str, int] = {}
    seen: set[str] = set()
    for header, to in ((column.header.strip(), column.to.strip()) for column in mapping):
        if header not in places:
            raise UnknownColumn(header, list(named.values()), line)
        into, name = (targets, to) if to in TARGETS else (keys, _key(to, line))
        if header in seen or name in into:
            raise MappedTwice(header if header in seen else to, line)
        seen.add(header)
        into[name] = places[header]
    _check_details(targets, line)
    return targets, keys


def _key(to: str, line: int) -> str:
    """The key of the custom field that a mapping names. Raises UnknownTarget."""
    key = to.removeprefix(FIELD)
    meant = PLAIN_TARGETS.get(plain(to))
    if meant and not to.startswith(FIELD):
        raise UnknownTarget(to, f"write {meant!r} as it is here, or {FIELD + to!r} for a custom field.", line)
    try:
        channels.check_key(key, field=())
    except InvalidFields as refusal:
        raise UnknownTarget(to, refusal.message, line) from None
    return key


def _check_details(targets: Iterable[str], line: int) -> None:
    for target in targets:
        consent = _consent_of(target)
        if consent and consent not in targets:
            raise UnknownTarget(target, f"map a column to {consent!r} too, whose detail it is.", line)
