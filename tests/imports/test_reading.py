"""What a row says of its contact, to the last value."""

from datetime import UTC, datetime

import pytest

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


def test_who_is_unsub_opts_out_as_of_now_with_the_evidence_of_an_older_opt_out_of_their_own() -> None:
    header = "Email,Status,emailConsent,emailConsentAt,emailConsentSource\n"
    found = contact(f"{header}a@example.com,unsub,no,2020-01-01,{PAGE}\n")
    assert found is not None
    assert found.consents == {EMAIL: Given(LedgerAct.OPT_OUT, source_url=PAGE, field=BY_EMAIL)}


def outs(header: str, row: str, options: Options | None = None) -> tuple[list[Address], list[Address]]:
    """Which addresses a row opts in and out."""
    found = contact(f"Email,Mobile,{header}\na@example.com,+14155552671,{row}\n", options)
    assert found is not None
    assert found.fields == {}
    acts = [(address, given.act) for address, given in sorted(found.consents.items())]
    return [a for a, act in acts if act is LedgerAct.OPT_IN], [a for a, act in acts if act is LedgerAct.OPT_OUT]


@pytest.mark.parametrize(
    ("header", "row", "out"),
    [
        ("Email Opt Out", "yes", [EMAIL]),
        ("SMS Opt Out", "yes", [NUMBER]),
        ("Do Not Text", "1", [NUMBER]),
        ("Email Opt Out,SMS Opt Out", "no,yes", [NUMBER]),
        ("Email Opt Out,Do Not Email,Do Not Contact", "no,no,yes", [EMAIL, NUMBER]),
        ("Email Opt Out,Do Not Email", ",yes", [EMAIL]),
        ("Email Opt Out,E-mail Opt Out", "no,yes", [EMAIL]),
        ("Unsubscribed,Unsubscribed At", "no,2026-01-01", [EMAIL, NUMBER]),
        ("Has Opted Out Of Email", "TRUE", [EMAIL]),
        ("Opted Out", "unsub", [EMAIL, NUMBER]),
        ("Subscribed", "no", [EMAIL, NUMBER]),
        ("Accepts Marketing,Accepts SMS Marketing", "no,yes", [EMAIL]),
        ("Accepts Email Marketing,Accepts SMS Marketing", "yes,no", [NUMBER]),
        ("Email Status", "Unsubscribed", [EMAIL]),
        ("SMS Status", "unsubscribed", [NUMBER]),
        ("SMS Opt Out,Status", "yes,unsub", [EMAIL, NUMBER]),
        ("Unsubscribed,emailConsent,emailConsentSource", f"yes,yes,{PAGE}", [EMAIL, NUMBER]),
    ],
)
def test_an_opt_out_is_of_the_kind_that_its_column_names_or_of_all_and_wins(
    header: str, row: str, out: list[Address]
) -> None:
    kept = [address for address in (EMAIL, NUMBER) if address not in out]
    assert outs(header, row) == ([], out)
    assert outs(header, row, wide(*ChannelKind)) == (kept, out)


def test_who_is_called_a_subscriber_opts_in_where_there_is_evidence() -> None:
    assert outs("Subscribed", "yes") == ([], [])
    assert outs("Subscribed,emailConsentSource", f"yes,{PAGE}") == ([EMAIL], [])
    assert outs("SMS Subscribed,smsConsentWording", "no,I agree.") == ([], [NUMBER])
    found = contact("Email,Subscribed,Email Subscribed At\na@example.com,yes,2024-01-31\n", wide(ChannelKind.EMAIL))
    given = Given(LedgerAct.OPT_IN, datetime(2024, 1, 30, 23, tzinfo=UTC), PAGE, disclosure="I agree.", field=BY_EMAIL)
    assert found is not None
    assert found.consents == {EMAIL: given}


def test_who_is_no_subscriber_is_not_covered_by_the_consent_of_all_rows() -> None:
    assert outs("Email Status", "non-subscribed", wide(*ChannelKind)) == ([NUMBER], [])
    assert outs("Status", "nonsubscribed", wide(*ChannelKind)) == ([], [])
    assert outs("SMS Status", "bounced", wide(*ChannelKind)) == ([EMAIL], [])


def test_an_opt_out_about_a_topic_gives_way_to_one_about_all() -> None:
    given = {ChannelKind.EMAIL: Given(LedgerAct.OPT_OUT, topic="news")}
    found = contact("Email,Unsubscribed\na@example.com,yes\n", Options("US", "UTC", consents=given))
    assert found is not None
    assert found.consents == {EMAIL: OUT_BY_STATUS}


def test_several_columns_are_mapped_to_opt_outs() -> None:
    mapping = (Column("Email", "emailAddress"), Column("a", "smsOptOut"), Column("b", "optOut"), Column("c", "optOut"))
    found = contact("Email,a,b,c\na@example.com,yes,no,yes\n", Options("US", "UTC", mapping=mapping))
    assert found is not None
    assert found.consents == {EMAIL: OUT_BY_STATUS}


def test_a_status_holds_or_expires() -> None:
    found = rows("Email,Status\na@example.com,held\na@example.com,Expired\na@example.com,active\nnobody,held\n")
    assert [row.standing for row in found] == [Deliverability.HELD, Deliverability.EXPIRED, None, None]
    found = rows("Email,Email Status\na@example.com,Cleaned\na@example.com,hard bounced\na@example.com,subscribed\n")
    assert [row.standing for row in found] == [Deliverability.HELD, Deliverability.HELD, None]


def test_addresses_are_found_in_rows_that_failed() -> None:
    text = (
        'Email,Mobile,Status\na@example.com,+14155552671,what\n+14155552671,x,a@example.com,\n"a@example.com,+1415555\n'
    )
    found = [[*row.addresses] for row in rows(text)]
    assert found == [[EMAIL, NUMBER], [EMAIL, NUMBER], [EMAIL]]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("4.15556E+09", "A spreadsheet rounded this number; format the column as text and save again."),
        ("4,15556e+9", "A spreadsheet rounded this number; format the column as text and save again."),
        ("4155550100;4155550101", "These are several numbers; give one."),
        ("(415) 555-0100 / 415-555-0101", "These are several numbers; give one."),
        (
            "12",
            "This is not a valid phone number read in region US: it is too short. "
            "Give it with its country code, such as +14155552671.",
        ),
    ],
)
def test_a_number_that_is_none_is_refused_with_what_has_happened_to_it(cell: str, message: str) -> None:
    [row] = rows(f'Mobile\n"{cell}"\n')
    assert [mistake.message for mistake in row.mistakes] == [message]
