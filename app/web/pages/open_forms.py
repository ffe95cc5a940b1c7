"""Forms that anybody may fill in: on their own page, and on other sites, which post them here.

No answer tells whether an address was known: whatever is not wrong with the input itself is answered alike.
"""

from functools import partial
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.consent.rules.evidence import LONGEST_URL
from app.db import first
from app.errors import Refusal, Refusals, RequestError
from app.ids import spelled, uuid_of
from app.intake.operations import submitting
from app.intake.queries.forms import OFFERED, Offered
from app.intake.rules.forms import TRAP
from app.intake.rules.submissions import Filled, Submission, judged
from app.web.edge import Noted
from app.web.faults import masked
from app.web.forms import MOST_BYTES, form
from app.web.graphql.requests import parsed
from app.web.pages import problems
from app.web.pages.filling import INVALID, Posted, form_page, of_fields, place_of, thanks, told_to_anybody
from app.web.pages.linked import Site, evidence
from app.web.pages.problems import Problem, told
from app.web.pages.rating import Rate, TooMany
from app.web.requests import JSON_TYPE, HttpError, body, header, headers_of, status_of

ACTOR = "Form"
JSON = "application/json"
METHODS = "GET, HEAD, POST, OPTIONS"
#: Any site may post, and read the answer; no cookies are sent, and none are there.
SHARED = {"access-control-allow-origin": "*", "access-control-expose-headers": "retry-after", "vary": "accept, origin"}
PREFLIGHT = {
    **SHARED,
    "access-control-allow-methods": "POST",
    "access-control-allow-headers": "content-type, accept",
    "access-control-max-age": "86400",
}
NO_FORM = "There is no form at this address."


class OpenForms:
    """Shows a form by GET, and takes it by POST, from its own page or another site."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._rate = Rate()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        as_json = wants_json(scope)
        try:
            response = await self._answer(scope, receive, as_json=as_json)
        except RequestError as error:
            response = _refused(error, as_json=as_json)
        except Exception as error:  # told to a person, or to a site, not to a client of the API
            response = _failed(error, scope["state"]["noted"], as_json=as_json)
        await response(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, *, as_json: bool) -> Response:
        method = scope["method"]
        if method == "OPTIONS":
            return Response(status_code=204, headers=PREFLIGHT)
        if method not in ("GET", "HEAD", "POST"):
            raise HttpError(405, "A form is opened by GET, and sent by POST.", {"allow": METHODS})
        offered = await self._offered(scope)
        if method != "POST":
            return form_page(offered.form, offered.sender.name)
        self._rate.count(offered.id.hex, evidence(scope, "").ip_address)
        posted = await _posted(scope, receive)
        try:
            await self._take(scope, offered, posted)
        except Refusals as refused:
            if as_json:
                return _wrong(refused.refusals)
            return form_page(offered.form, offered.sender.name, posted=posted, refusals=refused.refusals)
        return _json({"ok": True}) if as_json else thanks(offered.form, offered.sender.name)

    async def _offered(self, scope: Scope) -> Offered:
        """The form, of whatever account. Raises HttpError."""
        form_id: UUID | None = uuid_of(scope["path_params"]["form"], "Form")
        if form_id is not None:
            async with self._site.database.reading(0) as reader:
                offered = first(await reader.fetch(OFFERED, form_id=form_id))
            if offered is not None:
                noted: Noted = scope["state"]["noted"]
                noted.account_id = offered.account_id
                return offered
        raise HttpError(404, NO_FORM)

    async def _take(self, scope: Scope, offered: Offered, posted: Posted) -> None:
        """Submits it, unless a machine did. Raises Refusals for what is wrong with the input itself."""
        if posted.trapped:
            return
        act = self._site.act(ACTOR)
        own_page = f"{self._site.signer.public_url}/forms/{spelled('Form', offered.id)}"
        filled = posted.filled(evidence(scope, _source(scope) or own_page))
        judge = partial(_judged, filled=filled, now=act.at)
        work = partial(submitting.submit, form_id=offered.id, judge=judge, signer=self._site.signer, act=act)
        try:
            await self._site.database.write(offered.account_id, work)
        except (Refusal, Refusals) as refused:
            if wrong := told_to_anybody(refused):
                raise Refusals(wrong) from None


def _judged(offered: Offered, *, filled: Filled, now: Any) -> Submission:
    return judged(offered.form, filled, default_region=offered.region, guards=offered.guards, now=now)


def wants_json(scope: Scope) -> bool:
    """Whether a program posts the form, rather than a browser that shows what is answered."""
    accept, mode = header(scope, b"accept"), header(scope, b"sec-fetch-mode")
    if _content_type(scope) == JSON or mode == "cors":
        return True
    return "text/html" not in accept and (JSON in accept or bool(header(scope, b"origin")))


def _content_type(scope: Scope) -> str:
    return header(scope, b"content-type").partition(";")[0].strip().lower()


async def _posted(scope: Scope, receive: Receive) -> Posted:
    """What was sent. Raises HttpError: 400, 413, 415."""
    if _content_type(scope) != JSON:
        return of_fields(await form(scope, receive))
    try:
        sent = parsed(await body(scope, receive, MOST_BYTES), "The body")
    except RecursionError:
        raise HttpError(400, "The body is nested too deeply.") from None
    match sent:
        case {"values": dict(values), **more} if _are_plain(values):
            consents = more.get("consents", [])
            if isinstance(consents, list) and all(isinstance(key, str) for key in consents):
                trapped = bool(str(values.pop(TRAP, None) or more.get(TRAP) or "").strip())
                return Posted(values, consents, trapped)
    raise HttpError(
        400,
        'Send {"values": {"emailAddress": "…"}, "consents": ["emailAddress"]}: values that are texts, numbers, true, '
        "false or lists of these, by the keys of the form's fields, and the keys of those that were agreed to.",
    )


def _are_plain(values: dict[str, Any]) -> bool:
    items = [item for value in values.values() for item in (value if isinstance(value, list) else [value])]
    return not any(isinstance(item, dict | list) for item in items)


def _source(scope: Scope) -> str | None:
    """The page that the form was filled in on, as far as its browser tells; without what may be secret in it."""
    for name in (b"referer", b"origin"):
        try:
            found = urlsplit(header(scope, name))
        except ValueError:
            continue
        url = f"{found.scheme}://{found.netloc.rpartition('@')[2]}{found.path}"
        if found.scheme in ("http", "https") and found.netloc and len(url) <= LONGEST_URL:
            return url
    return None


# ---- answers


def _json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    more = {**SHARED, "cache-control": "no-store", "x-content-type-options": "nosniff", **(headers or {})}
    return Response(orjson.dumps(value), status, more, media_type=JSON_TYPE)


def _wrong(refusals: tuple[Refusal, ...]) -> Response:
    """What is wrong with the input, for a site to show."""
    told_of = [{"field": place_of(refusal), "message": refusal.message} for refusal in refusals]
    return _json({"errors": told_of}, INVALID)


def _refused(error: RequestError, *, as_json: bool) -> Response:
    status, headers = status_of(error), headers_of(error)
    if as_json:
        return _json({"errors": [{"field": None, "message": str(error)}]}, status, headers)
    if isinstance(error, TooMany):
        return told(Problem(status, "Please wait a moment", (str(error),)), headers=headers)
    known = {404: problems.NO_FORM, 405: problems.WRONG_METHOD, 503: problems.UNAVAILABLE}
    return told(known.get(status, problems.NOT_A_FORM), status=status, headers=headers)


def _failed(error: Exception, noted: Noted, *, as_json: bool) -> Response:
    masked(error, noted.request_id)
    if not as_json:
        return told(problems.fault(noted.request_id))
    message = f"Something went wrong on our side. If it happens again, tell this number: {noted.request_id}"
    return _json({"errors": [{"field": None, "message": message}]}, 500)
