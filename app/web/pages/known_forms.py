"""A form behind a signed link: it asks a known contact only for what is missing."""

from dataclasses import replace
from functools import partial
from typing import NamedTuple

from starlette.responses import Response

from app.db import Reader, Writer, first
from app.errors import Refusal, Refusals
from app.intake.operations import submitting
from app.intake.queries.forms import KNOWN, OWN, Known, Offered
from app.intake.rules.forms import Form
from app.intake.rules.submissions import Filled, Submission, judged, missing
from app.profiles.errors import ChannelNotFound
from app.signing import Token
from app.web.forms import Fields
from app.web.pages.filling import form_page, of_fields, thanks, told_to_anybody
from app.web.pages.linked import Site, Visit

ACTOR = "Form link"


class Asked(NamedTuple):
    """A form, and the contact who opens it."""

    offered: Offered
    known: Known

    @property
    def form(self) -> Form:
        """What is still to be asked."""
        known = self.known
        return missing(self.offered.form, own=known.place, kinds=known.kinds, keys=known.keys, opted_in=known.opted_in)

    def still(self, filled: Filled) -> Filled:
        """Without what the form asks others for: the profile has it by now, as when a form is sent twice."""
        settled = set(self.offered.form.keys) - set(self.form.keys)
        values = {key: value for key, value in filled.values.items() if key not in settled}
        return replace(filled, values=values, consents=[key for key in filled.consents if key not in settled])


async def show(site: Site, visit: Visit) -> Response:
    """The form with what is missing; it changes nothing."""
    async with site.database.reading(visit.token.account_id) as reader:
        asked = await _asked(reader, visit.token)
    return form_page(asked.form, asked.offered.sender.name, own=asked.known.place)


async def take(site: Site, visit: Visit, fields: Fields) -> Response:
    """Submits what is missing for the contact whose link it is; its own address counts as confirmed."""
    posted, wrong = of_fields(fields), list[Refusal]()
    work = partial(_submit, site=site, visit=visit, filled=posted.filled(visit.evidence))
    try:
        asked = await site.database.write(visit.token.account_id, work)
    except Refusals as refused:
        wrong = told_to_anybody(refused)
        async with site.database.reading(visit.token.account_id) as reader:
            asked = await _asked(reader, visit.token)
    if wrong:
        own, business = asked.known.place, asked.offered.sender.name
        return form_page(asked.form, business, posted=posted, refusals=wrong, own=own)
    return thanks(asked.offered.form, asked.offered.sender.name, known=True)


async def _submit(writer: Writer, *, site: Site, visit: Visit, filled: Filled) -> Asked:
    token, act = visit.token, site.act(ACTOR)
    asked = await _asked(writer, token)

    def judge(offered: Offered) -> Submission:
        return judged(
            asked.form,
            asked.still(filled),
            own=asked.known.place,
            default_region=offered.region,
            guards=offered.guards,
            now=act.at,
        )

    await submitting.submit(writer, form_id=token.about_id, judge=judge, signer=site.signer, act=act)
    return asked


async def _asked(reader: Reader, token: Token) -> Asked:
    """The form and the contact. Raises ChannelNotFound where either is gone."""
    offered = first(await reader.fetch(OWN, form_id=token.about_id)) if token.about_id else None
    known = first(await reader.fetch(KNOWN, channel_id=token.id)) if offered else None
    if offered is None or known is None:
        raise ChannelNotFound(field=())
    return Asked(offered, known)
