"""The rows that the hand-written examples are about: Ann with three channels, Bob who was Ann, and a number."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.reading.values import WRITTEN
from tests.reading.world import COUNTS, Row, Rows, counts_of


def id_(digits: str) -> UUID:
    """The id that ends in these digits."""
    return UUID(hex=digits.zfill(32))


def at(text: str) -> datetime:
    """A moment of January or February 2024, as in `01-31 09:30`."""
    return datetime.fromisoformat(f"2024-{text}").replace(tzinfo=UTC)


def channel(number: int, kind: str, address: str, **more: Any) -> Row:
    """A channel at home in profile a0N, with the id c0N, of the Nth of January."""
    created = at(f"01-0{number} 09:00")
    return {
        "id": id_(f"c0{number}"),
        "home_id": id_(f"a0{number}"),
        "profile_id": id_(f"a0{number}"),
        "kind": kind,
        "address": address,
        "created_at": created,
        "updated_at": created,
        "method": "MANUAL",
        "detail": None,
        "gdpr_applies": False,
        "restricted_at": None,
        "primary_since": None,
        "verified_at": None,
        "deliverability": "ACTIVE",
        "deliverability_since": None,
        "deliverability_reason": None,
        "consent_status": "NOT_COLLECTED",
        "consent_at": None,
        "consent_record_id": None,
        "consent_count": 0,
        "consent_head": None,
        "time_zones": "America/Los_Angeles" if kind == "SMS" else None,
        "suppressed_at": None,
        "held_at": None,
        "released_at": None,
    } | more


ANN = id_("a01")
CHANNELS = [
    channel(
        1,
        "EMAIL",
        "ann@example.com",
        method="FORM",
        detail="Newsletter",
        gdpr_applies=True,
        primary_since=at("01-05 00:00"),
        verified_at=at("01-04 00:00:00.120000"),
        deliverability="HELD",
        deliverability_since=at("01-06 00:00"),
        deliverability_reason="three hard bounces",
        consent_status="OPTED_OUT",
        consent_at=at("01-05 12:00"),
        consent_record_id=id_("d02"),
        consent_count=3,
        consent_head="third",
    ),
    channel(2, "SMS", "+14155552671", profile_id=ANN, updated_at=at("01-08 09:00:00.500000")),
    channel(
        3,
        "EMAIL",
        "lee@example.com",
        profile_id=ANN,
        primary_since=at("01-06 00:00"),
        restricted_at=at("02-01 00:00"),
        consent_count=1,
        consent_head="only",
        suppressed_at=at("01-03 09:00"),
    ),
    channel(4, "EMAIL", "bob@example.com", updated_at=at("01-07 00:00")),
    channel(5, "SMS", "+14155552672"),
]


def patch(number: int, channel: str, at: datetime, method: str, detail: str | None, **fields: Any) -> Row:
    """Field values that came by a channel."""
    row = {"id": id_(f"1{number}"), "channel_id": id_(channel), "at": at, "method": method, "detail": detail}
    return row | {"fields": fields}


def record(number: int, act: str, occurred_at: datetime, **more: Any) -> Row:
    """An entry of a ledger, mostly that of Ann's first channel."""
    return {
        "id": id_(f"d0{number}"),
        "channel_id": id_("c01"),
        "topic_id": None,
        "number": number,
        "act": act,
        "restored": None,
        "retracts": None,
        "retracted_at": None,
        "time_given": True,
        "method": "FORM",
        "occurred_at": occurred_at,
        "recorded_at": occurred_at,
        "actor": "Desk",
        "source_url": None,
        "ip_address": None,
        "user_agent": None,
        "disclosure": "I agree.",
        "source_detail": None,
        "digest": "first",
        "previous_digest": None,
    } | more


def preference(channel: str, topic: str, status: str, at: datetime, record: str) -> Row:
    """What a channel's ledger says of a topic."""
    row = {"channel_id": id_(channel), "topic_id": id_(topic), "status": status}
    return row | {"at": at, "record_id": id_(record)}


def link(number: int, first: str, second: str, at: datetime, method: str, **more: Any) -> Row:
    """Evidence that two channels are one person's."""
    return {
        "id": id_(f"f0{number}"),
        "first_channel_id": id_(first),
        "second_channel_id": id_(second),
        "at": at,
        "method": method,
        "detail": None,
        "actor": "Desk",
        "trust": "TRUSTED",
        "retracted_at": None,
    } | more


def merge(number: int, link: str, absorbed: str, at: datetime, reason: str, undone_at: datetime | None) -> Row:
    """A merge into Ann's profile."""
    row = {"id": id_(f"b0{number}"), "link_id": id_(link), "survivor_id": ANN, "absorbed_id": id_(absorbed), "at": at}
    return row | {"actor": "Desk", "reason": reason, "undone_at": undone_at}


def proposal(number: int, first: str, second: str, reason: str, resolution: str, created_at: datetime) -> Row:
    """A link that a guard stopped; a decided one was decided the day after, by Desk."""
    decided = resolution != "OPEN"
    return {
        "id": id_(f"80{number}"),
        "first_channel_id": id_(first),
        "second_channel_id": id_(second),
        "reason": reason,
        "resolution": resolution,
        "created_at": created_at,
        "method": "FORM",
        "detail": "Contest",
        "actor": "Site",
        "trust": "TRUSTED",
        "resolved_at": created_at + timedelta(days=1) if decided else None,
        "resolved_by": "Desk" if decided else None,
    }


def fact(number: int, at: datetime, name: str, actor: str, **data: str) -> Row:
    """Something that became true."""
    return {"id": id_(f"90{number}"), "at": at, "name": name, "actor": actor, "data": data}


FACTS = [
    fact(1, at("01-03 09:00"), "profiles_merged", "Desk", merge=f"profile_merge_{id_('b01').hex}"),
    fact(2, at("01-05 09:00"), "merge_undone", "Desk", merge=f"profile_merge_{id_('b02').hex}"),
    fact(3, at("01-06 09:00"), "proposal_made", "Site", reason="ROLE_ADDRESS"),
]


def import_(number: int, status: str, **more: Any) -> Row:
    """The import of a file; the first is the newest."""
    return {
        "id": id_(f"50{number}"),
        "file_name": "fair.csv",
        "status": status,
        "created_at": at(f"01-0{9 - number} 10:00"),
        "actor": "Desk",
        "dry_run": False,
        "existing": "FILL_BLANKS",
        "options": {"mapping": None},
        "form": None,
        "upload_id": None,
        "digest": None,
        "bytes_total": 5_000_000_000,
        "bytes_read": 4_999_999_999,
        "line": 37,
        **dict(zip(COUNTS, [36, 1, 2, 3, 4, 5, 6, 7, 8, 9], strict=True)),
        "problem_code": None,
        "problem": None,
        "problem_line": None,
        "started_at": at("01-08 11:00"),
        "finished_at": at("01-08 12:00"),
        "undone_at": None,
        "undoing": False,
        "tries": 0,
        "lease": None,
        "due_at": None,
    } | more


def mistake(row: int, place: int, **more: Any) -> Row:
    """What is wrong with a row of the first import."""
    return {
        "import_id": id_("501"),
        "row": row,
        "place": place,
        "line": row + 2,
        "column": None,
        "code": "IDENTIFIER_REQUIRED",
        "message": "Give an address.",
        "raw": None,
        "email": None,
        "mobile": None,
    } | more


def engagement(number: int, channel: str, kind: str, at: datetime, **more: Any) -> Row:
    """Something that happened on a channel."""
    return {
        "id": id_(f"e0{number}"),
        "channel_id": id_(channel),
        "kind": kind,
        "occurred_at": at,
        "recorded_at": datetime(2024, 2, 1, tzinfo=UTC),
        "external_id": None,
        "name": None,
        "url": None,
        "text": None,
        "value": None,
        "bounce_type": None,
        "properties": {},
    } | more


ROWS: Rows = {
    "channel": CHANNELS,
    "field_patch": [
        patch(1, "c01", at("01-01 09:00"), "FORM", "Newsletter", first_name="Ann", plan="basic", size=4),
        patch(2, "c02", at("01-02 09:00"), "API", None, plan="pro", ratio=0.1 + 0.2, size=None),
        patch(3, "c04", at("01-04 09:00"), "MANUAL", None, plan="free", seats=2),
        patch(4, "c05", at("01-05 09:00"), "MANUAL", None, plan="team", seats=None),
    ],
    "channel_tag": [
        {"channel_id": id_(channel), "tag": tag, "at": at("01-02 00:00"), "method": "API"}
        for channel, tag in [("c01", "vip"), ("c02", "vip"), ("c02", "texts"), ("c03", "VIP")]
    ],
    "channel_word": [
        {"word": word, "channel_id": id_(channel)}
        for channel, word in [("c01", "anna"), ("c03", "lee@example.com"), ("c04", "annabel"), ("c05", "lee")]
    ],
    "consent_record": [
        record(1, "OPT_IN", at("01-01 09:00")),
        record(
            2,
            "OPT_OUT",
            at("01-05 12:00"),
            method="KEYWORD",
            recorded_at=at("01-05 12:00:01"),
            source_url="https://example.com/join",
            ip_address="203.0.113.7",
            user_agent='Browser "7"',
            disclosure="I agree.\nReply STOP.",
            source_detail="STOP",
            digest="second",
            previous_digest="first",
        ),
        record(
            3,
            "OPT_IN",
            at("01-02 09:00"),
            topic_id=id_("601"),
            time_given=False,
            digest="third",
            previous_digest="second",
        ),
        record(4, "OPT_OUT", at("01-02 09:00"), channel_id=id_("c03"), topic_id=id_("601"), digest="only")
        | {"number": 1},
    ],
    "topic": [
        {"id": id_(f"60{number}"), "key": key, "name": name, "created_at": at("01-01 00:00")}
        for number, key, name in [(1, "news", "News"), (2, "bills", "Bills")]
    ],
    "keyword": [
        {
            "id": id_("801"),
            "word": "JOIN",
            "welcome": "Welcome!",
            "already_subscribed": "You are in already.",
            "capture_email": False,
            "double_opt_in": True,
            "created_at": at("01-01 00:00"),
        }
    ],
    "form": [
        {
            "id": id_("f11"),
            "name": "Newsletter",
            "fields": [
                {
                    "key": "mobileNumber",
                    "label": "Mobile",
                    "required": True,
                    "channel_kind": "SMS",
                    "disclosure": 'Yes, send me "offers".',
                },
                {"key": "city", "label": "City", "required": False, "channel_kind": None, "disclosure": None},
            ],
            "double_opt_in": True,
            "trusted": False,
            "created_at": at("01-01 00:00"),
        },
    ],
    "import": [
        import_(
            1, "UNDONE", undone_at=at("01-09 10:00"), form={**WRITTEN, "columns": ["Email", "Town", "", "Opt-out"]}
        ),
        import_(2, "FAILED", problem_code="INVALID_VALUE", problem="Close the quote.", problem_line=7),
        import_(
            3,
            "SUCCEEDED",
            dry_run=True,
            form={**WRITTEN, "columns": ["Tel", "Town"]},
            options={"mapping": [["Tel", "mobileNumber"]]},
        ),
        import_(4, "AWAITING_UPLOAD"),
        import_(5, "SUCCEEDED"),
    ],
    "import_chunk": [{"import_id": id_("503"), "number": 0, "content": b"Email\n"}],
    "import_batch": [
        {"import_id": id_("505"), "number": 0, "at": at("01-08 11:00"), "brought": {"rows": 0, "touched": {}}}
    ],
    "import_mistake": [
        mistake(10, 0),
        mistake(2, 1, code="INVALID_PHONE", message="Mend the number.", column="Mobile", raw='x,"1,2"'),
        mistake(2, 0, code="INVALID_EMAIL", message="Mend the address.", column="Email", raw='x,"1,2"'),
    ],
    "channel_topic": [
        preference("c01", "601", "OPTED_IN", at("01-02 09:00"), "d03"),
        preference("c03", "601", "OPTED_OUT", at("01-02 09:00"), "d04"),
        preference("c02", "602", "OPTED_IN", at("01-03 09:00"), "d05"),
    ],
    "link": [
        link(1, "c01", "c02", at("01-03 09:00"), "IMPORT", detail="Fair"),
        link(2, "c03", "c02", at("01-03 10:00"), "KEYWORD", trust="CLAIMED"),
        link(3, "c01", "c04", at("01-04 09:00"), "MANUAL", retracted_at=at("01-05 09:00")),
    ],
    "merge": [
        merge(1, "f01", "a02", at("01-03 09:00"), "Contact data named an address of each.", None),
        merge(2, "f03", "a04", at("01-04 09:00"), "By mistake.", at("01-05 09:00")),
    ],
    "merge_channel": [
        {"merge_id": id_("b01"), "channel_id": id_("c02")},
        {"merge_id": id_("b02"), "channel_id": id_("c04")},
    ],
    "engagement": [
        engagement(1, "c01", "BOUNCE", at("01-09 00:00"), bounce_type="HARD"),
        engagement(2, "c02", "RESPONSE", at("01-10 00:00"), text="yes 👍"),
        engagement(3, "c01", "CUSTOM", at("01-11 00:00"), name="webinar"),
        engagement(
            4,
            "c02",
            "CONVERSION",
            at("01-11 00:00"),
            url='https://example.com/?a=1&b="2"',
            value=19.99,
            properties={"order": {"lines": [1, 2.5, "three"]}},
        ),
        engagement(5, "c01", "CUSTOM", at("01-12 00:00")),
    ],
    "never_link": [{"id": id_("701"), "at": at("01-05 09:00"), "actor": "Desk"}],
    "never_link_channel": [
        {"never_link_id": id_("701"), "channel_id": id_(channel), "side": side}
        for channel, side in [("c04", 0), ("c02", 1), ("c01", 1)]
    ],
    "link_proposal": [
        proposal(1, "c04", "c05", "ROLE_ADDRESS", "OPEN", at("01-06 09:00")),
        proposal(2, "c01", "c03", "UNVERIFIED", "OPEN", at("01-07 09:00")),
        proposal(3, "c01", "c04", "NEVER_LINK", "REJECTED", at("01-06 10:00")),
    ],
    "fact": FACTS,
    "fact_channel": [
        {"id": FACTS[place]["id"], "channel_id": id_(channel), "at": FACTS[place]["at"]}
        for place, channel in [(0, "c01"), (0, "c02"), (1, "c01"), (1, "c04"), (2, "c04"), (2, "c05")]
    ],
}
ROWS["engagement_count"] = counts_of(ROWS["engagement"])
