"""The answer to a double opt-in: the page that the link in the question leads to."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from starlette.responses import Response

from app.accounts.queries import GUARDS
from app.channels.rules import masked
from app.consent.queries.standing import CONTACT, Contact
from app.db import Reader, Writer, first
from app.identity.errors import NoSuch
from app.ids import spelled
from app.intake.errors import ConfirmationExpired
from app.intake.operations import confirming
from app.intake.queries import CLAIMS, QUESTION, Question
from app.intake.rules.asking import Answer
from app.profiles.errors import ChannelNotFound
from app.signing import ExpiredLink, Token
from app.web.forms import Fields
from app.web.pages.linked import Site, Visit
from app.web.pages.showing import page
from app.web.pages.wording import messages

ACTOR = "Confirmation page"


class Asked(NamedTuple):
    """What was asked, whom, and which other addresses the person would claim as theirs, masked."""

    question: Question
    contact: Contact
    others: Sequence[str]


async def show(site: Site, visit: Visit) -> Response:
    """The question with its button; it changes nothing. Raises ExpiredLink."""
    async with site.database.reading(visit.token.account_id) as reader:
        asked = await _asked(reader, visit.token)
    if asked.question.confirmed_at:
        return _page("confirmed", asked)
    if asked.question.expires_at <= site.now():
        raise ExpiredLink
    return _page("confirm", asked)


async def take(site: Site, visit: Visit, _: Fields) -> Response:
    """Confirms, and answers once that is committed. Raises ExpiredLink."""
    try:
        return _page(
            "confirmed", await site.database.write(visit.token.account_id, partial(_confirm, site=site, visit=visit))
        )
    except NoSuch:
        raise ChannelNotFound(field=()) from None
    except ConfirmationExpired:
        raise ExpiredLink from None


async def _confirm(writer: Writer, *, site: Site, visit: Visit) -> Asked:
    asked = await _asked(writer, visit.token)
    answer = Answer(ip_address=visit.evidence.ip_address, user_agent=visit.evidence.user_agent)
    [guards] = await writer.fetch(GUARDS)
    await confirming.confirm(writer, confirmation_id=visit.token.id, answer=answer, guards=guards, act=site.act(ACTOR))
    return asked


async def _asked(reader: Reader, token: Token) -> Asked:
    """The question. Raises ChannelNotFound."""
    question = first(await reader.fetch(QUESTION, confirmation_id=token.id))
    contact = first(await reader.fetch(CONTACT, channel_id=question.channel_id)) if question else None
    if question is None or contact is None:
        raise ChannelNotFound(field=())
    claims = await reader.fetch(CLAIMS, channel_id=question.channel_id)
    asked_about = [claim.other for claim in claims if spelled(claim.type_name, claim.id) in question.claims]
    return Asked(question, contact, list(map(masked, dict.fromkeys(asked_about))))


def _page(template: str, asked: Asked) -> Response:
    contact = asked.contact
    return page(
        template,
        business=contact.business,
        address=masked(contact.place),
        messages=messages(contact.kind),
        wording=asked.question.wording,
        others=asked.others,
    )
