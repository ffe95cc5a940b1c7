"""How tests speak to the server: as clients do."""

from dataclasses import dataclass
from typing import Any

import httpx

from app.accounts.queries import Tenant
from app.db import Database

ADD_SMS = """
mutation AddSms($input: AddSmsContactInput!) {
  addSmsContact(input: $input) {
    profile { id }
    channels { id kind address }
    link { outcome explanation merges { id absorbedId survivor { id } } }
    consentRefused { code message channel { address } }
    userErrors { code field message }
  }
}
"""
ADD_EMAIL = ADD_SMS.replace("Sms", "Email")


@dataclass(frozen=True, slots=True)
class Served:
    """A running server, and a second way to its database."""

    url: str
    database: Database


@dataclass(frozen=True, slots=True)
class Client:
    """A client with the key of one account."""

    http: httpx.AsyncClient
    key: str
    account: Tenant

    async def send(self, query: str, **variables: Any) -> httpx.Response:
        """The response to a document."""
        headers = {"authorization": f"Bearer {self.key}"}
        return await self.http.post("/graphql", json={"query": query, "variables": variables}, headers=headers)

    async def ask(self, query: str, **variables: Any) -> Any:
        """The data of the answer, which must have no errors."""
        response = await self.send(query, **variables)
        answer = response.json()
        assert response.status_code == 200, answer
        assert "errors" not in answer, answer
        return answer["data"]

    async def errors(self, query: str, **variables: Any) -> list[dict[str, Any]]:
        """The top-level errors of the answer."""
        return list((await self.send(query, **variables)).json()["errors"])

    async def add_sms(self, mobile: str, email: str | None = None, **more: Any) -> Any:
        """The payload of addSmsContact."""
        return (await self.ask(ADD_SMS, input={"mobileNumber": mobile, "emailAddress": email, **more}))["addSmsContact"]

    async def add_email(self, email: str, mobile: str | None = None, **more: Any) -> Any:
        """The payload of addEmailContact."""
        answer = await self.ask(ADD_EMAIL, input={"emailAddress": email, "mobileNumber": mobile, **more})
        return answer["addEmailContact"]
