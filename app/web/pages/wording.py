"""What the pages say: exact wordings of consent."""

from app.channels.rules import masked
from app.consent.queries.standing import Contact
from app.kinds import ChannelKind


def messages(kind: ChannelKind) -> str:
    """What comes to such an address."""
    return "text messages" if kind is ChannelKind.SMS else "emails"


def marketing(contact: Contact) -> str:
    """The wording by which a person agrees to marketing messages at this one address.

    Of texts it says what a written consent must (47 CFR 64.1200(f)(9); CTIA Messaging Principles 5.1).
    """
    own = masked(contact.place)
    if contact.kind is ChannelKind.SMS:
        return (
            f"I agree to receive recurring automated marketing text messages from {contact.business} at {own}. "
            "Consent is not a condition of any purchase. Message frequency varies. Message and data rates may apply. "
            "Reply STOP to opt out or HELP for help."
        )
    return (
        f"I agree to receive marketing emails from {contact.business} at {own}. "
        "I can withdraw at any time by the link in every email."
    )


def about(kind: ChannelKind) -> str:
    """What stands above the topics."""
    return f"Send me {messages(kind)} about"


def topic(kind: ChannelKind, name: str) -> str:
    """The wording by which a person asks for one topic: what stands above the topics, and its name."""
    return f"{about(kind)}: {name}"
