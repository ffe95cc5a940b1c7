"""The preference centre: what one address is to be written to about, if at all."""

import re
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from starlette.responses import Response

from app.channels.rules import masked
from app.consent.queries.standing import CHOICES, CONTACT, Choice, Contact
from app.db import Reader, Writer, first
from app.intake.operations import choosing
from app.intake.operations.choosing import Wish
from app.profiles.errors import ChannelNotFound
from app.signing import Token
from app.tables import ConsentStatus
from app.web.forms import Fields
from app.web.pages import wording
from app.web.pages.linked import Site, Visit
from app.web.pages.showing import page

ACTOR = "Preference centre"
NUMBER = re.compile("[0-9]{1,9}")
ANY = "*"  # the box for marketing at all; a topic's has the topic's key
SAVED = "Your choices are saved."
UNCHANGED = "Nothing was changed: these were your choices already."
OUT = "You are unsubscribed from everything."
OVERTAKEN = (
    "Something was changed elsewhere since you opened this page, and was left as it is. Please look at your choices "
    "again."
)


class Box(NamedTuple):
    """A box to tick: `label` stands beside it, `wording` is all that a tick agrees to."""

    key: str
    label: str
    wording: str
    ticked: bool

    @property
    def topic(self) -> str | None:
        """The key of the topic that it is about; none: marketing at all."""
        return None if self.key == ANY else self.key


class Shown(NamedTuple):
    """What the page shows."""

    contact: Contact
    marketing: Box
    topics: Sequence[Box]

    @property
    def boxes(self) -> Sequence[Box]:
        """All that can be ticked."""
        return [self.marketing, *self.topics]


class Sent(NamedTuple):
    """A form as it was sent, by the keys of its boxes: which there were, which were ticked when shown, and now.

    `as_of` is how long the channel's ledger was when it was shown.
    """

    listed: frozenset[str]
    shown: frozenset[str]
    wanted: frozenset[str]
    as_of: int | None

    def wishes(self, boxes: Sequence[Box]) -> list[Wish]:
        """What the person wants: not what is unticked; what was ticked already when shown, is left as it stands.

        So a page that was left open does not bring back what was opted out of elsewhere meanwhile. Of what was not on
        the page, the form says nothing.
        """
        told = (self.listed - self.wanted) | (self.wanted - self.shown)
        return [Wish(box.topic, box.key in self.wanted, box.wording) for box in boxes if box.key in told]


async def show(site: Site, visit: Visit) -> Response:
    """The page as things stand."""
    async with site.database.reading(visit.token.account_id) as reader:
        return _page(await _shown(reader, visit.token))


async def take(site: Site, visit: Visit, fields: Fields) -> Response:
    """Records what differs from how things stand, and shows how they stand then."""
    if any(name == "everything" for name, _ in fields):
        return _page(await site.database.write(visit.token.account_id, partial(_leave, site=site, visit=visit)), OUT)
    sent = _sent(fields)
    work = partial(_choose, site=site, visit=visit, sent=sent)
    changed, shown = await site.database.write(visit.token.account_id, work)
    overtaken = any(box.key in sent.wanted and not box.ticked for box in shown.boxes)
    return _page(shown, OVERTAKEN if overtaken else SAVED if changed else UNCHANGED)


def _sent(fields: Fields) -> Sent:
    listed, shown, wanted, as_of = (
        frozenset(value for name, value in fields if name == field) for field in Sent._fields
    )
    return Sent(listed, shown, wanted, first([int(text) for text in as_of if NUMBER.fullmatch(text)]))


async def _leave(writer: Writer, *, site: Site, visit: Visit) -> Shown:
    token, act = visit.token, site.act(ACTOR)
    await choosing.opt_out(writer, channel_id=token.id, topic_id=None, evidence=visit.evidence, act=act)
    return await _shown(writer, token)


async def _choose(writer: Writer, *, site: Site, visit: Visit, sent: Sent) -> tuple[bool, Shown]:
    token, act = visit.token, site.act(ACTOR)
    said: dict[str, Any] = {"wishes": sent.wishes((await _shown(writer, token)).boxes), "as_of": sent.as_of}
    changed = await choosing.choose(writer, channel_id=token.id, **said, evidence=visit.evidence, act=act)
    return changed, await _shown(writer, token)


async def _shown(reader: Reader, token: Token) -> Shown:
    """What there is to choose, as it stands. Raises ChannelNotFound."""
    contact = first(await reader.fetch(CONTACT, channel_id=token.id))
    if contact is None:
        raise ChannelNotFound(field=())
    text = wording.marketing(contact)
    marketing = Box(ANY, text, text, contact.status is ConsentStatus.OPTED_IN)
    choices = await reader.fetch(CHOICES, channel_id=token.id)
    return Shown(contact, marketing, [_topic(contact, choice) for choice in choices])


def _topic(contact: Contact, choice: Choice) -> Box:
    return Box(choice.key, choice.name, wording.topic(contact.kind, choice.name), choice.subscribed)


def _page(shown: Shown, notice: str | None = None) -> Response:
    kind = shown.contact.kind
    return page(
        "preferences",
        business=shown.contact.business,
        address=masked(shown.contact.place),
        messages=wording.messages(kind),
        kind=kind,
        out=shown.contact.status is ConsentStatus.OPTED_OUT,
        pending=shown.contact.status is ConsentStatus.PENDING,
        as_of=shown.contact.length,
        marketing=shown.marketing,
        about=wording.about(kind),
        topics=shown.topics,
        notice=notice,
    )
