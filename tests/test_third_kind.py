"""A new kind of channel is registered in one place: its address rule, its names, and what cannot happen on it."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import orjson
import pytest

ROOT = Path(__file__).parent.parent
PLACE = "app/kinds/rules/kinds.py"
PUSH = '''
class Push(Kind):
    """Tokens of devices: 16 to 64 hex digits in lower case."""

    name = "device token"
    description = "A device that takes push notifications."
    input = "deviceToken"
    consent_input = "pushConsent"
    longest = 100
    impossible = frozenset({EngagementKind.OPEN, EngagementKind.RESPONSE})

    def normal(self, text: str, _region: str, field: Sequence[str]) -> str:
        """Raises Refusal."""
        found = text.strip().lower()
        if not 16 <= len(found) <= 64 or not set(found) <= set("0123456789abcdef"):
            raise Refusal("This is not a device token: give its 16 to 64 hex digits.", field=field)
        return found


'''
#: What is added to the one file, each text behind another that is there once.
ADDED: Mapping[str, str] = {
    "import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult, timezone\n": (
        "\nfrom app.errors import Refusal"
    ),
    '    SMS = "SMS"\n': '    PUSH = "PUSH"\n',
    '            return "its length is wrong"\n\n': PUSH,
    "ChannelKind.SMS: Sms()": ", ChannelKind.PUSH: Push()",
}
CLICKED = {"kind": "CLICK", "channelKind": "PUSH", "channel": {"address": "00c0ffee00c0ffee"}}
NO_TOKEN = "This is not a device token: give its 16 to 64 hex digits."
SEEN = {
    "masked": "the device token ending in ee",
    "unreadable": ["INVALID_VALUE", ["deviceToken"], NO_TOKEN],
    "explanations": [
        "Neither the device token nor the email address was known: a new profile has both, linked from birth.",
        "The device token was not known: a new profile was made.",
    ],
    "reported": {
        "recorded": 3,
        "refused": [
            [1, ["INVALID_VALUE", ["kind"], "There is no OPEN on PUSH; name a channel of another kind."]],
            [2, ["INVALID_VALUE", ["kind"], "There is no RESPONSE on PUSH; name a channel of another kind."]],
            [5, ["INVALID_VALUE", ["contact", "deviceToken"], NO_TOKEN]],
            [6, ["NOT_FOUND", ["contact"], "No channel is known by this; add the contact first."]],
        ],
    },
    "shown": {
        "__type": {
            "enumValues": [
                {"name": "EMAIL", "description": "An email address."},
                {"name": "SMS", "description": "A mobile number that takes text messages."},
                {"name": "PUSH", "description": "A device that takes push notifications."},
            ]
        },
        "profile": {
            "channels": [
                {"kind": "PUSH", "address": "00c0ffee00c0ffee", "consent": {"status": "NOT_COLLECTED"}},
                {"kind": "EMAIL", "address": "ann@example.com", "consent": {"status": "NOT_COLLECTED"}},
            ],
            "push": [{"address": "00c0ffee00c0ffee"}],
            "engagements": {
                "totalCount": 3,
                "nodes": [
                    CLICKED | {"occurredAt": "2026-01-01T10:04:00.000000Z"},
                    CLICKED | {"occurredAt": "2026-01-01T10:03:00.000000Z"},
                    CLICKED | {"occurredAt": "2026-01-01T10:00:00.000000Z", "kind": "SEND"},
                ],
            },
            "engagementSummary": [
                {
                    "channelKind": "PUSH",
                    "kind": "CLICK",
                    "count": 2,
                    "firstAt": "2026-01-01T10:03:00.000000Z",
                    "lastAt": "2026-01-01T10:04:00.000000Z",
                },
                {
                    "channelKind": "PUSH",
                    "kind": "SEND",
                    "count": 1,
                    "firstAt": "2026-01-01T10:00:00.000000Z",
                    "lastAt": "2026-01-01T10:00:00.000000Z",
                },
            ],
        },
        "profiles": {
            "nodes": [
                {"displayName": "00c0ffee00000000", "channels": [{"kind": "PUSH"}]},
                {"displayName": "ann@example.com", "channels": [{"kind": "PUSH"}, {"kind": "EMAIL"}]},
            ]
        },
    },
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the code in which a third kind is registered, by additions to one file."""
    for folder in ("app", "graphql_schema"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "tests" / "pushing.py", tmp_path)
    text = (tmp_path / PLACE).read_text()
    for behind, more in ADDED.items():
        assert text.count(behind) == 1, behind
        text = text.replace(behind, behind + more)
    (tmp_path / PLACE).write_text(text)
    return tmp_path


def test_a_third_kind_registered_in_one_file_is_added_linked_reported_on_and_read(
    copy: Path, empty_database: str
) -> None:
    command = [sys.executable, "-W", "error", "pushing.py", f"sqlite:///{copy / 'tandem.db'}", empty_database]
    done = subprocess.run(command, cwd=copy, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    assert orjson.loads(done.stdout) == [SEEN, SEEN]
