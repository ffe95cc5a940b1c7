"""The pages that people reach by the links in messages, and forms."""

from collections.abc import Callable
from datetime import datetime

from starlette.routing import Route

from app.db import Database
from app.signing import Purpose, Signer
from app.web.pages import confirming, known_forms, preferring, unsubscribing
from app.web.pages.linked import Linked, Site
from app.web.pages.open_forms import OpenForms
from app.web.pages.showing import style


def behind_links(database: Database, *, now: Callable[[], datetime], secret: bytes, signer: Signer) -> list[Route]:
    """Where the pages are; the last part of the path is the signed one, of a form its id."""
    site = Site(database, now, secret, signer)
    behind = {
        Purpose.UNSUBSCRIBE: unsubscribing,
        Purpose.PREFERENCES: preferring,
        Purpose.CONFIRM: confirming,
        Purpose.FORM: known_forms,
    }
    return [
        Route("/pages/style.css", style),
        Route("/forms/{form}", OpenForms(site)),
        *(Route(f"/{to}/{{token}}", Linked(site, to, by.show, by.take)) for to, by in behind.items()),
    ]
