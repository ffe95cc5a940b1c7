"""Pages as HTML: no script, no picture, nothing from elsewhere, and nothing that is kept or passed on."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

HERE = Path(__file__).parent
POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
#: The address of a page is a secret of the person who got it: it is neither kept, nor indexed, nor told to others.
HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-robots-tag": "noindex",
    "x-content-type-options": "nosniff",
}
STYLE = (HERE / "style.css").read_bytes()
_environment = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.globals["style"] = f"../pages/style.css?v={sha256(STYLE).hexdigest()[:12]}"


def page(template: str, status: int = 200, headers: dict[str, str] | None = None, **shown: Any) -> Response:
    """A page made of a template."""
    text = _environment.get_template(f"{template}.html").render(**shown)
    return HTMLResponse(text, status, {**HEADERS, **(headers or {})})


async def style(_: Request) -> Response:
    """The style sheet of the pages; its address changes with it, so that it may be kept."""
    headers = {"cache-control": "public, max-age=31536000, immutable", "x-content-type-options": "nosniff"}
    return Response(STYLE, headers=headers, media_type="text/css")
