"""How each database turns a value into JSON text."""

from typing import Any

from sqlalchemy import Boolean, Float, Integer, String, Text, case, cast, func, literal_column, type_coerce

from app.db.statements import CONFINED
from app.db.types import Id, Json, Time


def word(text: str) -> Any:
    """A constant of ours as an SQL literal."""
    return literal_column("'" + text.replace("'", "''") + "'", String)


class SQLite:
    """Values as JSON text on SQLite."""

    core = CONFINED["sqlite"]
    lateral = False

    def hex(self, expression: Any) -> Any:
        """The 32 hex digits of an id."""
        return func.lower(func.hex(expression), type_=String)

    def join(self, expression: Any) -> Any:
        """Texts of a group with commas between them."""
        return func.group_concat(expression, word(","), type_=String)

    def moment(self, expression: Any) -> Any:
        """A time as the API prints it, which is how it is stored."""
        return cast(expression, Text)

    def json(self, expression: Any) -> Any:
        """Any value as JSON text, never NULL."""
        match expression.type:
            case Boolean():
                said: Any = ((literal_column("1"), word("true")), (literal_column("0"), word("false")))
                return case(*said, value=expression, else_=word("null"))
            case Float():
                # SQLite 3.40 prints 15 digits; Python's repr is exact.
                number = case((expression.is_not(None), func.json_float(expression)))
                return func.coalesce(number, word("null"))
            case Time():
                return func.coalesce(word('"') + type_coerce(expression, String) + word('"'), word("null"))
            case Integer() | Json():
                return func.coalesce(cast(expression, Text), word("null"))
            case Id():
                return func.json_quote(func.nullif(self.hex(expression), word("")), type_=String)
            case _:
                return func.json_quote(expression, type_=String)


class PostgreSQL:
    """Values as JSON text on PostgreSQL."""

    core = CONFINED["postgresql"]
    lateral = True

    def hex(self, expression: Any) -> Any:
        """The 32 hex digits of an id."""
        return func.encode(func.uuid_send(expression), word("hex"), type_=String)

    def join(self, expression: Any) -> Any:
        """Texts of a group with commas between them."""
        return func.string_agg(expression, word(","), type_=String)

    def moment(self, expression: Any) -> Any:
        """A time as the API prints it; PostgreSQL's own JSON would trim zeros."""
        pattern = word('YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        return func.to_char(func.timezone(word("UTC"), expression), pattern, type_=String)

    def json(self, expression: Any) -> Any:
        """Any value as JSON text, never NULL."""
        match expression.type:
            case Time():
                text = word('"') + self.moment(expression) + word('"')
            case Id():
                text = word('"') + self.hex(expression) + word('"')
            case Boolean() | Json() | Integer():
                text = cast(expression, Text)
            case _:
                text = cast(func.to_json(expression), Text)
        return func.coalesce(text, word("null"))


Spelling = SQLite | PostgreSQL
SPELLINGS: dict[str, Spelling] = {"sqlite": SQLite(), "postgresql": PostgreSQL()}


def spelled(spelling: Spelling, expression: Any) -> Any:
    """A time, an id or a number as cursors have it."""
    match expression.type:
        case Id():
            return spelling.hex(expression)
        case Integer():
            return cast(expression, Text)
        case _:
            return spelling.moment(expression)
