"""Unsubscribing: a page with one button, and the one click of mail programs (RFC 8058)."""

from functools import partial

from starlette.responses import Response

from app.channels.rules import masked
from app.consent.queries.standing import CHOICES, CONTACT, Choice, Contact
from app.db import Reader, Writer, first
from app.intake.operations import choosing
from app.profiles.errors import ChannelNotFound
from app.signing import Token
from app.tables import ConsentStatus
from app.web.forms import Fields
from app.web.pages.linked import Site, Visit
from app.web.pages.showing import page
from app.web.pages.wording import messages

#: What the POST of a mail program contains (RFC 8058, 3.1); the page's own button sends the same.
ONE_CLICK = ("List-Unsubscribe", "One-Click")
ACTOR = "One-click unsubscribe"


async def show(site: Site, visit: Visit) -> Response:
    """The page with the button; it changes nothing, for scanners follow links."""
    async with site.database.reading(visit.token.account_id) as reader:
        contact, topic = await _found(reader, visit.token)
    status = topic.status if topic else contact.status
    return _page(contact, topic, out=status is ConsentStatus.OPTED_OUT)


async def take(site: Site, visit: Visit, _: Fields) -> Response:
    """Opts out, and answers once that is committed; whatever the form says, for who posts here wants to be out."""
    contact, topic = await site.database.write(visit.token.account_id, partial(_opt_out, site=site, visit=visit))
    return _page(contact, topic, out=True)


async def _opt_out(writer: Writer, *, site: Site, visit: Visit) -> tuple[Contact, Choice | None]:
    token, act = visit.token, site.act(ACTOR)
    await choosing.opt_out(writer, channel_id=token.id, topic_id=token.about_id, evidence=visit.evidence, act=act)
    return await _found(writer, token)


async def _found(reader: Reader, token: Token) -> tuple[Contact, Choice | None]:
    """The channel, and the topic if the link names one. Raises ChannelNotFound."""
    contact = first(await reader.fetch(CONTACT, channel_id=token.id))
    if contact is None:
        raise ChannelNotFound(field=())
    choices = await reader.fetch(CHOICES, channel_id=token.id) if token.about_id else []
    return contact, first([choice for choice in choices if choice.id == token.about_id])


def _page(contact: Contact, topic: Choice | None, *, out: bool) -> Response:
    return page(
        "unsubscribed" if out else "unsubscribe",
        business=contact.business,
        address=masked(contact.place),
        messages=messages(contact.kind),
        kind=contact.kind,
        topic=topic.name if topic else None,
        one_click=ONE_CLICK,
    )
