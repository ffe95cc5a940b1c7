"""Keywords as clients make them, and what is held of them."""

from typing import Any

from tests.client import Client

CREATE = """
mutation Create($input: CreateKeywordInput!) {
  createKeyword(input: $input) {
    keyword { id word welcome alreadySubscribed captureEmail doubleOptIn advice }
    userErrors { code field message }
  }
}
"""
WELCOME = "Welcome! Reply STOP to opt out. Msg & data rates may apply."
ALREADY = "You are subscribed already."


async def create(client: Client, word: str = "JOIN", **more: Any) -> Any:
    """The payload of createKeyword."""
    input = {"word": word, "welcome": WELCOME, "alreadySubscribed": ALREADY, **more}
    return (await client.ask(CREATE, input=input))["createKeyword"]
