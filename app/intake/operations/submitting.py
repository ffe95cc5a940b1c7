"""Forms: making one, and taking what people submit by it."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from app.accounts.rules import Sender
from app.acts import Act
from app.consent.rules.evidence import Given
from app.db import Insertion, Writer, first
from app.errors import ErrorCode, Refusal, Refusals
from app.events import operations as events
from app.identity.operations import adding
from app.identity.operations.adding import Added, Refused
from app.identity.queries import state
from app.identity.rules.contacts import Contact
from app.identity.rules.picture import Outcome
from app.ids import spelled
from app.intake.errors import AskedLately, CannotBeAsked, FormNotFound, NothingToConfirm
from app.intake.operations import confirming
from app.intake.queries import forms as queries
from app.intake.queries.forms import Offered
from app.intake.rules import forms
from app.intake.rules.forms import Form
from app.intake.rules.submissions import Submission, beside
from app.signing import Signer
from app.tables import Form as Row
from app.tables import IntakeMethod, LinkTrust

INTO_FORMS = Insertion(Row)
Judge = Callable[[Offered], Submission]


async def create(writer: Writer, *, form: Form, act: Act) -> UUID:
    """Makes a form that `forms.checked` checked; its id. It stays as it is: other wording is another form."""
    id = act.new_id()
    writer.insert(
        INTO_FORMS,
        id=id,
        name=form.name,
        fields=forms.stored(form.fields),
        double_opt_in=form.double_opt_in,
        trusted=form.trusted,
        created_at=act.at,
    )
    events.publish(writer, name="form_created", data={"form": spelled("Form", id)}, channel_ids=[], act=act)
    return id


async def submit(writer: Writer, *, form_id: UUID | None, judge: Judge, signer: Signer, act: Act) -> Added:
    """Takes a submission, which `judge` makes of the form as it is: adds the contact, and asks what is to be confirmed.

    A double opt-in is asked for at each address that agreed; and where a claim would merge two known profiles, the
    claimed address is asked whether it is so. The same again changes nothing. Raises FormNotFound or Refusals.
    """
    offered = first(await writer.fetch(queries.OWN, form_id=form_id)) if form_id else None
    if offered is None:
        raise FormNotFound
    submission = judge(offered)
    by_form = replace(act, method=IntakeMethod.FORM, detail=offered.form.name)
    contact = await _without_known_consents(writer, submission.contact)
    try:
        added = await adding.add_contact(writer, contact=contact, guards=offered.guards, act=by_form)
    except (Refusal, Refusals) as refused:
        raise beside(refused) from None
    fact = {"form": spelled("Form", offered.id), "outcome": added.outcome}
    events.publish(writer, name="form_submitted", data=fact, channel_ids=list(added.channel_ids), act=by_form)
    unasked = []
    for channel_id, given in _questions(submission, added):
        refused_here = await _ask(writer, channel_id, given, offered, signer, by_form)
        unasked += [refused_here] if refused_here else []
    return replace(added, refused=(*added.refused, *unasked))


async def _without_known_consents(writer: Writer, contact: Contact) -> Contact:
    """The contact without the consents that it gave in the same words already, and that still stand."""
    if not contact.consents:
        return contact
    known = await state.at_addresses(writer, contact.consents)
    agreed = await writer.fetch(queries.AGREED, channel_ids=[at.id for at in known]) if known else []
    said = {each.place: each.disclosure for each in agreed}
    news = {place: given for place, given in contact.consents.items() if said.get(place) != given.disclosure}
    return replace(contact, consents=news)


def _questions(submission: Submission, added: Added) -> list[tuple[UUID, Given | None]]:
    """Which channels are asked, and to agree to what; a claimed address, if to nothing, whether the claim is true."""
    contact = submission.contact
    ids = dict(zip(contact.addresses, added.channel_ids, strict=True))
    questions: dict[UUID, Given | None] = {ids[place]: given for place, given in submission.asks.items()}
    claims = contact.trust is LinkTrust.CLAIMED and added.outcome is Outcome.PROPOSED
    if claims and contact.other:
        questions.setdefault(ids[contact.other], None)
    return sorted(questions.items(), key=lambda each: each[0])


async def _ask(
    writer: Writer, channel_id: UUID, given: Given | None, offered: Offered, signer: Signer, act: Act
) -> Refused | None:
    """Asks one address; why it cannot be asked, where it agreed to something. Who was asked lately is not asked."""
    sender: Sender = offered.sender
    try:
        await confirming.ask(
            writer,
            channel_id=channel_id,
            given=given,
            account_id=offered.account_id,
            account=sender,
            signer=signer,
            act=act,
        )
    except (NothingToConfirm, AskedLately):
        return None
    except CannotBeAsked as refusal:
        return Refused(channel_id, ErrorCode.CONSENT_REFUSED, refusal.message) if given else None
    return None
