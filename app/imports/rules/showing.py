"""What the columns of a file were taken as, told to those who watch its import."""

from collections.abc import Mapping
from typing import Any

from app.imports.errors import FileRefused
from app.imports.rules.forms import Form
from app.imports.rules.headers import Columns, columns_of, taken_as
from app.imports.rules.options import Column
from app.kinds import KINDS, ChannelKind

WITHOUT = {
    ChannelKind.EMAIL: "Has no column with email addresses: nobody will be linked.",
    ChannelKind.SMS: "Has no column with mobile numbers: nobody will be linked.",
}


def columns(form: Mapping[str, Any] | None, options: Mapping[str, Any]) -> list[dict[str, str | None]]:
    """Each column's header and what it was taken as, if it was not left aside; none before the headers are read."""
    if form is None:
        return []
    found = _columns(form, options)
    taken = taken_as(found) if found else {}
    return [{"header": header, "to": taken.get(place)} for place, header in enumerate(form["columns"])]


def advice(form: Mapping[str, Any] | None, options: Mapping[str, Any]) -> list[str]:
    """What would make a file better."""
    found = None if form is None else _columns(form, options)
    return [told for kind, told in WITHOUT.items() if found and KINDS[kind].input not in found.targets]


def _columns(form: Mapping[str, Any], options: Mapping[str, Any]) -> Columns | None:
    """The columns, by a form and options as they are kept; None where they would be refused by now."""
    mapping = options["mapping"]
    try:
        return columns_of(Form.of(form), None if mapping is None else [Column(*column) for column in mapping])
    except FileRefused:
        return None
