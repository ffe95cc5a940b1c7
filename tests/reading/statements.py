"""What can be told from the text of a statement: which tables it names, whether each is confined, and how it reads."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import SQLModel

from app import tables as tables  # registers them

TABLES = frozenset(name for name, table in SQLModel.metadata.tables.items() if "account_id" in table.columns)
#: A literal, a quoted name, a word (a parameter such as $1 too), or any other character.
_TOKEN = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|\$?\w+(?:\.\w+)?|\s+|.", re.DOTALL)
_ACCOUNT = re.compile(r"(\w+)\.account_id = (?:\?|\$\d+)")
_BREAKS = frozenset(["FROM", "WHERE", "ORDER", "GROUP", "LIMIT", "JOIN", "LEFT", "CROSS"])


def tokens(sql: str) -> list[str]:
    """The pieces of a statement; together they are the statement."""
    return _TOKEN.findall(sql)


def words(sql: str) -> list[str]:
    """The pieces without space between them and without literals."""
    return [token for token in tokens(sql) if not token.isspace() and not token.startswith("'")]


def aliases(sql: str) -> dict[str, str]:
    """Every `table AS alias` in the statement and its nested ones: the table by its alias."""
    found = words(sql)
    named = zip(found, found[1:], found[2:], strict=False)
    return {alias: table for table, as_, alias in named if table in TABLES and as_ == "AS"}


def unnamed(sql: str) -> list[str]:
    """Tables that are read without an alias of their own; a column may be called like one of them."""
    found = ["", *words(sql), ""]
    named = zip(found, found[1:], found[2:], strict=False)
    return [table for as_, table, following in named if table in TABLES and "AS" not in (as_, following)]


def unconfined(sql: str) -> list[str]:
    """Every table and alias that lacks the condition of the account."""
    confined = set(_ACCOUNT.findall("".join(token for token in tokens(sql) if not token.startswith("'"))))
    return [f"{table} AS {alias}" for alias, table in aliases(sql).items() if alias not in confined] + unnamed(sql)


@dataclass(slots=True)
class Scope:
    """What stands between two parentheses: the aliases that it declares itself, and what is nested in it."""

    declares: list[str] = field(default_factory=list)
    nested: list["Scope"] = field(default_factory=list)


def scopes(sql: str) -> Scope:
    """The statement by its parentheses."""
    found = words(sql)
    around = [Scope()]
    for word, as_, alias in zip(found, [*found[1:], ""], [*found[2:], "", ""], strict=False):
        if word == "(":
            inner = Scope()
            around[-1].nested.append(inner)
            around.append(inner)
        elif word == ")":
            around.pop()
        elif word in TABLES and as_ == "AS":
            around[-1].declares.append(alias)
    return around[0]


def shadowed(scope: Scope, known: frozenset[str] = frozenset()) -> list[str]:
    """Aliases that are declared again within a SELECT that has them: there, a row was meant and all rows are read."""
    inner = known | set(scope.declares)
    again = [alias for alias in scope.declares if alias in known]
    return again + [alias for nested in scope.nested for alias in shadowed(nested, inner)]


def faults(sql: str) -> list[str]:
    """What is wrong with a statement, whatever it is about."""
    return [f"{name} is read across accounts" for name in unconfined(sql)] + [
        f"{alias} is listed anew instead of referred to" for alias in shadowed(scopes(sql))
    ]


# ---- layout


def placed(sql: str, values: Sequence[Any]) -> tuple[str, dict[str, Any], list[str]]:
    """The statement with its placeholders numbered, the values by these places, and the places of the account."""
    pieces, found, of_account = tokens(sql), dict[str, Any](), list[str]()
    for place, piece in enumerate(pieces):
        if piece == "?":
            pieces[place] = f"?{len(found) + len(of_account) + 1}"
        if pieces[place][0] not in "?$":
            continue
        if "".join(pieces[:place]).endswith(".account_id = "):
            of_account.append(pieces[place])
        else:
            found[pieces[place]] = values[int(pieces[place][1:]) - 1]
    return "".join(pieces), found, list(dict.fromkeys(of_account))


def laid_out(sql: str) -> str:
    """The statement with a line for every clause and every JSON member, indented by its nesting; only space differs."""
    return re.sub(r"[ ]+(?=\n|$)", "", "".join(_spaced_out(sql))).strip() + "\n"


def _spaced_out(sql: str) -> Iterator[str]:
    nested: list[bool] = []  # of every open parenthesis: whether a SELECT stands in it
    pieces = [token for token in tokens(" ".join(re.split(r"\n\s*", sql))) if token]
    before = ""
    for place, token in enumerate(pieces):
        selects = nested.pop() if token == ")" else False
        if selects or _begins_clause(token, before, nested) or (token == "SELECT" and before == "("):
            yield _break(nested)
        elif token.startswith("'") and '":' in token and before == "|":
            yield _break(nested, 1)
        yield token
        if token == "(":
            nested.append(pieces[place + 1] == "SELECT")
        before = before if token.isspace() else token


def _begins_clause(token: str, before: str, nested: list[bool]) -> bool:
    """Whether a clause of a SELECT begins here, and not a part of a window or a function."""
    second = token == "JOIN" and before in ("OUTER", "LEFT", "CROSS")
    return token in _BREAKS and not second and (not nested or nested[-1])


def _break(nested: list[bool], more: int = 0) -> str:
    return "\n" + "  " * (sum(nested) + more)
