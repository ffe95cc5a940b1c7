"""Forms, and what is submitted by them."""

from typing import Any

from app.db import Database
from tests.client import ADD_SMS, Client
from tests.texting import queued

CREATE = """
mutation Create($input: CreateFormInput!) {
  createForm(input: $input) {
    form {
      id name doubleOptIn trusted advice url
      fields { key label required consent { channelKind disclosure } }
    }
    userErrors { code field message }
  }
}
"""
SUBMIT = (
    ADD_SMS.replace("AddSmsContactInput", "SubmitFormInput")
    .replace("addSmsContact", "submitForm")
    .replace("outcome explanation", "outcome explanation proposal { reason }")
)
BY_EMAIL, BY_TEXT = "I agree to get offers by email from Tested.", "I agree to get offers by text from Tested."
EMAIL = {"key": "emailAddress", "label": "Email", "consent": {"channelKind": "EMAIL", "disclosure": BY_EMAIL}}
MOBILE = {"key": "mobileNumber", "label": "Mobile", "consent": {"channelKind": "SMS", "disclosure": BY_TEXT}}
CITY = {"key": "city", "label": "City"}


async def create(client: Client, *fields: Any, **more: Any) -> Any:
    """The payload of createForm; both addresses and a city where nothing is said."""
    input = {"name": "Newsletter", "fields": fields or (EMAIL, MOBILE, CITY), **more}
    return (await client.ask(CREATE, input=input))["createForm"]


async def form(client: Client, *fields: Any, **more: Any) -> str:
    """The id of a new form."""
    return str((await create(client, *fields, **more))["form"]["id"])


async def submit(client: Client, form_id: str, values: Any, consents: Any = (), **more: Any) -> Any:
    """The payload of submitForm."""
    input = {"formId": form_id, "values": values, "consents": list(consents), **more}
    return (await client.ask(SUBMIT, input=input))["submitForm"]


async def sent_to(database: Database, client: Client) -> list[str]:
    """The addresses that something was sent to."""
    return [sent.address for sent in await queued(database, client)]
