from collections.abc import Iterator

from app.consent.rules.evidence import Given
from app.imports.rules.options import Options
from app.kinds import ChannelKind
from app.tables import LedgerAct
from tests.imports.corpus.entry import INVALID, NUMBER, REGION, ZONE, Entry, Wrong, lines

A, B = "a@example.com", "b@example.com"
EVIDENCE = "CONSENT_EVIDENCE_REQUIRED"
WIDE = Options(
    REGION,
    ZONE,
    consents={kind: Given(LedgerAct.OPT_IN, source_url="https://example.com/form") for kind in ChannelKind},
    tags=("spring",),
)


def one(name: str, header: str, row: str, *wrong: tuple[str | None, str], taken: bool = False) -> Entry:
    """A file of one row, which fails if something is wrong with it and it is not taken all the same."""
    counts = {"failed" if wrong and not taken else "created": 1}
    return Entry(name, lines(header, row), counts, [Wrong(1, 2, column, code) for column, code in wrong])


def entries() -> Iterator[Entry]:
    yield from _shapes()
    yield from _addresses()
    yield from _status()
    yield from _opt_outs()
    yield from _consents()
    yield from _times()
    yield from _wide()
    yield from _ours()


def _shapes() -> Iterator[Entry]:
    for name, row in {"too few cells": A, "one too many": f"{A},x,", "many too many": A + ",x" * 500}.items():
        yield Entry(f"a row with {name}", lines("Email,Name", row, f"{B},x"), {"created": 1, "failed": 1},
                    [Wrong(1, 2, None, INVALID)])  # fmt: skip
    for name, row in {
        "commas": ",,",
        "spaces": "  , ,  ",
        "empty quotes": '"","",""',
        "more commas than columns": ",,,,",
        "fewer commas than columns": ",",
        "a no-break space": "\u00a0,,",
    }.items():
        yield Entry(f"a blank row: {name}", lines("Email,Name,City", row, f"{A},x,y"), {"skipped": 1, "created": 1})
    yield Entry("a blank row of one column", lines("Email", '""', A), {"skipped": 1, "created": 1})
    yield Entry("lines of spaces are none", lines("Email", "  ", A, "\t", "nobody"), {"created": 1, "failed": 1},
                [Wrong(2, 5, "Email", "INVALID_EMAIL")])  # fmt: skip


def _addresses() -> Iterator[Entry]:
    both = "Email,Mobile,Name"
    yield one("both addresses", both, f"{A},{NUMBER},x")
    yield one("an address with spaces", both, f"  {A.upper()}  ,  (415) 555-2671 ,x")
    yield one("a wrong number beside an address", both, f"{A},12,x", ("Mobile", "INVALID_PHONE"), taken=True)
    yield one("a wrong address beside a number", both, f"nobody,{NUMBER},x", ("Email", "INVALID_EMAIL"), taken=True)
    yield one("both wrong", both, "nobody,12,x", ("Email", "INVALID_EMAIL"), ("Mobile", "INVALID_PHONE"))
    yield one("neither", both, ",,x", ("Email", "IDENTIFIER_REQUIRED"))
    yield one("neither, numbers only", "Mobile,Name", ",x", ("Mobile", "IDENTIFIER_REQUIRED"))
    yield one("a placeholder beside a number", both, f"none@none.com,{NUMBER},x")
    yield one("a placeholder alone", both, "none@none.com,,x", ("Email", "BLOCKED_IDENTIFIER"))
    yield one("two placeholders", both, "none@none.com,0000000000,x", ("Email", "BLOCKED_IDENTIFIER"))
    yield one("an invalid number and a long field", both, f"{A},12,{'x' * 17_000}",
              (None, "LIMIT_EXCEEDED"), ("Mobile", "INVALID_PHONE"))  # fmt: skip
    yield one("a number with an extension", both, f"{A},{NUMBER} ext. 5,x", ("Mobile", "INVALID_PHONE"), taken=True)
    yield one("tags of all separators", "Email,Tags", f'{A},"a, b;c | d,,a"')
    yield one("a tag that is too long", "Email,Tags", f"{A},{'x' * 101}", ("Tags", INVALID))
    yield one("more than 100 tags", "Email,Tags", f"{A},{';'.join(map(str, range(101)))}", ("Tags", INVALID))


def _status() -> Iterator[Entry]:
    said = ["", "normal", "active", "subscribed", "confirmed", "unsub", "unsubscribed", "held", "expired"]
    for word in [*said, "UNSUB", " Held "]:
        yield one(f"status {word!r}", "Email,Status", f"{A},{word}")
        yield one(f"status {word!r} of a number", "Mobile,Status", f"{NUMBER},{word}")
    for word in ["banned", "released", "yes", "opt in", "0", "heldd"]:
        yield one(f"status {word!r}, unknown", "Email,Status", f"{A},{word}", ("Status", INVALID))


def _opt_outs() -> Iterator[Entry]:
    for name in ["Email Opt Out", "Do Not Email", "Has Opted Out Of Email", "SMS Opt Out", "Do Not Text",
                 "Unsubscribed", "UNSUB_TIME", "Do Not Contact", "Opted Out", "SMS Unsubscribed At"]:  # fmt: skip
        row = f"{A},{NUMBER},"
        yield one(f"opt-out in {name!r}", f"Email,Mobile,{name}", row + "2024-01-31 10:00:00")
        yield one(f"opt-out in {name!r}, unknown", f"Email,Mobile,{name}", row + "maybe", (name, INVALID))
    for name in ["Subscribed", "Accepts Marketing", "Accepts Email Marketing", "Accepts SMS Marketing",
                 "SMS Subscribed", "Email Subscribed"]:  # fmt: skip
        for word in ["yes", "no", ""]:
            yield one(f"{name!r} {word!r}", f"Email,Mobile,{name}", f"{A},{NUMBER},{word}")
        yield one(f"{name!r}, unknown", f"Email,Mobile,{name}", f"{A},{NUMBER},maybe", (name, INVALID))
    for name in ["Email Status", "Email Marketing Status", "Email Permission Status", "SMS Status"]:
        for word in ["subscribed", "Unsubscribed", "cleaned", "Hard bounced", "non-subscribed"]:
            yield one(f"{name!r} {word!r}", f"Email,Mobile,{name}", f"{A},{NUMBER},{word}")
        yield one(f"{name!r}, unknown", f"Email,Mobile,{name}", f"{A},{NUMBER},maybe", (name, INVALID))
    yield one("the second of two opt-outs is unknown", "Email,Opt Out,Unsubscribed", f"{A},no,what",
              ("Unsubscribed", INVALID))  # fmt: skip
    yield one("GDPR consent is a custom field", "Email,GDPR Consent", f"{A},perhaps")


def _consents() -> Iterator[Entry]:
    header = "Email,Email Consent,Email Consent Source"
    source = "https://example.com"
    for word in ["yes", "Y", "TRUE", "1", "opt-in", "Subscribed", "x"]:
        yield one(f"consent {word!r}", header, f"{A},{word},{source}")
        yield one(f"consent {word!r} without evidence", header, f"{A},{word},", ("Email Consent", EVIDENCE))
    for word in ["", "no", "N", "FALSE", "0", "opted out", "Unsubscribed"]:
        yield one(f"consent {word!r}", header, f"{A},{word},")
    for word in ["maybe", "yes please", "2", "2024-01-31", "pending"]:
        yield one(f"consent {word!r}, unknown", header, f"{A},{word},{source}", ("Email Consent", INVALID))
    for name in ["emailConsent", "E-mail opt-in", "email_opted_in", "Opt-in email", "EMAIL MARKETING CONSENT"]:
        yield one(f"consent in {name!r}", f"Email,{name}", f"{A},yes", (name, EVIDENCE))
    for name in ["smsConsent", "SMS opt-in", "sms_opt_in", "Text Consent", "Mobile opt-in"]:
        yield one(f"consent in {name!r}", f"Mobile,{name}", f"{NUMBER},yes", (name, EVIDENCE))
    yield one("no evidence, but opted out by status", "Email,Status,emailConsent", f"{A},unsub,yes")
    both = "Email,Mobile,smsConsent,smsConsentWording"
    yield one("an opt-in of a number that is not there", both, f"{A},,yes,I agree", ("smsConsent", INVALID))
    yield one("an opt-out of a number that is not there", both, f"{A},,no,")
    yield one("an opt-in of a number that is wrong", both, f"{A},12,yes,I agree", ("Mobile", "INVALID_PHONE"),
              taken=True)  # fmt: skip
    yield one("a wording that is too long", both, f"{A},{NUMBER},yes,{'x' * 10_001}",
              ("smsConsentWording", "LIMIT_EXCEEDED"))  # fmt: skip
    yield one("details without a consent are custom fields", "Email,emailConsentAt", f"{A},whenever")
    yield one("details of nothing", "Email,emailConsent,emailConsentAt", f"{A},,whenever")
    yield one("three mistakes", "Status,Email,emailConsent", "what,nobody,maybe",
              ("Status", INVALID), ("Email", "INVALID_EMAIL"), ("emailConsent", INVALID))  # fmt: skip


def _times() -> Iterator[Entry]:
    header = "Email,Email opt-in,Email opt-in date,Email opt-in URL"
    for text in [
        *("2024-01-31", "2024-01-31T09:30:00Z", "2024-01-31 09:30", "2024-01-31T09:30:00.123456+02:00", ""),
        *("20240131", "2024-01-31T09:30:00-0800", " 2024-01-31 "),
    ]:
        yield one(f"time {text!r}", header, f"{A},yes,{text},https://example.com")
    for text in ["01/31/2024", "31.01.2024", "yesterday", "2024-13-01", "2024-02-30", "1700000000.5", "2999-01-01",
                 "1800-01-01", "0001-01-01"]:  # fmt: skip
        yield one(f"time {text!r}, none", header, f"{A},yes,{text},https://example.com", ("Email opt-in date", INVALID))


def _wide() -> Iterator[Entry]:
    files = {
        "for an address": ("Email", [A], {"created": 1}),
        "for both addresses": ("Email,Mobile", [f"{A},{NUMBER}"], {"created": 1}),
        "lends its source": ("Email,emailConsent", [f"{A},yes"], {"created": 1}),
        "beside an opt-out": ("Email,emailConsent", [f"{A},no"], {"created": 1}),
        "beside an unsub": ("Email,Mobile,Status", [f"{A},{NUMBER},unsub"], {"created": 1}),
        "twice": ("Email,Mobile", [f"{A},{NUMBER}"] * 2, {"created": 1, "unchanged": 1}),
        "with tags": ("Email,Tags", [f"{A},x", f"{A},spring"], {"created": 1, "unchanged": 1}),
        "with more tags": ("Email,Tags", [f"{A},x", f"{A},y"], {"created": 1, "updated": 1}),
    }
    for name, (header, rows, counts) in files.items():
        yield Entry(f"consent for all rows, {name}", lines(header, *rows), counts, options=WIDE)


def _ours() -> Iterator[Entry]:
    """The file with an import's mistakes, mended and imported."""
    header = "import_error_row,import_error_line,import_error_column,import_error_code,import_error_message,Email,Phone"
    yield Entry("an errors file, mended", lines(header, f"7,8,Email,INVALID_EMAIL,Not one.,{A},'{NUMBER}"),
                {"created": 1})  # fmt: skip
    yield Entry("an errors file, not mended", lines(header, "7,8,Email,INVALID_EMAIL,Not one.,nobody,"),
                {"failed": 1}, [Wrong(1, 2, "Email", "INVALID_EMAIL")])  # fmt: skip
    yield Entry("an errors file with a row deleted", lines(header, "7,8,Email,INVALID_EMAIL,Not one.,,"),
                {"skipped": 1})  # fmt: skip
