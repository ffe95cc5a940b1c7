"""How a message looks when it is written down."""

import ipaddress
import unicodedata
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTPUTF8
from email.utils import format_datetime

from app.db.types import printed
from app.delivery.rules.sending import Outgoing
from app.ids import spelled

#: Headers stay whole: folded, a long link would be encoded, and no longer be one (RFC 8058 wants it as it is).
WHOLE_LINES = SMTPUTF8.clone(max_line_length=998)
ENDS_LINES = frozenset({"Cc", "Zl", "Zp"})  # Unicode's control characters, and its separators of lines


def email(message: Outgoing, *, host: str) -> EmailMessage:
    """An email from `no-reply` at the host, with the one-click link to unsubscribe (RFC 8058)."""
    written = EmailMessage(policy=WHOLE_LINES)
    written["From"] = Address(one_line(message.account_name), "no-reply", domain(host))
    written["To"] = one_line(message.address)
    written["Subject"] = one_line(message.subject or "")
    written["Date"] = format_datetime(message.at)
    written["Message-ID"] = f"<{message.id.hex}@{domain(host)}>"
    written["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
    written["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    written.set_content(message.body, charset="utf-8", cte="8bit")
    return written


def text(message: Outgoing) -> str:
    """A text message: whom it is to, when, which one, and after an empty line what it says."""
    named = {"To": one_line(message.address), "At": printed(message.at), "Message": spelled("Message", message.id)}
    return "".join(f"{name}: {value}\n" for name, value in named.items()) + f"\n{message.body}\n"


def one_line(text: str) -> str:
    """The text on one line: nothing in it can begin another header, nor an encoded word, which may hold an end of line.

    (RFC 2047; Python decodes such words where a header is set, and then writes what they held.)
    """
    parted = "".join(" " if unicodedata.category(character) in ENDS_LINES else character for character in text)
    return " ".join(parted.split()).replace("=?", "= ?")


def domain(host: str) -> str:
    """The host as the right side of an address: an IP address stands in brackets (RFC 5321, 4.1.3)."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return f"[{host}]" if address.version == 4 else f"[IPv6:{host}]"
