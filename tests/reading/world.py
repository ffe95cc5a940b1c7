"""A small population of rows, drawn by a seed: ties in time, cleared values, odd JSON, merges made and undone."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from app.tables import (
    BounceType,
    ChannelKind,
    ConsentAct,
    ConsentStatus,
    Deliverability,
    EngagementKind,
    IntakeMethod,
    LinkTrust,
)

Row = dict[str, Any]
#: The rows of an account by the names of their tables.
Rows = dict[str, list[Row]]

BEGINNING = datetime(2024, 2, 28, 23, 30, tzinfo=UTC)
#: Few, so that many things happen at the same time; with and without trailing zeros.
TIMES = [BEGINNING + timedelta(hours=hours, microseconds=odd) for hours in range(5) for odd in (0, 1, 120_000)]
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
WORDS = ["ann", "anna", "lee", "leeds", "zoe", "415555", "4155550000", "ann@example.com", "example.com"]


def population(seed: int) -> Rows:
    """The rows of an account: eight profiles, and what hangs on them."""
    maker = Maker(seed)
    for emails, mobiles in SHAPES:
        maker.profile(emails, mobiles)
    for _ in range(4):
        maker.undone_merge()
    return dict(maker.rows)


def shadow(rows: Rows) -> Rows:
    """Another account's rows: the same addresses, and the very same ids, but other contents."""
    foreign: dict[str, Row] = {
        "channel": {"detail": "foreign", "gdpr_applies": True, "deliverability_reason": "foreign"},
        "field_patch": {"fields": {"first_name": "foreign", "plan": "foreign"}, "detail": "foreign"},
        "consent_record": {"actor": "foreign", "disclosure": "foreign", "act": ConsentAct.OPT_OUT},
        "link": {"actor": "foreign", "detail": "foreign"},
        "merge": {"actor": "foreign", "reason": "foreign"},
        "engagement": {"name": "foreign", "value": 666.0, "properties": {"foreign": True}},
    }
    copied = {table: [row | foreign.get(table, {}) for row in found] for table, found in rows.items()}
    copied["channel_tag"] = [row | {"tag": f"foreign {row['tag']}"} for row in copied["channel_tag"]]
    return copied


class Maker:
    """Draws rows."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.rows: defaultdict[str, list[Row]] = defaultdict(list)

    def id(self) -> UUID:
        """A new id; its order says nothing of when it was made."""
        return UUID(int=self.random.getrandbits(128))

    def one(self, choices: Any) -> Any:
        """Any of them."""
        return self.random.choice(list(choices))

    def add(self, table: str, **row: Any) -> Row:
        """A row of a table."""
        self.rows[table].append(row)
        return row

    # ---- profiles and their channels

    def profile(self, emails: int, mobiles: int) -> None:
        """A profile with so many channels, linked in a chain, and everything that hangs on them."""
        kinds = [ChannelKind.EMAIL] * emails + [ChannelKind.SMS] * mobiles
        channels = [self._channel(kind) for kind in self.random.sample(kinds, len(kinds))]
        oldest = min(channels, key=lambda channel: (channel["created_at"], channel["id"]))
        for channel in channels:
            channel["profile_id"] = oldest["home_id"]
            self._on_channel(channel)
        if len(channels) == 6:  # more than a page that no size was given for
            for _ in range(30):
                self._engagement(self.one(channels[:3]))
        for place in range(1, len(channels)):
            self._evidence(channels[place], self.one(channels[:place]), channels)

    def _channel(self, kind: ChannelKind) -> Row:
        number = len(self.rows["channel"])
        address = f"ann.{number}@example.com" if kind is ChannelKind.EMAIL else f"+1415555{2600 + number}"
        return self.add(
            "channel",
            id=self.id(),
            home_id=self.id(),
            profile_id=None,
            kind=kind,
            address=address,
            created_at=self.one(TIMES),
            updated_at=self.one(TIMES),
            method=self.one(IntakeMethod),
            detail=self.one(TEXTS),
            gdpr_applies=self.random.random() < 0.2,
            restricted_at=self.one([None, None, None, *TIMES[:2]]),
            primary_since=self.one([None, None, *TIMES[:2]]),
            verified_at=self.one([None, *TIMES]),
            deliverability=self.one(Deliverability),
            deliverability_since=self.one([None, *TIMES]),
            deliverability_reason=self.one(TEXTS),
            consent_status=ConsentStatus.NOT_COLLECTED,
            consent_at=None,
            consent_record_id=None,
            consent_count=0,
            consent_head=None,
        )

    def _on_channel(self, channel: Row) -> None:
        for _ in range(self.random.randrange(4)):
            self._patch(channel)
        for tag in self.random.sample(TAGS, self.random.randrange(4)):
            self.add("channel_tag", channel_id=channel["id"], tag=tag, at=self.one(TIMES))
        for word in {channel["address"].lstrip("+"), *self.random.sample(WORDS, self.random.randrange(3))}:
            self.add("channel_word", word=word, channel_id=channel["id"])
        for number in range(self.random.randrange(4)):
            self._consent(channel, number + 1)
        for _ in range(self.one([0, 1, 4, 12])):
            self._engagement(channel)

    def _patch(self, channel: Row) -> None:
        keys = self.random.sample(KEYS, self.one([1, 3, 6]))
        fields = {key: self.one(NAMES if key.endswith("_name") else VALUES) for key in keys}
        self.add(
            "field_patch",
            id=self.id(),
            channel_id=channel["id"],
            at=self.one(TIMES[:5]),
            method=self.one(IntakeMethod),
            detail=self.one(TEXTS),
            fields=fields,
        )

    def _consent(self, channel: Row, number: int) -> None:
        record = self.add(
            "consent_record",
            id=self.id(),
            channel_id=channel["id"],
            number=number,
            act=self.one(ConsentAct),
            time_given=True,
            method=self.one(IntakeMethod),
            occurred_at=self.one(TIMES),
            recorded_at=self.one(TIMES),
            actor="Shop",
            source_url=self.one(TEXTS),
            ip_address=self.one([None, "203.0.113.7"]),
            user_agent=self.one(TEXTS),
            disclosure=self.one(TEXTS),
            source_detail=self.one(TEXTS),
            digest=f"{self.random.getrandbits(256):064x}",
            previous_digest=channel["consent_head"],
        )
        channel |= {"consent_status": self.one(ConsentStatus), "consent_at": record["occurred_at"]}
        channel |= {"consent_record_id": record["id"], "consent_count": number, "consent_head": record["digest"]}

    def _engagement(self, channel: Row) -> None:
        number = len(self.rows["engagement"])
        self.add(
            "engagement",
            id=self.id(),
            channel_id=channel["id"],
            kind=self.one(EngagementKind),
            occurred_at=self.one(TIMES),
            recorded_at=self.one(TIMES),
            external_id=self.one([None, f"external {number}"]),
            name=self.one(TEXTS),
            url=self.one(TEXTS),
            text=self.one(TEXTS),
            value=self.one(FLOATS),
            bounce_type=self.one([None, *BounceType]),
            properties={key: self.one(VALUES) for key in self.random.sample(KEYS, self.random.randrange(3))},
        )

    # ---- evidence

    def _evidence(self, one: Row, other: Row, channels: list[Row]) -> None:
        """One link in force between the two, or two; perhaps one of them merged, perhaps one was retracted as well."""
        for _ in range(self.one([1, 1, 2])):
            link = self._link(one, other, None)
            if self.random.random() < 0.4:
                came = self.random.sample(channels, self.random.randrange(len(channels)))
                self._merge(link, one["profile_id"], self.one(channels)["home_id"], came, None)
        if self.random.random() < 0.2:
            self._link(other, one, self.one(TIMES))

    def undone_merge(self) -> None:
        """A merge of two profiles that was taken back."""
        one, other = self.random.sample(self.rows["channel"], 2)
        at = self.one(TIMES)
        self._merge(self._link(one, other, at), one["home_id"], other["home_id"], [other], at)

    def _link(self, one: Row, other: Row, retracted_at: datetime | None) -> Row:
        return self.add(
            "link",
            id=self.id(),
            first_channel_id=one["id"],
            second_channel_id=other["id"],
            at=self.one(TIMES[:5]),
            method=self.one(IntakeMethod),
            detail=self.one([None, "Shop", 'a "quote"']),
            actor=self.one(["Shop", "Ann O'Hara"]),
            trust=self.one(LinkTrust),
            retracted_at=retracted_at,
        )

    def _merge(self, link: Row, survivor: UUID, absorbed: UUID, came: list[Row], undone_at: datetime | None) -> None:
        merge = self.add(
            "merge",
            id=self.id(),
            link_id=link["id"],
            survivor_id=survivor,
            absorbed_id=absorbed,
            at=self.one(TIMES),
            actor="Shop",
            reason=self.one(["Contact data named an address of each.", 'a "quote"']),
            undone_at=undone_at,
        )
        for channel in came:
            self.add("merge_channel", merge_id=merge["id"], channel_id=channel["id"])
