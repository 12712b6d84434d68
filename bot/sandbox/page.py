"""The chat page: its files, which hold no secret, and what people sent, for whoever has the key.

Everything that the page shows comes by `bot/sandbox/live.py`. The key stands behind the `#` of the page's address,
which a browser never sends; the page hands it over itself.
"""

from importlib.resources import files
from urllib.parse import quote

from aiohttp import web

from bot.sandbox.control import TOKEN_HEADER, from_here_only, is_key
from bot.sandbox.state import Sandbox

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_KINDS = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_FOLDER = files("bot.sandbox").joinpath("web")


def assets() -> dict[str, bytes]:
    """Return the page's files by name."""
    found = (entry for entry in _FOLDER.iterdir() if entry.name.rpartition(".")[2] in _KINDS)
    return {entry.name: entry.read_bytes() for entry in found}


def add_page(app: web.Application, box: Sandbox, key: str) -> None:
    """Add the routes of the page and of the files in its messages."""
    served = assets()

    async def index(_request: web.Request) -> web.Response:
        return _asset("index.html")

    async def asset(request: web.Request) -> web.Response:
        return _asset(request.match_info["name"])

    def _asset(name: str) -> web.Response:
        # By name out of what was found at the start: no address leads to any other file.
        body = served.get(name)
        if body is None:
            raise web.HTTPNotFound(headers=HEADERS)
        kind = _KINDS[name.rpartition(".")[2]]
        return web.Response(body=body, content_type=kind, charset="utf-8", headers=HEADERS)

    async def content(request: web.Request) -> web.Response:
        if not is_key(request.headers.get(TOKEN_HEADER), key):
            return web.Response(status=403, text="wrong key", headers=HEADERS)
        stored = box.files.find(request.match_info["file_id"])
        if stored is None:
            raise web.HTTPNotFound(headers=HEADERS)
        # Always as something to keep: what people sent must never run as a page of this address.
        name = quote(stored.name, errors="replace")
        headers = {**HEADERS, "Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
        return web.Response(body=stored.content, content_type="application/octet-stream", headers=headers)

    app.router.add_get("/", from_here_only(index))
    app.router.add_get("/web/{name}", from_here_only(asset))
    app.router.add_get("/content/{file_id}", from_here_only(content))
