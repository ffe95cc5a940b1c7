"""What a row says of its contact, to the last value."""

from datetime import UTC, datetime

from app.accounts.rules import Guards
from app.channels.rules import Address
from app.consent.rules.evidence import Given
from app.identity.rules.contacts import Contact
from app.imports.rules.forms import form_of
from app.imports.rules.options import Column, Options
from app.imports.rules.reading import Reading
from app.imports.rules.records import Records
from app.imports.rules.rows import Row
from app.kinds import ChannelKind
from app.tables import Deliverability, LedgerAct

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
EMAIL, NUMBER = Address(ChannelKind.EMAIL, "a@example.com"), Address(ChannelKind.SMS, "+14155552671")
PAGE = "https://example.com/form"
OUT_BY_STATUS = Given(LedgerAct.OPT_OUT, field=("status",))
BY_EMAIL, BY_SMS = ("emailConsent",), ("smsConsent",)


def rows(text: str, options: Options | None = None) -> list[Row]:
    content = text.encode()
    form = form_of(content)
    records = Records(form.encoding, form.delimiter, offset=form.offset, line=form.line)
    reading = Reading(form, options or Options("US", "Europe/Berlin"), Guards(), NOW)
    return reading.rows(1, records.feed(content[form.offset :]) + records.end())


def contact(text: str, options: Options | None = None) -> Contact | None:
    [row] = rows(text, options)
    return row.contact


def wide(*kinds: ChannelKind) -> Options:
    given = {kind: Given(LedgerAct.OPT_IN, source_url=PAGE, disclosure="I agree.") for kind in kinds}
    return Options("US", "Europe/Berlin", consents=given, tags=("spring",))


def test_cells_are_trimmed_strings_under_keys_in_snake_case_and_blank_ones_say_nothing() -> None:
    found = contact(
        "Email,Mobile,firstName,ZIP Code,Last-Name,Tags\na@example.com, 415-555-2671 , Ada ,00501,, b;a|b\n"
    )
    assert found == Contact(EMAIL, NUMBER, {"first_name": "Ada", "zip_code": "00501"}, ["a", "b"])


def test_a_mapping_leaves_aside_what_it_does_not_name() -> None:
    mapping = (Column("m", "mobileNumber"), Column("x", "field:status"), Column("y", "Vorname"))
    found = contact("m,x,y,Email\n+14155552671,new,Ada,nobody\n", Options("US", "UTC", mapping=mapping, tags=("t",)))
    assert found == Contact(NUMBER, None, {"status": "new", "Vorname": "Ada"}, ["t"])


def test_an_address_that_is_none_takes_its_consent_with_it() -> None:
    [row] = rows("Email,Mobile\nnobody,+14155552671\n", wide(*ChannelKind))
    given = Given(LedgerAct.OPT_IN, source_url=PAGE, disclosure="I agree.", field=BY_SMS)
    assert row.contact == Contact(NUMBER, None, {}, ["spring"], {NUMBER: given})
    assert [mistake.column for mistake in row.mistakes] == ["Email"]


def test_a_consent_of_a_row_comes_before_that_of_all_rows_and_borrows_its_evidence() -> None:
    header = "Email,Mobile,emailConsent,emailConsentAt,emailConsentSource,smsConsent\n"
    row = "a@example.com,+14155552671,yes,2024-01-31,https://example.com/own,no\n"
    found = contact(header + row, wide(*ChannelKind))
    at = datetime(2024, 1, 30, 23, tzinfo=UTC)  # midnight in Berlin
    own = Given(LedgerAct.OPT_IN, at, "https://example.com/own", disclosure="I agree.", field=BY_EMAIL)
    assert found is not None
    assert found.consents == {EMAIL: own, NUMBER: Given(LedgerAct.OPT_OUT, field=BY_SMS)}


def test_an_opt_out_borrows_nothing() -> None:
    found = contact("Email,emailConsent,emailConsentAt\na@example.com,no,2024-07-31T10:00\n", wide(ChannelKind.EMAIL))
    at = datetime(2024, 7, 31, 8, tzinfo=UTC)
    assert found is not None
    assert found.consents == {EMAIL: Given(LedgerAct.OPT_OUT, at, field=BY_EMAIL)}


def test_who_is_unsub_opts_out_on_the_own_channel_and_in_on_none() -> None:
    found = contact("Email,Mobile,Status,smsConsent\na@example.com,+14155552671,Unsub,yes\n", wide(*ChannelKind))
    assert found is not None
    assert found.consents == {EMAIL: OUT_BY_STATUS}
    found = contact("Email,Mobile,Status\nnone@none.com,+14155552671,unsub\n", wide(*ChannelKind))
    assert found is not None
    assert (found.own, found.consents) == (NUMBER, {NUMBER: OUT_BY_STATUS})


def test_who_is_unsub_keeps_the_time_of_an_opt_out_of_their_own() -> None:
    found = contact("Email,Status,emailConsent,emailConsentAt\na@example.com,unsub,no,2024-07-31T10:00Z\n")
    at = datetime(2024, 7, 31, 10, tzinfo=UTC)
    assert found is not None
    assert found.consents == {EMAIL: Given(LedgerAct.OPT_OUT, at, field=BY_EMAIL)}


def test_a_status_holds_or_expires() -> None:
    found = rows("Email,Status\na@example.com,held\na@example.com,Expired\na@example.com,active\nnobody,held\n")
    assert [row.standing for row in found] == [Deliverability.HELD, Deliverability.EXPIRED, None, None]


def test_addresses_are_found_in_rows_that_failed() -> None:
    text = (
        'Email,Mobile,Status\na@example.com,+14155552671,what\n+14155552671,x,a@example.com,\n"a@example.com,+1415555\n'
    )
    found = [[*row.addresses] for row in rows(text)]
    assert found == [[EMAIL, NUMBER], [EMAIL, NUMBER], [EMAIL]]
