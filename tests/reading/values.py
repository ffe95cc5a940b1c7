"""The values that random rows are drawn from: few times, so that there are ties; odd texts, numbers and JSON."""

from datetime import UTC, datetime, timedelta
from typing import Any

from app.channels.rules import Address, time_zones
from app.kinds import ChannelKind

SECRET = b"a secret of the tests"
#: When the served application believes to be asked first; every time it looks, a microsecond has passed. It is night in
#: America, morning in Berlin, noon in Delhi.
NOW = datetime(2024, 3, 1, 7, 10, tzinfo=UTC)
BEGINNING = datetime(2024, 2, 28, 23, 30, tzinfo=UTC)
#: Few, so that many things happen at the same time; with and without trailing zeros.
TIMES = [BEGINNING + timedelta(hours=hours, microseconds=odd) for hours in range(5) for odd in (0, 1, 120_000)]
#: The time zones that numbers tell of, as libphonenumber groups them: of none, one, a few, all of Russia or America.
ZONES = [
    None,
    "America/Los_Angeles",
    "America/New_York",
    "Asia/Calcutta",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Pacific/Auckland&Pacific/Chatham",
    "Asia/Jakarta&Asia/Jayapura&Asia/Makassar",
    *(time_zones(Address(ChannelKind.SMS, number)) for number in ("+79161234567", "+18005551234")),
]
KEYWORDS = ["PIZZA", "JOIN", "2024", "ÆØ"]
TOPICS = ["news", "offers", "a-1", "receipts"]
#: How many email and SMS channels each profile has.
SHAPES = [(1, 0), (0, 1), (1, 1), (2, 1), (0, 3), (3, 3), (1, 2), (3, 0)]
KEYS = [
    "first_name",
    "last_name",
    "plan",
    "Z",
    "a",
    "B",
    "a.b",
    'quo"te',
    "back\\slash",
    " ",
    "ä",
    "👍",
    "$.x",
    "\u0001",
]
NAMES = ["Ann", "", " ", "  Lee ", "Zoë", "O'Hara", 'Q"uote', None, 7, ["Ann"]]
VALUES: list[Any] = [
    None,
    None,
    "",
    " ",
    "two words",
    'a "quoted" text',
    "back\\slash \\n \\u0041",
    "\u0001\t\n\r\u001f\u007f\u2028",
    "emoji 👩\u200d👧 and 中文",
    "null",
    "1",
    True,
    False,
    0,
    -1,
    2**53,
    -(2**53),
    0.1 + 0.2,
    1e-7,
    -0.0,
    1.0,
    1.5e300,
    5e-324,
    1e22,
    [],
    {},
    [1, "1", None, [True]],
    {"a": {"b.c": [1, {"d": None}]}, "": 0.1, 'k"ey': "\\"},
]
TEXTS = [None, "", " ", "plain", 'a "quote"', "line\nbreak\ttab", "\\", "'single'", "👍🏽", "a\u0301"]
FLOATS = [None, 0.0, -0.0, 1.0, 0.1 + 0.2, 1e-7, 19.99, -2.5e-10, 1.7976931348623157e308, 123456789.125]
TAGS = ["vip", "VIP", "Zed", "a", "ä", "two words", 'quo"te', "back\\slash", "👍", "_"]
FACTS = ["contact_added", "profiles_merged", "never_link_made", "profile_updated"]
WORDS = ["ann", "anna", "lee", "leeds", "zoe", "415555", "4155550000", "ann@example.com", "example.com"]
#: The form of an imported file but for its columns.
WRITTEN = {"encoding": "utf-8", "delimiter": ",", "offset": 6, "line": 2, "header_line": 1}
