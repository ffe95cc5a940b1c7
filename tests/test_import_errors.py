"""The rows with mistakes as a CSV file, behind a signed link."""

import csv
from io import StringIO

from app.signing import Purpose
from tests.client import Client, Served
from tests.uploading import Awaiting, awaiting

HEADERS = ["import_error_row", "import_error_line", "import_error_column", "import_error_code", "import_error_message"]


async def imported(served: Served, client: Client, content: bytes, name: str = "contacts.csv") -> Awaiting:
    """An import that has ended."""
    new = await awaiting(served, client, name)
    await new.put(content)
    await new.ended()
    return new


async def test_rows_with_mistakes_come_as_csv_with_their_own_columns(served: Served, client: Client) -> None:
    content = b'Email,Mobile,Note\r\nann@example.com,+14155552671,good\r\nann@,+1415,"=1+1, or"\r\n\r\nbea@,,\r\n'
    new = await imported(served, client, content, "Kundinnen & Kunden ä.CSV")
    response = await client.http.get(new.path(Purpose.IMPORT_ERRORS))
    assert response.status_code == 200
    assert response.content.startswith(b"\xef\xbb\xbf")
    [headers, first, second] = csv.reader(StringIO(response.content.decode("utf-8-sig"), newline=""))
    assert headers == [*HEADERS, "Email", "Mobile", "Note"]
    assert (first[:3], first[5:]) == (["2", "3", "Email; Mobile"], ["ann@", "'+1415", "'=1+1, or"])
    assert (second[:4], second[5:]) == (["3", "5", "Email", "INVALID_EMAIL"], ["bea@", "", ""])
    told = {name: response.headers[name] for name in ("content-type", "cache-control", "access-control-allow-origin")}
    assert told == {
        "content-type": "text/csv; charset=utf-8",
        "cache-control": "no-store",
        "access-control-allow-origin": "*",
    }
    assert response.headers["content-disposition"] == (
        'attachment; filename="Kundinnen _ Kunden _-errors.csv"; '
        "filename*=UTF-8''Kundinnen%20%26%20Kunden%20%C3%A4-errors.csv"
    )


async def test_many_rows_come_in_pages_each_row_once(served: Served, client: Client) -> None:
    lines = [f"bad{number},12" for number in range(501)]  # two mistakes in each: more than a page of them
    new = await imported(served, client, "\r\n".join(["Email,Mobile", *lines]).encode())
    text = (await client.http.get(new.path(Purpose.IMPORT_ERRORS))).content.decode("utf-8-sig")
    found = list(csv.reader(StringIO(text, newline="")))[1:]
    assert [row[5] for row in found] == [line.partition(",")[0] for line in lines]


async def test_a_link_to_another_file_or_by_another_method_is_refused(served: Served, client: Client) -> None:
    new = await awaiting(served, client)
    forged = new.path().replace("/imports/", "/import-errors/")
    assert (await client.http.get(forged)).status_code == 403
    link = new.path(Purpose.IMPORT_ERRORS)
    assert (await client.http.post(link)).status_code == 405
    asked = await client.http.options(link)
    assert (asked.status_code, asked.headers["access-control-allow-methods"]) == (204, "GET, HEAD")
    assert (await client.http.head(link)).headers["content-type"] == "text/csv; charset=utf-8"
    assert (await client.http.get(link)).content == b"\xef\xbb\xbf"
