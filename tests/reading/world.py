"""A small population of rows, drawn by a seed: ties in time, cleared values, odd JSON, merges made and undone."""

import hmac
from collections import defaultdict
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from app.consent.rules import sealing
from app.errors import ErrorCode
from app.kinds import ChannelKind, EngagementKind
from app.tables import (
    BounceType,
    ConsentStatus,
    Deliverability,
    ExistingContacts,
    ImportStatus,
    IntakeMethod,
    LedgerAct,
    LinkTrust,
    ProposalReason,
    Resolution,
)
from tests.reading.values import (
    FACTS,
    FLOATS,
    KEYS,
    KEYWORDS,
    NAMES,
    SECRET,
    SHAPES,
    TAGS,
    TEXTS,
    TIMES,
    TOPICS,
    VALUES,
    WORDS,
    WRITTEN,
    ZONES,
)

FIELD = {"key": "emailAddress", "label": "Email", "required": True, "channel_kind": None, "disclosure": None}
COUNTS = ["rows", "created", "linked", "merged", "updated", "unchanged", "skipped", "proposed", "failed"]
COUNTS += ["consent_refused"]
Row = dict[str, Any]
#: The rows of an account by the names of their tables.
Rows = dict[str, list[Row]]


def population(seed: int) -> Rows:
    """The rows of an account: eight profiles, and what hangs on them."""
    maker = Maker(seed)
    for key in TOPICS:
        maker.topic(key)
    for emails, mobiles in SHAPES:
        maker.profile(emails, mobiles)
    others = [(maker.undone_merge, 4), (maker.never_link, 5), (maker.proposal, 12), (maker.fact, 40), (maker.form, 5)]
    others += [(maker.import_, 6)]
    for make, count in others:
        for _ in range(count):
            make()
    for channel in maker.rows["channel"]:
        maker.seal(channel)
    maker.keywords()
    maker.rows["engagement_count"] = counts_of(maker.rows["engagement"])
    return dict(maker.rows)


def counts_of(engagements: list[Row]) -> list[Row]:
    """What is kept of engagements: how many of a kind a channel has, and when the first and the last was."""
    times: defaultdict[tuple[UUID, str], list[datetime]] = defaultdict(list)
    for row in engagements:
        times[row["channel_id"], row["kind"]].append(row["occurred_at"])
    return [
        {"channel_id": channel, "kind": kind, "count": len(found), "first_at": min(found), "last_at": max(found)}
        for (channel, kind), found in times.items()
    ]


def shadow(rows: Rows) -> Rows:
    """Another account's rows: the same addresses, and the very same ids, but other contents."""
    foreign: dict[str, Row] = {
        "channel": {"detail": "foreign", "gdpr_applies": True, "deliverability_reason": "foreign"},
        "field_patch": {"fields": {"first_name": "foreign", "plan": "foreign"}, "detail": "foreign"},
        "consent_record": {"actor": "foreign", "disclosure": "foreign", "act": LedgerAct.OPT_OUT, "restored": None},
        "topic": {"name": "foreign"},
        "keyword": {"welcome": "foreign", "already_subscribed": "foreign"},
        "channel_topic": {"status": ConsentStatus.OPTED_OUT},
        "link": {"actor": "foreign", "detail": "foreign"},
        "merge": {"actor": "foreign", "reason": "foreign"},
        "engagement_count": {"count": 666},
        "engagement": {"name": "foreign", "value": 666.0, "properties": {"foreign": True}},
        "never_link": {"actor": "foreign"},
        "link_proposal": {"actor": "foreign", "detail": "foreign", "resolved_by": "foreign"},
        "form": {"name": "foreign", "fields": [FIELD | {"label": "foreign"}], "double_opt_in": True, "trusted": True},
        "import": {"file_name": "foreign", "actor": "foreign", "rows": 666, "problem": "foreign"},
        "import_mistake": {"message": "foreign", "raw": "foreign"},
        "fact": {"name": "foreign", "actor": "foreign", "data": {"foreign": True}},
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
        name = "support" if number == 8 else f"ann.{number}"
        address = f"{name}@example.com" if kind is ChannelKind.EMAIL else f"+1415555{2600 + number}"
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
            restricted_at=self.one([*[None] * 24, *TIMES[:2]]),
            primary_since=self.one([None, None, *TIMES[:2]]),
            verified_at=self.one([None, *TIMES]),
            deliverability=self.one([Deliverability.ACTIVE] * 8 + list(Deliverability)),
            deliverability_since=self.one([None, *TIMES]),
            deliverability_reason=self.one(TEXTS),
            consent_status=self.one([ConsentStatus.NOT_COLLECTED, ConsentStatus.OPTED_IN]),
            consent_at=None,
            consent_record_id=None,
            consent_count=0,
            consent_head=None,
            time_zones=self.one(ZONES) if kind is ChannelKind.SMS else None,
            suppressed_at=self.one([*[None] * 12, *TIMES[:2]]),
            held_at=None,
            released_at=None,
        )

    def _on_channel(self, channel: Row) -> None:
        for _ in range(self.random.randrange(4)):
            self._patch(channel)
        for tag in self.random.sample(TAGS, self.random.randrange(4)):
            self.add("channel_tag", channel_id=channel["id"], tag=tag, at=self.one(TIMES), method="API")
        for word in {channel["address"].lstrip("+"), *self.random.sample(WORDS, self.random.randrange(3))}:
            self.add("channel_word", word=word, channel_id=channel["id"])
        for number in range(self.one([0, 1, 2, 3, 6, 12])):
            self._consent(channel, number + 1)
        for topic in self.random.sample(self.rows["topic"], self.random.randrange(4)):
            self._preference(channel, topic)
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

    # ---- consent

    def topic(self, key: str) -> None:
        """A topic."""
        self.add("topic", id=self.id(), key=key, name=self.one(["News", 'a "quote"', "👍"]), created_at=self.one(TIMES))

    def _consent(self, channel: Row, number: int) -> None:
        act = self.one(LedgerAct)
        topic = None if self.random.random() < 0.7 else self.one(self.rows["topic"])["id"]
        at = self.one(TIMES)
        retracted = self._retract(channel, topic, at) if act is LedgerAct.RETRACT else None
        record = self.add(
            "consent_record",
            id=self.id(),
            channel_id=channel["id"],
            topic_id=topic,
            number=number,
            act=act,
            restored=self.one(ConsentStatus) if act in (LedgerAct.START, LedgerAct.RETRACT) else None,
            retracts=retracted,
            retracted_at=None,
            time_given=self.random.random() < 0.6,
            method=self.one(IntakeMethod),
            occurred_at=self.one(TIMES),
            recorded_at=at,
            actor="Shop",
            source_url=self.one(TEXTS),
            ip_address=self.one([None, "203.0.113.7"]),
            user_agent=self.one(TEXTS),
            disclosure=self.one(TEXTS),
            source_detail=self.one(TEXTS),
            digest=f"{self.random.getrandbits(256):064x}",
            previous_digest=channel["consent_head"],
        )
        status = self.one([*ConsentStatus, *[ConsentStatus.OPTED_IN] * 3])
        channel |= {"consent_status": status, "consent_at": record["occurred_at"]}
        channel |= {"consent_record_id": record["id"], "consent_count": number, "consent_head": record["digest"]}

    def _retract(self, channel: Row, topic: UUID | None, at: datetime) -> int | None:
        """Takes an opt-in of the ledger back, if there is one; its number."""
        taken = [
            row
            for row in self.rows["consent_record"]
            if (row["channel_id"], row["topic_id"]) == (channel["id"], topic)
            and row["act"] is LedgerAct.OPT_IN
            and row["retracted_at"] is None
        ]
        if not taken:
            return None
        row = self.one(taken)
        row["retracted_at"] = at
        return int(row["number"])

    def keywords(self) -> None:
        """A few keywords."""
        for word in KEYWORDS:
            self.add(
                "keyword",
                id=self.id(),
                word=word,
                welcome=self.one(["Hello!", 'Say "stop" to leave 👍', "non-stop"]),
                already_subscribed=self.one(TEXTS) or "Again?",
                capture_email=self.one([True, False]),
                double_opt_in=self.one([True, False]),
                created_at=self.one(TIMES),
            )

    def _preference(self, channel: Row, topic: Row) -> None:
        about = [row["id"] for row in self.rows["consent_record"] if row["channel_id"] == channel["id"]]
        self.add(
            "channel_topic",
            channel_id=channel["id"],
            topic_id=topic["id"],
            status=self.one([ConsentStatus.OPTED_IN, ConsentStatus.OPTED_OUT]),
            at=self.one(TIMES[:3]),
            record_id=self.one(about or [self.id()]),
        )

    def seal(self, channel: Row) -> None:
        """Seals the channel's ledger, if any; perhaps something happens to it afterwards."""
        ledger = [row for row in self.rows["consent_record"] if row["channel_id"] == channel["id"]]
        if not ledger or self.random.random() < 0.2:
            return
        head = None
        for row in ledger:
            content = sealing.sealed_content({name: row[name] for name in sealing.SAID}, head)
            row |= {"previous_digest": head, "digest": hmac.digest(SECRET, content, "sha256").hex()}
            head = row["digest"]
        channel["consent_head"] = head
        if self.random.random() < 0.5:
            self._meddle(channel, ledger)

    def _meddle(self, channel: Row, ledger: list[Row]) -> None:
        """Changes a sealed ledger without its key."""
        row = self.one(ledger)
        match self.random.randrange(7):
            case 0:
                row["disclosure"] = "I agree to everything."
            case 1:
                row["occurred_at"] += timedelta(microseconds=1)
            case 2:
                row["time_given"] = not row["time_given"]
            case 3:
                self.rows["consent_record"].remove(ledger[-1])
                channel["consent_record_id"] = None
            case 4:
                self.rows["consent_record"].remove(ledger[0])
                channel["consent_record_id"] = None
            case 5:
                channel["consent_head"] = "0" * 64
            case 6:
                row["retracted_at"] = None if row["retracted_at"] else row["recorded_at"]

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
            trust=self.one([LinkTrust.TRUSTED, LinkTrust.TRUSTED, LinkTrust.CLAIMED]),
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

    # ---- decisions

    def never_link(self) -> None:
        """A decision that some channels of one profile and some of another are not one person's."""
        never = self.add("never_link", id=self.id(), at=self.one(TIMES[:5]), actor=self.one(["Shop", "Ann O'Hara"]))
        homes = sorted({channel["profile_id"] for channel in self.rows["channel"]})
        for side, profile_id in enumerate(self.random.sample(homes, 2)):
            members = [channel for channel in self.rows["channel"] if channel["profile_id"] == profile_id]
            for channel in self.random.sample(members, self.random.randint(1, len(members))):
                self.add("never_link_channel", never_link_id=never["id"], channel_id=channel["id"], side=side)

    def proposal(self) -> None:
        """A link that a guard stopped; perhaps decided, perhaps within one profile by now."""
        one = self.one(self.rows["channel"])
        near = [channel for channel in self.rows["channel"] if channel["profile_id"] == one["profile_id"]]
        others = [channel for channel in self.one([near, self.rows["channel"]]) if channel is not one]
        if not others:
            return
        ends = sorted([one, self.one(others)], key=lambda channel: (channel["created_at"], channel["id"]))
        pair = [channel["id"] for channel in ends]
        waiting = [row for row in self.rows["link_proposal"] if row["resolution"] is Resolution.OPEN]
        taken = any([row["first_channel_id"], row["second_channel_id"]] == pair for row in waiting)
        resolution = self.one([Resolution.OPEN] * (0 if taken else 4) + [Resolution.ACCEPTED, Resolution.REJECTED])
        decided = resolution is not Resolution.OPEN
        self.add(
            "link_proposal",
            id=self.id(),
            first_channel_id=pair[0],
            second_channel_id=pair[1],
            reason=self.one(ProposalReason),
            resolution=resolution,
            created_at=self.one(TIMES[:5]),
            method=self.one(IntakeMethod),
            detail=self.one([None, "Shop", 'a "quote"']),
            actor="Shop",
            trust=self.one(LinkTrust),
            resolved_at=self.one(TIMES) if decided else None,
            resolved_by=self.one(["Shop", "Ann O'Hara"]) if decided else None,
        )

    def fact(self) -> None:
        """Something that became true of a channel, of two, of one profile or of several, or of many."""
        one = self.one(self.rows["channel"])
        near = [channel for channel in self.rows["channel"] if channel["profile_id"] == one["profile_id"]]
        about = self.random.sample(self.one([near, self.rows["channel"]]), 1 if len(near) == 1 else 2)
        about = self.one([[one], about, about, near])
        data = {key: self.one(VALUES) for key in self.random.sample(KEYS, self.random.randrange(3))}
        data["profile"] = f"profile_{one['profile_id'].hex}"
        at = self.one(TIMES[:6])
        fact = self.add("fact", id=self.id(), at=at, name=self.one(FACTS), actor=self.one(["Shop", 'a "b"']), data=data)
        for channel in about:
            self.add("fact_channel", id=fact["id"], channel_id=channel["id"], at=at)

    # ---- ways in

    def form(self) -> None:
        """A form, with consent asked for or not."""
        keys = self.one([["emailAddress"], ["mobileNumber"], ["mobileNumber", "emailAddress"]])
        fields = [self._field(key) for key in [*keys, *self.random.sample(KEYS, self.random.randrange(3))]]
        self.add(
            "form",
            id=self.id(),
            name=self.one(["Join", 'a "quote"', "👍"]),
            fields=self.random.sample(fields, len(fields)),
            double_opt_in=self.one([True, False]),
            trusted=self.one([True, False]),
            created_at=self.one(TIMES[:3]),
        )

    def _field(self, key: str) -> Row:
        kind = {"emailAddress": "EMAIL", "mobileNumber": "SMS"}.get(key) if self.random.random() < 0.6 else None
        said = self.one(["I agree.", 'Yes, "offers".\n\\']) if kind else None
        label = self.one(["Yours", 'a "quote"', "👍"])
        return FIELD | {
            "key": key,
            "label": label,
            "required": self.one([True, False]),
            "channel_kind": kind,
            "disclosure": said,
        }

    def import_(self) -> None:
        """The import of a file, with mistakes or none."""
        code = self.one([None, None, ErrorCode.INVALID_VALUE])
        made = self.add(
            "import",
            id=self.id(),
            file_name=self.one(["contacts.csv", 'a "quote".csv', "👍"]),
            status=self.one(ImportStatus),
            created_at=self.one(TIMES[:3]),
            actor=self.one(["Shop", "Ann O'Hara"]),
            dry_run=self.one([True, False]),
            existing=self.one(ExistingContacts),
            options={"mapping": self.one([None, [["Email", "emailAddress"], ["Town", "city"]]])},
            form=self.one([None, {**WRITTEN, "columns": ["Email", "Town", ""]}]),
            upload_id=None,
            digest=None,
            bytes_total=self.one([None, 0, 2**40]),
            bytes_read=self.one([0, 2**33 + 1]),
            line=1,
            **{count: self.random.randrange(5) for count in COUNTS},
            problem_code=code,
            problem=code and self.one(["Mend it.", 'a "quote"']),
            problem_line=code and self.one([None, 7]),
            started_at=self.one([None, *TIMES[:2]]),
            finished_at=self.one([None, *TIMES[:2]]),
            undone_at=self.one([None, *TIMES[:2]]),
            undoing=False,
            tries=0,
            lease=None,
            due_at=None,
        )
        for row in self.random.sample(range(1, 40), self.one([0, 3, 25])):
            for place in range(self.one([1, 1, 2])):
                self._mistake(made, row, place)

    def _mistake(self, made: Row, row: int, place: int) -> None:
        self.add(
            "import_mistake",
            import_id=made["id"],
            row=row,
            place=place,
            line=row + 1,
            column=self.one([None, "Email", 'a "quote"']),
            code=self.one(ErrorCode),
            message=self.one(["Mend it.", "👍"]),
            raw=self.one(TEXTS),
            email=None,
            mobile=None,
        )
