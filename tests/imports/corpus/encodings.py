from collections.abc import Iterator
from itertools import product

from tests.imports.corpus.entry import INVALID, NUMBER, Entry, Refused, Wrong, lines

ENCODINGS = {
    "UTF-8": ("utf-8", b""),
    "UTF-8 with BOM": ("utf-8", b"\xef\xbb\xbf"),
    "UTF-16 LE with BOM": ("utf-16-le", b"\xff\xfe"),
    "UTF-16 BE with BOM": ("utf-16-be", b"\xfe\xff"),
    "UTF-16 LE": ("utf-16-le", b""),
    "UTF-16 BE": ("utf-16-be", b""),
}
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}
ENDS = {"LF": "\n", "CRLF": "\r\n", "CR": "\r"}
COUNTS = {"created": 2, "failed": 1}


def table(delimiter: str, end: str) -> str:
    """The second row begins in line 4, for the first has a line break in quotes."""
    rows = [
        ["Email", "Mobile", "Name"],
        ["a@example.com", NUMBER, f'"Zoë{end}Ångström"'],
        ["nobody", "", "x"],
        ["b@example.com", "", f'"😀 said ""{delimiter}"""'],
    ]
    return "".join(delimiter.join(row) + end for row in rows)


def entries() -> Iterator[Entry]:
    wrong = [Wrong(2, 4, "Email", "INVALID_EMAIL")]
    for (name, (encoding, mark)), (comma, delimiter), (ended, end) in product(
        ENCODINGS.items(), DELIMITERS.items(), ENDS.items()
    ):
        text = table(delimiter, end)
        yield Entry(f"{name}, {comma}, {ended}", mark + text.encode(encoding), COUNTS, wrong)
    for (name, (encoding, mark)), (ended, end) in product(ENCODINGS.items(), ENDS.items()):
        text = table(",", end).removesuffix(end)
        yield Entry(f"{name}, {ended}, none after the last row", mark + text.encode(encoding), COUNTS, wrong)
    yield from _refused()
    yield from _nul()


def _refused() -> Iterator[Entry]:
    rows = lines("Email,Name", "a@example.com,Ada")
    files = {
        "nothing at all": (b"", None),
        "a UTF-8 BOM alone": (b"\xef\xbb\xbf", None),
        "a UTF-16 LE BOM alone": (b"\xff\xfe", None),
        "a UTF-16 BE BOM alone": (b"\xfe\xff", None),
        "blank lines alone": (b"\n\r\n\r", None),
        "spaces alone": (b"   ", None),
        "Latin-1 in a row": (rows + "b@example.com,Zoë\n".encode("latin-1"), 3),
        "Latin-1 in the header": ("Email,Prénom\na@example.com,x\n".encode("latin-1"), 1),
        "Windows quotes far down": (rows + b"b@example.com,x\r\n" * 2000 + b"c@example.com,\x93x\x94\n", 2003),
        "a character cut at the end": (rows + "b@example.com,ë".encode()[:-1], 3),
        "an overlong character": (rows + b"b@example.com,\xc0\xaf\n", 3),
        "a surrogate in UTF-8": (rows + b"\xed\xa0\x80\n", 3),
        "UTF-16 with an odd byte": (b"\xff\xfe" + rows.decode().encode("utf-16-le") + b"x", 3),
        "UTF-16 with half a pair": (b"\xff\xfe" + rows.decode().encode("utf-16-le") + b"\x3d\xd8\x0a\x00", 3),
        "UTF-32": (b"\xff\xfe\x00\x00" + rows.decode().encode("utf-32-le"), 1),
        "an Excel workbook": (b"PK\x03\x04" + bytes(range(256)), 1),
        "an old Excel workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), 1),
        "a gzip archive": (b"\x1f\x8b\x08\x00" + bytes(20), 1),
        "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", 1),
        "a line of more than 4 MiB": (rows + b"x" * (4 * 1024 * 1024 + 1) + b"\n", 3),
        "a NUL in the header": (b"Email,Na\0me\na@example.com,x\n", 1),
    }
    for name, (content, line) in files.items():
        yield Entry(f"refused: {name}", content, refused=Refused(line))


def _nul() -> Iterator[Entry]:
    header, good = "Email,Name\n", "a@example.com,Ada\n"
    wrong = [Wrong(1, 2, None, INVALID)]
    counts = {"created": 1, "failed": 1}
    for name, row in {
        "within a cell": "b@example.com,A\0da\n",
        "as a cell": "b@example.com,\0\n",
        "as a row": "\0\n",
        "in quotes": '"b@example.com","\0"\n',
    }.items():
        text = header + row + good
        yield Entry(f"a NUL {name}", text.encode(), counts, wrong)
        yield Entry(f"a NUL {name}, UTF-16", b"\xff\xfe" + text.encode("utf-16-le"), counts, wrong)
