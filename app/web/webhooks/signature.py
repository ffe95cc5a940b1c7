"""How Twilio signs its requests, and others that are compatible: https://www.twilio.com/docs/usage/security."""

import hmac
from base64 import b64encode
from collections.abc import Iterable


def signature(token: str, url: str, fields: Iterable[tuple[str, str]]) -> str:
    """The signature of a form that is posted to the URL: HMAC-SHA-1 by the auth token, in base64.

    It is over the whole URL, as the provider was given it, and every name with its value, in order of the names; of a
    name that comes again, each value once, in order.
    """
    signed = url + "".join(name + value for name, value in sorted(set(fields)))
    return b64encode(hmac.digest(token.encode(), signed.encode(), "sha1")).decode()


def is_signed(given: str, *, token: str | None, url: str, fields: Iterable[tuple[str, str]]) -> bool:
    """Whether the signature is the right one, compared in constant time; without a token none is."""
    right = signature(token or "", url, fields)
    return hmac.compare_digest(given.encode(), right.encode()) and bool(token)
