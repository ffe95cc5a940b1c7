"""What providers tell of messages, as engagements."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from app.engagement.errors import InvalidValue
from app.engagement.rules.lines import BOUNCE_TYPES, loaded, one_of, text_of, time
from app.engagement.rules.reporting import LONGEST_ID, Event, judged
from app.kinds import KINDS, ChannelKind, EngagementKind
from app.tables import BounceType

# ---- SMS, as Twilio tells it: https://www.twilio.com/docs/messaging/guides/track-outbound-message-status

SMS_KINDS: Mapping[str, EngagementKind] = {
    "sent": EngagementKind.SEND,
    "delivered": EngagementKind.DELIVERY,
    "undelivered": EngagementKind.BOUNCE,
    "failed": EngagementKind.BOUNCE,
}
#: The errors by which no message will ever reach the number (https://www.twilio.com/docs/api/errors): it is no number
#: (21211), none that takes texts (21268, 21614, 21635, 30006), or nobody's (30005).
HARD_SMS_ERRORS = frozenset(["21211", "21268", "21614", "21635", "30005", "30006"])


def of_sms(fields: Mapping[str, str], *, now: datetime) -> Event | None:
    """What a status callback tells; None for what is no engagement, such as that a message is queued.

    Raises a Refusal where it does not say of which message, and to whom.
    """
    kind, to = SMS_KINDS.get(fields.get("MessageStatus") or fields.get("SmsStatus") or ""), fields.get("To", "")
    if kind is None or ":" in to:  # such as whatsapp:+14155552671
        return None
    error = fields.get("ErrorCode") or None
    given = {
        "contact": {"mobileNumber": to},
        "kind": kind,
        "externalId": fields.get("MessageSid") or fields.get("SmsSid") or "",
        "bounceType": sms_bounce_type(error) if kind is EngagementKind.BOUNCE else None,
        "properties": {"errorCode": error} if error else None,
    }
    return judged(given, place=0, now=now)


def sms_bounce_type(error: str | None) -> BounceType:
    """Whether the number is gone; whatever else went wrong may go well the next time."""
    return BounceType.HARD if error in HARD_SMS_ERRORS else BounceType.SOFT


# ---- email

EMAIL_KINDS: Mapping[str, EngagementKind] = {
    "email.sent": EngagementKind.SEND,
    "email.delivered": EngagementKind.DELIVERY,
    "email.opened": EngagementKind.OPEN,
    "email.clicked": EngagementKind.CLICK,
    "email.bounced": EngagementKind.BOUNCE,
    "email.complained": EngagementKind.COMPLAINT,
    "email.unsubscribed": EngagementKind.UNSUBSCRIBE,
}
#: What may happen to one message any number of times: whoever opts in again may use an old message's link again. All
#: else happens to it once.
AGAIN_AND_AGAIN = frozenset(
    {EngagementKind.OPEN, EngagementKind.CLICK, EngagementKind.COMPLAINT, EngagementKind.UNSUBSCRIBE}
)
_to = text_of("to", KINDS[ChannelKind.EMAIL].longest, "data")
_message_id = text_of("messageId", None, "data")
_bounce_type = one_of("bounceType", BOUNCE_TYPES, "data")
_url = text_of("url", None, "data")
_type = text_of("type")


def of_email(body: bytes, *, notice_id: str, now: datetime) -> Event | None:
    """What a notice tells; None for what is no engagement. `notice_id` is its own id, the same when it comes again.

    Members that are not known are passed over. Raises a Refusal where something is not what it must be.
    """
    notice = loaded(body)
    kind = EMAIL_KINDS.get(_type(notice.get("type")))
    if kind is None:
        return None
    data = notice.get("data")
    if type(data) is not dict:
        raise InvalidValue('Say of which message in "data", as in {"to": "ann@example.com"}.', field=("data",))
    at, to = notice.get("timestamp"), _to(data.get("to"))
    bounce_type = _given(data, "bounceType", _bounce_type) if kind is EngagementKind.BOUNCE else None
    message_id = None if kind in AGAIN_AND_AGAIN else _given(data, "messageId", _message_id)
    given = {
        "contact": {"emailAddress": to},
        "kind": kind,
        "externalId": external_id(message_id, to, bounce_type) if message_id else short(notice_id),
        "occurredAt": None if at is None else time(at, "timestamp"),
        "bounceType": bounce_type,
        "url": _given(data, "url", _url),
        "properties": data.get("properties"),
    }
    return judged(given, place=0, now=now)


def _given(data: Mapping[str, Any], name: str, check: Any) -> Any:
    return None if data.get(name) is None else check(data[name])


def external_id(message_id: str, to: str, bounce_type: BounceType | None) -> str:
    """The id of what happens once to a message for each who gets it, however often it is told."""
    return short(" ".join(filter(None, (message_id, to.strip().lower(), bounce_type))))


def short(id: str) -> str:
    """An id, or its digest where it is too long to be kept."""
    return id if len(id) <= LONGEST_ID else sha256(id.encode()).hexdigest()
