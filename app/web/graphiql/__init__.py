"""GraphiQL, served from our own files: nothing is fetched from elsewhere."""

import json
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

HERE = Path(__file__).parent
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
#: The editor styles its lines itself and draws its underlines as images in the page: the only relaxations.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {"content-security-policy": POLICY, "x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tandem · GraphiQL</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/graphiql/graphiql.css">
</head>
<body>
<div id="graphiql"></div>
<script id="config" type="application/json">{config}</script>
<script type="module" src="/graphiql/graphiql.js"></script>
</body>
</html>
"""


def examples() -> list[dict[str, str]]:
    """The documents that the tabs open with, in the order of their file names; a variables file stands beside some."""
    found = []
    for path in sorted((HERE / "examples").glob("*.graphql")):
        variables = path.with_suffix(".json")
        title = path.stem.partition("-")[2].replace("-", " ")
        tab = {"title": title[:1].upper() + title[1:], "query": path.read_text()}
        found.append(tab | ({"variables": variables.read_text()} if variables.exists() else {}))
    return found


def page(key: str | None) -> Response:
    """The page; in development with the demo account's key filled in."""
    authorization = f"Bearer {key}" if key else "Bearer <your API key>"
    config = {"endpoint": "/graphql", "headers": {"Authorization": authorization}, "tabs": examples()}
    text = json.dumps(config).replace("<", "\\u003c")
    return HTMLResponse(PAGE.replace("{config}", text), headers={**HEADERS, "cache-control": "no-store"})


async def asset(request: Request) -> Response:
    """One of the built files, which are kept compressed."""
    name = request.path_params["name"]
    path = HERE / "static" / f"{name}.gz"
    if path.parent != HERE / "static" or not path.is_file():
        return Response("There is no such file.\n", 404)
    tag = f'"{path.stat().st_mtime_ns:x}-{path.stat().st_size:x}"'
    headers = {**HEADERS, "content-encoding": "gzip", "cache-control": "no-cache", "etag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(path.read_bytes(), headers=headers, media_type=TYPES[path.with_suffix("").suffix])
