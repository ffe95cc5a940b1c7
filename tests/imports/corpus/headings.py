from collections.abc import Iterator
from itertools import count

from tests.imports.corpus.entry import INVALID, NUMBER, Entry, Refused, Wrong, lines, mapped

EMAILS = [
    *("Email", "E-mail", "e mail", "EMAIL", "email_address", "Email Address", "EmailAddress", "EmailAddr_", "Mail"),
    *("emailAddress", " Email ", "E-Mail Address", "Primary Email", "mail address"),
]
MOBILES = [
    *("Mobile", "Mobile Number", "mobile_number", "MobilePhone", "Cell", "Cell Phone", "CellPhoneNumber", "Phone"),
    *("Phone Number", "SMS", "sms_number", "Telephone", "Tel.", "mobileNumber", "MOBILE NO.", "phone-number"),
]
UNKNOWN = ["phone1", "Post", "Handy", "Adresse", "Work", "emails2", "Name"]


def entries() -> Iterator[Entry]:
    for header in EMAILS:
        yield Entry(f"header {header!r}", lines(f"{header},x", "a@example.com,", "nobody,"),
                    {"created": 1, "failed": 1}, [Wrong(2, 3, header.strip(), "INVALID_EMAIL")])  # fmt: skip
    for header in MOBILES:
        yield Entry(f"header {header!r}", lines(f"{header},x", f"{NUMBER},", "12,"),
                    {"created": 1, "failed": 1}, [Wrong(2, 3, header.strip(), "INVALID_PHONE")])  # fmt: skip
    for header in UNKNOWN:
        yield Entry(f"refused: header {header!r} alone", lines(header, "a@example.com"), refused=Refused(1))
    yield from _several()
    yield from _shapes()
    yield from _refused()
    yield from _mapped()


def _several() -> Iterator[Entry]:
    """The less telling columns are custom fields, whose values nobody checks."""
    for first, second in [
        *(("Phone", "Mobile"), ("Telephone", "Cell"), ("SMS", "Cell Phone"), ("Phone Number", "SMS"), ("Tel", "Phone")),
        *(("phone1", "Mobile Number"), ("Home Phone", "Phone")),
    ]:
        row = f"nonsense,{NUMBER},a@example.com"
        yield Entry(f"{second!r} rather than {first!r}", lines(f"{first},{second},Email", row), {"created": 1})
    for first, second in [("Mail", "Email"), ("Work Email", "Email"), ("Email", "Email Address")]:
        row = "nonsense,a@example.com"
        yield Entry(f"{second!r} rather than {first!r}", lines(f"{first},{second}", row), {"created": 1})


def _shapes() -> Iterator[Entry]:
    yield Entry("a header alone", lines("Email,Name"))
    yield Entry("a header alone, without a line's end", b"Email,Mobile")
    yield Entry("one column", lines("Email", "a@example.com", "b@example.com"), {"created": 2})
    yield Entry("blank lines about all", lines("", "", "Email", "", "a@example.com", "", "nobody", ""),
                {"created": 1, "failed": 1}, [Wrong(2, 7, "Email", "INVALID_EMAIL")])  # fmt: skip
    yield Entry("a column without a header, empty", lines("Email,,Name", "a@example.com,,x"), {"created": 1})
    yield Entry("a column without a header, filled", lines("Email,,Name,", "a@example.com,x,,", "b@example.com,,,"),
                {"created": 1, "failed": 1}, [Wrong(1, 2, None, INVALID)])  # fmt: skip
    for name, comma in {"a semicolon": ";", "a tab": "\t", "a comma": ","}.items():
        row = f"a@example.com{comma}x"
        yield Entry(f"sep= names {name}", lines(f"sep={comma}", f"Email{comma}Name", row, "nobody"),
                    {"created": 1, "failed": 1}, [Wrong(2, 4, None, INVALID)])  # fmt: skip
    yield Entry("sep= against the look", lines("sep=;", "Email;a,b,c", "a@example.com;1,2,3"), {"created": 1})
    yield Entry("sep= in quotes, after a BOM", b"\xef\xbb\xbf" + lines('"sep=;"', "Email;Name", "a@example.com;x"),
                {"created": 1})  # fmt: skip
    yield Entry("sep= in UTF-16, CRLF", "\ufeffsep=\t\r\nEmail\tName\r\na@example.com\tx\r\n".encode("utf-16-le"),
                {"created": 1})  # fmt: skip
    yield Entry("commas within the headers' quotes", lines('"Email";"a,b,c,d"', "a@example.com;x"), {"created": 1})
    wide = ",".join(f"c{n}" for n in range(299))
    for filled, counts in {1: {"created": 1}, 64: {"created": 1}, 65: {"failed": 1}, 299: {"failed": 1}}.items():
        row = "a@example.com" + ",x" * filled + "," * (299 - filled)
        wrong = [Wrong(1, 2, None, "LIMIT_EXCEEDED")] if "failed" in counts else []
        yield Entry(f"300 columns, {filled} filled", lines(f"Email,{wide}", row), counts, wrong)


def _refused() -> Iterator[Entry]:
    for name, header in {
        "the same header twice": "Email,Name,Name",
        "the same header twice but for spaces": "Email,Name, Name ",
        "the same key twice": "Email,First Name,firstName",
        "the same address twice": "Email,EMAIL",
        "a header without a letter": "Email,***",
        "a header that is too long": "Email," + "x" * 101,
        "no address": "First Name,Last Name",
        "no header": ",,",
        "one nameless column": '""',
        "a reserved key": "Email,Name,tags,Tags",
        "a pipe": "Email|Name",
        "a colon": "Email:Name",
        "a caret": "Email^Name",
        "rows without headers": f"a@example.com,{NUMBER}",
    }.items():
        yield Entry(f"refused: {name}", lines(header, "a@example.com"), refused=Refused(1))
    yield Entry("refused: sep= a pipe", lines("sep=|", "Email|Name"), refused=Refused(1))
    yield Entry("refused: sep= and nothing more", lines("sep=;"), refused=Refused(None))
    yield Entry("refused: no address, below", lines("sep=;", "", "Name;City"), refused=Refused(3))


def _mapped() -> Iterator[Entry]:
    email = ("E", "emailAddress")
    file = lines("E,M,Name,S", f"a@example.com,{NUMBER},Ada,held", "nobody,,Bob,")
    wrong = [Wrong(2, 3, "E", "INVALID_EMAIL")]
    both = {"created": 1, "failed": 1}
    for name, columns in {
        "one address": [email],
        "both addresses": [email, ("M", "mobileNumber")],
        "a custom field": [email, ("Name", "given_name")],
        "a custom field called like a target": [email, ("Name", "field:status")],
        "a status": [email, ("S", "status")],
        "tags": [email, ("Name", "tags")],
        "a status of a kind": [email, ("S", "emailStatus")],
        "a column twice over": [email, ("Name", "field:name"), ("S", "state")],
    }.items():
        yield Entry(f"mapped: {name}", file, both, wrong, options=mapped(*columns))
    number = count(1)
    for columns in (
        [email, ("Nobody", "name")],
        [email, ("e", "name")],
        [email, ("M", "emailAddress")],
        [email, ("Name", "x"), ("S", "x")],
        [email, ("E", "mobileNumber")],
        [("Name", "name")],
        [email, ("Name", "EmailAddress")],
        [email, ("Name", "Status")],
        [email, ("Name", "mobile_number")],
        [email, ("Name", "customFields")],
        [email, ("Name", "field:")],
        [email, ("Name", "x" * 101)],
        [email, ("S", "emailConsentAt")],
    ):
        told = f"refused: mapping {next(number)} to {columns[-1][1][:20]}"
        yield Entry(told, file, refused=Refused(1), options=mapped(*columns))
