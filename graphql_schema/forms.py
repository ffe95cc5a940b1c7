"""Forms, by which people give their addresses and agree to messages themselves."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from app.acts import Act
from app.identity.operations.adding import Added
from app.ids import uuid_of
from app.intake.operations import submitting
from app.intake.queries import forms as queries
from app.intake.queries.forms import Offered
from app.intake.rules import forms as rules
from app.intake.rules.forms import Ask
from app.intake.rules.submissions import Filled, Submission, judged
from app.kinds import ChannelKind
from app.tables import Form as Row
from graphql_schema.acting import acted
from graphql_schema.contact import AddContactPayload, payload
from graphql_schema.context import Context, Info
from graphql_schema.declaring import column, computed, expression, many, one
from graphql_schema.errors import UserError, answering
from graphql_schema.inputs import given, optional, says
from graphql_schema.paging import Node


def url(context: Context, form_id: str) -> str:
    """Where a form is."""
    return f"{context.signer.public_url}/forms/form_{UUID(form_id).hex}"


def advice(fields: list[dict[str, Any]]) -> list[str]:
    """What would make a form better."""
    return rules.advice(rules.restored(fields))


@strawberry.type(description="A consent that a field asks for; its wording is kept with every consent given by it.")
class ConsentAsk:
    """A consent that a field asks for."""

    channel_kind: ChannelKind = expression(lambda row: row.channel_kind, "For which kind of channel.")
    disclosure: str = expression(lambda row: row.disclosure, "The exact wording that is agreed to.")


@strawberry.type(description="A field of a form.")
class FormField:
    """A field of a form."""

    key: str = expression(lambda row: row.key, "emailAddress, mobileNumber, or a custom field's key.")
    label: str = expression(lambda row: row.label, "What stands beside it.")
    required: bool = expression(lambda row: row.required, "Whether it must be filled in.")
    consent: ConsentAsk | None = one(queries.consent, "The consent that a box beside it asks for.")


@strawberry.type(
    description=(
        "A form by which people give their addresses and agree to messages. It never changes: other wording is another "
        "form, so that every consent shows just what was agreed to."
    )
)
class Form(Node):
    """A form."""

    name: str = column(Row.name, "Its name, which is the source's detail of what comes by it.")
    fields: list[FormField] = many(queries.fields, "What it asks for, in order.")
    double_opt_in: bool = column(
        Row.double_opt_in, "Whether who agrees is PENDING until following the link in an email, or replying YES."
    )
    trusted: bool = column(
        Row.trusted,
        "Whether what is submitted is taken to be true, and may merge known profiles unconfirmed: only for forms that "
        "nobody reaches without being logged in, for its page asks for no password.",
    )
    advice: list[str] = computed(advice, lambda row: [row.fields], "What would make it better.")
    url: str = computed(
        url,
        lambda row: [row.id],
        "Its page; sites post their own forms there, as JSON or as browsers do.",
        in_context=True,
    )


@strawberry.type(description="What making a form did.")
class FormPayload:
    """What making a form did."""

    id: strawberry.Private[UUID | None] = None
    form: Form | None = one(queries.by_id, "The form.")
    user_errors: list[UserError] = strawberry.field(
        default_factory=list, description="What is wrong with the input; then nothing was made."
    )


@strawberry.input(description="A consent that a field is to ask for.")
class ConsentAskInput:
    """A consent that a field is to ask for."""

    channel_kind: ChannelKind = strawberry.field(description="The kind of address that the field collects.")
    disclosure: str = strawberry.field(
        description="The exact wording that is agreed to, at most 10,000 characters; shown beside the box."
    )


@strawberry.input(description="A field of a form.")
class FormFieldInput:
    """A field of a form."""

    key: str = strawberry.field(description="emailAddress, mobileNumber, or a custom field's key; each once.")
    label: str = strawberry.field(description="What stands beside it, at most 200 characters.")
    required: bool | None = strawberry.field(
        default=False,
        description="Whether it must be filled in. A lone address always is; of two, one is.",
    )
    consent: ConsentAskInput | None = optional("The consent that a box beside it asks for; for addresses alone.")

    def as_field(self) -> rules.FormField:
        """The same for the domain."""
        asks = given(self.consent)
        ask = Ask(asks.channel_kind, asks.disclosure) if asks else None
        return rules.FormField(self.key, self.label, bool(self.required), ask)


@strawberry.input(description="A form to make.")
class CreateFormInput:
    """A form to make."""

    name: str = strawberry.field(description="Its name, at most 200 characters.")
    fields: list[FormFieldInput] = strawberry.field(
        description="What it asks for, in order: 1 to 30 fields, at least one address among them, best both."
    )
    double_opt_in: bool | None = strawberry.field(
        default=False, description="Whether consent counts only once it is confirmed by a link or a reply."
    )
    trusted: bool | None = strawberry.field(
        default=False, description="Whether submissions may merge known profiles unconfirmed: behind a login alone."
    )


@strawberry.input(description="A form as a person filled it in.")
class SubmitFormInput:
    """A form as a person filled it in."""

    form_id: strawberry.ID = strawberry.field(description="The form.")
    values: JSON = strawberry.field(
        description="Values by the keys of the form's fields. One that is null or blank says nothing."
    )
    consents: list[str] = strawberry.field(description="The keys of the fields whose boxes were ticked.")
    source_url: str | None = optional("The page where it was filled in.")
    ip_address: str | None = optional("The address of the person's device.")
    user_agent: str | None = optional("The person's browser.")

    def filled(self) -> Filled:
        """The same for the domain."""
        evidence = (given(self.source_url), given(self.ip_address), given(self.user_agent))
        return Filled(self.values, self.consents, *evidence)


@strawberry.type
class FormMutations:
    """Making forms, and submitting them."""

    @strawberry.mutation(
        description="Makes a form. It has a page of its own, takes posts of other sites, and never changes."
    )
    @answering(FormPayload)
    async def create_form(self, info: Info, input: Annotated[CreateFormInput, says("The form.")]) -> FormPayload:
        """Makes a form."""

        def prepare(act: Act) -> Any:
            fields = tuple(field.as_field() for field in input.fields)
            form = rules.Form(input.name, fields, bool(input.double_opt_in), bool(input.trusted))
            return partial(submitting.create, form=rules.checked(form), act=act)

        return FormPayload(id=await acted(info, input, UUID, prepare))

    @strawberry.mutation(
        description=(
            "Submits a form for a person, as its page does: adds the contact, links the addresses, and records the "
            "consents with the form's exact wording, or asks for their confirmation. Unless the form is trusted, two "
            "addresses are a claim: they link, but where that would merge two known profiles it is PROPOSED, and the "
            "second address is asked to confirm it. The same again changes nothing."
        )
    )
    @answering(AddContactPayload)
    async def submit_form(
        self, info: Info, input: Annotated[SubmitFormInput, says("What was filled in.")]
    ) -> AddContactPayload:
        """Submits a form."""
        form_id, filled = uuid_of(input.form_id, "Form"), input.filled()

        def prepare(act: Act) -> Any:
            def judge(offered: Offered) -> Submission:
                return judged(offered.form, filled, default_region=offered.region, guards=offered.guards, now=act.at)

            return partial(submitting.submit, form_id=form_id, judge=judge, signer=info.context.signer, act=act)

        return payload(await acted(info, input, Added, prepare))
