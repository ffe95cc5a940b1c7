"""Adds the contacts of a CSV file over the GraphQL API, in two passes, and tells what became of every row.

The first pass adds each email address alone, with the other columns as custom fields; the second adds each mobile
number with the email address, so that the two are linked. It needs nothing of the application: a client like any other.
"""

import csv
import http.client
import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from dataclasses import dataclass, field
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Column, Table

EMAIL = "email"
AT_ONCE = 8
SECONDS = 60
OUTCOMES = ("CREATED", "LINKED", "MERGED", "UNCHANGED")
VIEWER = "query WhoAmI { viewer { account { name } } }"
ADD = """
mutation {operation}($input: {operation}Input!) {{
  {field}(input: $input) {{
    link {{ outcome }}
    userErrors {{ code field message }}
  }}
}}
"""


class CannotAdd(Exception):
    """The file, the server or one of its answers is not what it should be."""


# ---- the file


@dataclass(frozen=True, slots=True)
class Row:
    """A contact: the line in which its row begins, its two addresses, and its other cells that are not empty."""

    line: int
    email: str
    mobile: str
    fields: dict[str, str]

    @property
    def identities(self) -> set[str]:
        """The addresses, spelled so that those that are surely the same are equal."""
        return {self.email.lower(), re.sub(r"\D", "", self.mobile)} - {""}


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a file, and its headers by their snake_case keys."""

    name: str
    headers: dict[str, str]
    mobile_key: str
    rows: list[Row]

    def column(self, path: Sequence[str]) -> str:
        """The header of the column that a path into a mutation's input came from."""
        key = {"emailAddress": EMAIL, "mobileNumber": self.mobile_key}.get(path[0], path[-1]) if path else ""
        return self.headers.get(key, ".".join(path))


def snake_case(header: str) -> str:
    """A header as a key: `First Name`, `firstName` and `FIRST_NAME` are all `first_name`."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", header)
    return re.sub(r"\W+", "_", parted).strip("_").lower()


def sheet(path: Path, *, mobile_column: str) -> Sheet:
    """The file's contacts. Raises CannotAdd where it is not CSV in UTF-8 with a header row and the two columns."""
    lines = records(path)
    titles = next(lines, (1, []))[1]
    headers = {snake_case(title): title for title in titles}
    mobile_key = snake_case(mobile_column)
    if len(headers) < len(titles) or "" in headers:
        raise CannotAdd(f"{path}: every column needs a header of its own; these are {', '.join(map(repr, titles))}.")
    for key in (EMAIL, mobile_key):
        if key not in headers:
            raise CannotAdd(f"{path}: there is no column {key!r}; there are {', '.join(headers) or 'none'}.")
    return Sheet(path.name, headers, mobile_key, [row(path, *each, list(headers), mobile_key) for each in lines])


def records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The records that are not blank, each with the line in which it begins: one with a quoted newline has several."""
    try:
        reader = csv.reader(StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True)
        begins = 1
        for cells in reader:
            if cells:
                yield begins, cells
            begins = reader.line_num + 1
    except OSError as error:
        raise CannotAdd(f"{path}: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise CannotAdd(f"{path}: this is not UTF-8 (byte {error.start}).") from None
    except csv.Error as error:
        raise CannotAdd(f"{path}, line {begins}: {error}.") from None


def row(path: Path, line: int, cells: list[str], keys: list[str], mobile_key: str) -> Row:
    """A record as a contact."""
    if len(cells) != len(keys):
        raise CannotAdd(f"{path}, line {line}: the row has {len(cells)} cells, the header {len(keys)}.")
    values = {key: cell.strip() for key, cell in zip(keys, cells, strict=True)}
    fields = {key: value for key, value in values.items() if value and key not in (EMAIL, mobile_key)}
    return Row(line, values[EMAIL], values[mobile_key], fields)


# ---- the API


class Api:
    """The GraphQL endpoint; each thread keeps a connection of its own open."""

    def __init__(self, url: str, key: str) -> None:
        self._url = urlsplit(url)
        self._headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
        self._local = threading.local()

    def ask(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        """The data of the answer. Raises OSError or HTTPException, and CannotAdd for an answer with errors."""
        body = json.dumps({"query": query, "variables": variables})
        connection = self._connection()
        try:
            connection.request("POST", self._url.path or "/", body, self._headers)
            response = connection.getresponse()
            status, text = response.status, response.read()
        except (OSError, http.client.HTTPException):
            connection.close()  # so that the next request begins anew
            raise
        return data_of(status, text)

    def _connection(self) -> http.client.HTTPConnection:
        if not hasattr(self._local, "connection"):
            kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
            if self._url.scheme not in kinds or not self._url.netloc:
                raise CannotAdd(f"{self._url.geturl()!r} is not an http or https address.")
            self._local.connection = kinds[self._url.scheme](self._url.netloc, timeout=SECONDS)
        connection: http.client.HTTPConnection = self._local.connection
        return connection


def data_of(status: int, text: bytes) -> dict[str, Any]:
    """The data of an answer. Raises CannotAdd where it has errors, or is no answer of a GraphQL server."""
    try:
        answer = json.loads(text)
        errors, data = answer.get("errors"), answer.get("data")
    except (ValueError, AttributeError):
        errors, data = None, None
    if errors:
        first = errors[0]
        raise CannotAdd(f"{first.get('extensions', {}).get('code', 'ERROR')}: {first['message']}")
    if not isinstance(data, dict):
        raise CannotAdd(f"This is no answer of a GraphQL server (HTTP status {status}).")
    return data


def account(api: Api, url: str) -> str:
    """The name of the account that the key is for: asked first, so that a wrong key or address is told once."""
    try:
        return str(api.ask(VIEWER, {})["viewer"]["account"]["name"])
    except (OSError, http.client.HTTPException) as error:
        raise CannotAdd(f"{url} cannot be reached: {error}") from None


# ---- a pass over the file


@dataclass(frozen=True, slots=True)
class Pass:
    """One mutation for every row: what it is given, or None for a row that lacks the address that it is about."""

    title: str
    mutation: str
    needs: str
    input: Callable[[Row], dict[str, Any] | None]

    @property
    def document(self) -> str:
        """The GraphQL document."""
        return ADD.format(operation=self.mutation[0].upper() + self.mutation[1:], field=self.mutation)


@dataclass(slots=True)
class Report:
    """What became of the rows: each is in one of the outcomes, refused, skipped or failed."""

    of: Pass
    outcomes: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(OUTCOMES, 0)))
    refused: list[int] = field(default_factory=list)
    refusals: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)
    skipped: list[int] = field(default_factory=list)
    failures: dict[str, list[int]] = field(default_factory=dict)

    def note(self, sheet: Sheet, line: int, payload: dict[str, Any]) -> None:
        """Counts an answer; a row with several mistakes is refused once and told under each of them."""
        errors = payload["userErrors"]
        if not errors:
            self.outcomes[payload["link"]["outcome"]] += 1
            return
        self.refused.append(line)
        for error in errors:
            kind = (error["code"], sheet.column(error["field"] or []), error["message"])
            self.refusals.setdefault(kind, []).append(line)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows ended in which way: together all of them."""
        failed = sum(map(len, self.failures.values()))
        return {**self.outcomes, "refused": len(self.refused), "skipped": len(self.skipped), "failed": failed}

    def as_json(self) -> dict[str, Any]:
        """The report for programs."""
        return {
            "mutation": self.of.mutation,
            "counts": self.counts,
            "refusals": [
                {"code": code, "column": column, "message": message, "lines": lines}
                for (code, column, message), lines in self.refusals.items()
            ],
            "skipped": self.skipped,
            "failures": [{"message": message, "lines": lines} for message, lines in self.failures.items()],
        }


def passes(sheet: Sheet, *, region: str | None) -> list[Pass]:
    """The email addresses alone, with the fields; then the numbers with the addresses."""
    given = {"sourceDetail": sheet.name}
    read_in = {"defaultRegion": region} if region else {}

    def email(row: Row) -> dict[str, Any] | None:
        return {"emailAddress": row.email, "customFields": row.fields, **given} if row.email else None

    def mobile(row: Row) -> dict[str, Any] | None:
        with_it = {"emailAddress": row.email} if row.email else {"customFields": row.fields}
        return {"mobileNumber": row.mobile, **with_it, **read_in, **given} if row.mobile else None

    return [
        Pass("Email addresses", "addEmailContact", "email address", email),
        Pass("Mobile numbers", "addSmsContact", "mobile number", mobile),
    ]


def run(pass_: Pass, sheet: Sheet, api: Api, progress: Console) -> Report:
    """Sends a pass, several rows at once, and tells what became of them, in the order of the file."""
    report = Report(pass_)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sent = submitted(pool, pass_, sheet, api)
        try:
            watch(as_completed(sent.values()), pass_.title, len(sent), progress)
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)  # else every row that waits would still be sent
            raise
    for row in sheet.rows:
        if row.line not in sent:
            report.skipped.append(row.line)
            continue
        try:
            report.note(sheet, row.line, sent[row.line].result()[pass_.mutation])
        except (CannotAdd, OSError, http.client.HTTPException) as error:
            report.failures.setdefault(str(error) or type(error).__name__, []).append(row.line)
    return report


def watch(answers: Iterable[object], title: str, total: int, console: Console) -> None:
    """Takes the answers as they come, behind a bar where somebody looks on."""
    for _ in track(answers, title, total, console=console, transient=True, disable=not console.is_terminal):
        pass


def submitted(pool: ThreadPoolExecutor, pass_: Pass, sheet: Sheet, api: Api) -> dict[int, Future[dict[str, Any]]]:
    """The answers to come, by line. Rows that share an address keep the order of the file: the last one's values win.

    A row waits for rows before it only, and these began before it: so they cannot wait for one another in a circle.
    """
    sent: dict[int, Future[dict[str, Any]]] = {}
    latest: dict[str, Future[dict[str, Any]]] = {}
    for row in sheet.rows:
        given = pass_.input(row)
        if given is None:
            continue
        before = [latest[identity] for identity in row.identities if identity in latest]
        sent[row.line] = pool.submit(after, before, partial(api.ask, pass_.document, {"input": given}))
        latest.update(dict.fromkeys(row.identities, sent[row.line]))
    return sent


def after(before: list[Future[dict[str, Any]]], act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Acts once the others have ended, well or badly."""
    wait(before)
    return act()


# ---- telling


def show(console: Console, sheet: Sheet, account: str, reports: list[Report]) -> None:
    """Prints the reports for people."""
    console.print(f"{sheet.name}: {len(sheet.rows)} contacts for the account {account}", markup=False, highlight=False)
    table = Table("Rows", *(Column(report.of.title, justify="right") for report in reports))
    for ending in dict.fromkeys(ending for report in reports for ending in report.counts):
        table.add_row(ending, *(str(report.counts.get(ending, 0)) for report in reports))
    console.print(table)
    for report in reports:
        for kind, reason, lines in explained(report):
            console.print(f"\n{report.of.title}, {len(lines)} {kind}", style="bold", markup=False, highlight=False)
            console.print(reason, markup=False, highlight=False)
            console.print(f"Lines {', '.join(map(str, lines))}", style="dim", highlight=False)


def explained(report: Report) -> Iterator[tuple[str, str, list[int]]]:
    """What was not added: in which way, why, and in which lines."""
    for (code, column, message), lines in report.refusals.items():
        yield f"refused: {code} in column {column}", message, lines
    if report.skipped:
        yield "skipped", f"These rows have no {report.of.needs}.", report.skipped
    for message, lines in report.failures.items():
        yield "failed", message, lines


def main(
    file: Annotated[Path, typer.Argument(help="CSV in UTF-8 with a header row, and a column 'email'.")],
    key: Annotated[str, typer.Option(envvar="TANDEM_API_KEY", help="The API key of the account.")],
    url: Annotated[str, typer.Option(help="The GraphQL endpoint.")] = "http://127.0.0.1:8000/graphql",
    mobile_column: Annotated[str, typer.Option(help="The column with the mobile numbers.")] = "phone2",
    region: Annotated[str | None, typer.Option(help="ISO 3166: where numbers are read; else the account's.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON, for programs.")] = False,
) -> None:
    """Adds the contacts of a CSV file: email addresses first, then mobile numbers, which are linked with them.

    Refused rows are told by their lines. The exit code is 1 where a row, or the whole, failed for any other reason.
    """
    console, complaints = Console(), Console(stderr=True)
    api = Api(url, key.strip())
    try:
        contacts = sheet(file, mobile_column=mobile_column)
        name = account(api, url)
    except CannotAdd as error:
        complaints.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        raise SystemExit(1) from None
    reports = [run(each, contacts, api, complaints) for each in passes(contacts, region=region)]
    if as_json:
        told = {"file": contacts.name, "account": name, "rows": len(contacts.rows)}
        typer.echo(json.dumps(told | {"passes": [report.as_json() for report in reports]}, ensure_ascii=False))
    else:
        show(console, contacts, name, reports)
    raise SystemExit(1 if any(report.failures for report in reports) else 0)


if __name__ == "__main__":
    typer.run(main)
