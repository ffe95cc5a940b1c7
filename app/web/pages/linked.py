"""A page behind a signed link: whoever holds the link may do just what it names, and needs nothing else."""

import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.acts import Act
from app.consent.rules.evidence import LONGEST_AGENT, Given
from app.db import Database
from app.errors import Refusal, RequestError
from app.profiles.errors import ChannelNotFound
from app.signing import BadLink, ExpiredLink, Purpose, Signer, Token
from app.tables import IntakeMethod, LedgerAct
from app.web.edge import Noted
from app.web.faults import masked
from app.web.forms import Fields, form
from app.web.pages import problems
from app.web.pages.problems import told
from app.web.requests import HttpError, header

STATUS = {"OVERLOADED": 503, "STORAGE_FULL": 507}
LATER = {"retry-after": "5"}


@dataclass(frozen=True, slots=True)
class Site:
    """What the pages need of the application."""

    database: Database
    now: Callable[[], datetime]
    secret: bytes
    signer: Signer

    def act(self, actor: str) -> Act:
        """Something that a person does on a page, now."""
        return Act(self.now(), actor, IntakeMethod.FORM, self.secret)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for a page: what its link names, and what the request tells of who makes it."""

    token: Token
    evidence: Given


Show = Callable[[Site, Visit], Awaitable[Response]]
Take = Callable[[Site, Visit, Fields], Awaitable[Response]]


class Linked:
    """Shows a page by GET, which changes nothing, and takes its form by POST; mistakes are told on pages too."""

    def __init__(self, site: Site, purpose: Purpose, show: Show, take: Take) -> None:
        self._site = site
        self._purpose = purpose
        self._show = show
        self._take = take

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        response = await self._respond(scope, receive)
        await response(scope, receive, send)

    async def _respond(self, scope: Scope, receive: Receive) -> Response:
        try:
            return await self._answer(scope, receive)
        except ExpiredLink:
            return told(problems.expired(self._purpose))
        except BadLink:
            return told(problems.FORGED)
        except ChannelNotFound:
            return told(problems.GONE)
        except HttpError as error:
            problem = problems.WRONG_METHOD if error.status == 405 else problems.NOT_A_FORM
            return told(problem, status=error.status, headers=error.headers)
        except RequestError as error:
            return told(problems.UNAVAILABLE, status=STATUS.get(error.code), headers=LATER)
        except Refusal:
            return told(problems.NOT_A_FORM)
        except Exception as error:  # told to a person, not to a program
            request_id = _noted(scope).request_id
            masked(error, request_id)
            return told(problems.fault(request_id))

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        method = scope["method"]
        if method not in ("GET", "HEAD", "POST"):
            raise HttpError(405, "This page is shown by GET, and its form taken by POST.", {"allow": "GET, HEAD, POST"})
        token = self._site.signer.read(self._purpose, scope["path_params"]["token"])
        _noted(scope).account_id = token.account_id
        source = f"{self._site.signer.public_url}/{self._purpose}"  # without the token, which is a secret
        visit = Visit(token, evidence(scope, source))
        if method == "POST":
            return await self._take(self._site, visit, await form(scope, receive))
        return await self._show(self._site, visit)


def _noted(scope: Scope) -> Noted:
    noted: Noted = scope["state"]["noted"]
    return noted


def evidence(scope: Scope, source_url: str) -> Given:
    """What a request tells of the person who makes it, as evidence of an opt-out, or of what they choose."""
    agent = header(scope, b"user-agent")[:LONGEST_AGENT]
    return Given(LedgerAct.OPT_OUT, source_url=source_url, ip_address=_ip_address(scope), user_agent=agent or None)


def _ip_address(scope: Scope) -> str | None:
    """The address that the request comes from, without our interface, where it is one: a proxy may say anything."""
    host, _, _ = (scope["client"][0] if scope.get("client") else "").partition("%")
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return None
